import { expect, test } from "vitest";
import { detail } from "../../shared/testing/made";
import { call, Responder } from "./testing/responder";

test("a call rings and buzzes until it is answered, and the answer counts once the server has it", async () => {
  const bo = new Responder();
  await bo.opened();
  expect(bo.calls.tone.value).toBeNull();
  bo.house.feed("incident", { incident: call("1", "notified"), entries: [] });
  await bo.house.run(4000);
  expect(bo.calls.tone.value).toBe("gravest");
  expect(bo.house.buzzes.length).toBeGreaterThan(0);

  bo.house.online = false;
  await bo.calls.answer("1", "going");
  await bo.calls.answer("1", "going");
  await bo.house.settle();
  expect([bo.calls.waiting("1"), bo.calls.tone.value]).toEqual(["going", null]);
  expect(bo.calls.find("1")?.responders[0]?.state).toBe("notified");

  bo.house.online = true;
  bo.house.answers.set("POST /api/incidents/1/on-the-way", () => call("1", "going", { version: 2 }));
  await bo.house.run(6000);
  expect(bo.sent).toEqual(["POST /api/incidents/1/on-the-way"]);
  expect([bo.calls.waiting("1"), bo.calls.find("1")?.responders[0]?.state, bo.calls.tone.value]).toEqual([null, "going", null]);
});

test("a silent alarm makes no sound here either, it only buzzes", async () => {
  const bo = new Responder();
  bo.open = [call("1", "notified", { silent: true })];
  await bo.opened();
  await bo.house.run(4000);
  expect(bo.calls.tone.value).toBeNull();
  expect(bo.house.buzzes.length).toBeGreaterThan(0);
});

test("the gravest of several is heard; hushed, all are quiet and still ask", async () => {
  const bo = new Responder();
  bo.open = [call("1", "notified", { gravity: 3 }), call("2", "notified", { gravity: 2 })];
  await bo.opened();
  expect(bo.calls.tone.value).toBe("grave");
  bo.calls.hush();
  expect([bo.calls.tone.value, bo.calls.asking.value.length]).toEqual([null, 2]);
  bo.house.feed("incident", { incident: call("3", "notified", { gravity: 1 }), entries: [] });
  expect(bo.calls.tone.value).toBe("gravest");
});

test("an older row never takes a newer one's place", async () => {
  const bo = new Responder();
  bo.open = [call("1", "going", { version: 5 })];
  await bo.opened();
  bo.house.feed("incident", { incident: call("1", "notified", { version: 4 }), entries: [] });
  expect(bo.calls.find("1")?.version).toBe(5);
});

test("what is answered elsewhere or over leaves the lock screen", async () => {
  const bo = new Responder();
  bo.open = [call("1", "notified"), call("2", "notified")];
  await bo.opened();
  expect(bo.closed).toEqual([]);
  bo.house.feed("incident", { incident: call("1", "notified", { version: 2, state: "stood_down" }), entries: [] });
  bo.house.feed("incident", { incident: call("2", "going", { version: 2 }), entries: [] });
  expect(bo.closed).toEqual(["1 over", "2"]);
});

test("a call that the server no longer tells of is dropped when the list is fetched anew", async () => {
  const bo = new Responder();
  bo.open = [call("1", "notified"), call("2", "notified")];
  await bo.opened();
  bo.open = [call("2", "notified")];
  bo.past = [call("0", "going", { state: "stood_down" })];
  bo.house.phone.wake();
  await bo.house.settle();
  expect(bo.calls.list.value.map((one) => one.id)).toEqual(["2", "0"]);
});

test("looked at, a call is fetched with all that is known of it, and again when it changes", async () => {
  const bo = new Responder();
  await bo.opened();
  let asked = 0;
  bo.house.answers.set("GET /api/incidents/9", () => ({ ...detail(call("9", "notified", { version: ++asked })) }));
  bo.calls.open("9");
  await bo.house.settle();
  expect([bo.calls.detail.value?.incident.id, bo.calls.find("9")?.id]).toEqual(["9", "9"]);
  bo.house.feed("incident", { incident: call("9", "notified", { version: 2 }), entries: [] });
  await bo.house.settle();
  expect(asked).toBe(2);
  bo.calls.close();
  expect(bo.calls.detail.value).toBeNull();
});

test("a call that is none of ours is said to be gone", async () => {
  const bo = new Responder();
  await bo.opened();
  bo.house.refuse("GET /api/incidents/9", 404, "not_found");
  bo.calls.open("9");
  await bo.house.settle();
  expect(bo.calls.gone.value).toBe(true);
});

test("a refused answer is shown by the outbox, and the list is fetched anew", async () => {
  const bo = new Responder();
  bo.open = [call("1", "notified")];
  await bo.opened();
  bo.house.refuse("POST /api/incidents/1/arrived", 409, "stood_down");
  bo.open = [call("1", "notified", { version: 3, state: "stood_down" })];
  await bo.calls.answer("1", "on_site");
  await bo.house.settle();
  expect(bo.house.phone.outbox.refused.value.map((row) => row.what)).toEqual(["on_site"]);
  expect(bo.calls.find("1")?.state).toBe("stood_down");
});

test("a worker who is called out to nobody asks for no calls", async () => {
  const anna = new Responder();
  anna.house.me = { ...(anna.house.me as never as object), role: "worker" } as never;
  let asked = 0;
  anna.house.answers.set("GET /api/incidents", () => ++asked);
  await anna.opened();
  anna.house.feed("incident", { incident: call("1", "notified"), entries: [] });
  await anna.house.settle();
  expect([asked, anna.calls.list.value.length]).toEqual([0, 0]);
});

test("logged out, nothing of it is left", async () => {
  const bo = new Responder();
  bo.open = [call("1", "notified")];
  await bo.opened();
  await bo.house.phone.logOut();
  expect([bo.calls.list.value.length, bo.calls.tone.value, bo.calls.fresh.value]).toEqual([0, null, false]);
});
