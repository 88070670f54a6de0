import { signal } from "@preact/signals-core";
import { expect, test } from "vitest";
import { type Api, Refusal } from "../../shared/api";
import { FakeClock } from "../../shared/clock";
import type { IncidentView, Role } from "../../shared/shapes";
import { START, incident, queueOf } from "../../shared/testing/made";
import { Acts } from "./acts";
import { Desk } from "./desk";
import { Orders } from "./orders";

function made(role: Role = "operator", mayAct = true) {
  const clock = new FakeClock(START);
  const desk = new Desk(clock);
  const asked: unknown[] = [];
  const answer = { refuse: null as string | null };
  const call = (what: string) => async (...said: unknown[]): Promise<IncidentView> => {
    asked.push([what, ...said]);
    if (answer.refuse) throw new Refusal(409, { reason: answer.refuse, detail: "", fields: {} });
    return incident("a", { version: 2 });
  };
  const names = ["jump", "add", "hold", "merge", "handOver", "putBack", "recordStep", "message"];
  const api = { desk: Object.fromEntries(names.map((name) => [name, call(name)])), house: { welfare: call("welfare") }, standDown: call("standDown") };
  desk.me.value = { user_id: "u", name: "Sofia", role, person_id: null, committees: [], language: "sv" };
  desk.takeQueue(queueOf(incident("a"), incident("b")));
  desk.select("a");
  const orders = new Orders((view) => desk.take(view));
  const seen: string[] = [];
  const acts = new Acts(api as unknown as Api, desk, orders, clock, {
    fresh: signal({ state: mayAct ? "live" : "stale", mayAct } as never), select: (id) => (seen.push(`select ${id}`), desk.select(id)), changed: (id) => seen.push(`changed ${id}`), sessionOver: () => seen.push("over"),
  });
  return { acts, orders, asked, answer, seen };
}

test("each act is sent as the server wants it", async () => {
  const { acts, asked } = made();
  await acts.jump("a", 2);
  await acts.add("a", [{ manager: true }]);
  await acts.hold("a", 120);
  await acts.handOver("a", "eva");
  await acts.putBack("a");
  await acts.message("a", "responders", "  Gå in två och två \n");
  await acts.welfare("a", "p-a");
  await acts.recordStep("a", "guard", { outcome: "done", note: "" });
  await acts.standDown("a", "real", " slut ", [{ key: "injury", choice: "none", note: "" }]);
  expect(asked).toEqual([
    ["jump", "a", { step: 2 }],
    ["add", "a", { targets: [{ manager: true }] }],
    ["hold", "a", { wait_s: 120 }],
    ["handOver", "a", { to: "eva" }],
    ["putBack", "a"],
    ["message", "a", { to: "responders", text: "Gå in två och två" }],
    ["welfare", "p-a"],
    ["recordStep", "a", "guard", { outcome: "done", note: "" }],
    ["standDown", "a", { outcome: "real", note: "slut", closing: [{ key: "injury", choice: "none", note: "" }] }],
  ]);
});

test("once two are merged the eye goes to the one that goes on, unless the server refused", async () => {
  const { acts, answer, seen } = made();
  answer.refuse = "secret";
  expect(await acts.merge("a", "b")).toBe(false);
  expect(seen).toEqual(["changed a"]);
  answer.refuse = null;
  expect(await acts.merge("a", "b")).toBe(true);
  expect(seen).toContain("select b");
});

test("two steps of a plan can be under way at once, each with its own answer", async () => {
  const { acts, orders, answer } = made();
  answer.refuse = "stood_down";
  const both = [acts.recordStep("a", "one", { outcome: "done" }), acts.recordStep("a", "two", { outcome: "done" })];
  expect([orders.sending("a", "plan", "one"), orders.sending("a", "plan", "two"), orders.sending("a", "plan", "three")]).toEqual([true, true, false]);
  await Promise.all(both);
  expect([orders.sending("a", "plan", "one"), orders.refused.value?.order, orders.refused.value?.part]).toEqual([false, "plan", "two"]);
});

test("on an old picture, or for another role, nothing is sent", async () => {
  for (const { acts, asked } of [made("operator", false), made("manager")]) {
    expect([await acts.hold("a", 60), await acts.message("a", "wearer", "hej"), await acts.recordStep("a", "one", { outcome: "done" }), await acts.merge("a", "b")]).toEqual([false, false, false, false]);
    expect(asked).toEqual([]);
  }
});
