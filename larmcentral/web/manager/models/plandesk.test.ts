import { expect, test } from "vitest";
import type { ActionPlanDraft, ActionPlanView } from "../../shared/shapes_plans";
import { Speech } from "../words/speech";
import { aim, complaint, draftOf, PlanDesk, STEPS_MOST } from "./plandesk";
import { refusal } from "./testing/made";

const EN = new Speech("en");
const PLAN: ActionPlanView = {
  id: "p", committee_id: "c", name: "Panic", kind: "panic", unit_id: null, unit: null, place_id: null, place: null, version: 3,
  steps: [{ key: "call", text: "Call" }, { key: "send", text: "Send" }],
};

function desk(wish: { plan?: ActionPlanView; refuse?: Error } = {}) {
  const sent: [string, ActionPlanDraft | null][] = [];
  const say = async (id: string, body: ActionPlanDraft | null) => {
    sent.push([id, body]);
    if (wish.refuse) throw wish.refuse;
    return null as never;
  };
  let n = 0;
  const api = { savePlan: (id: string, body: ActionPlanDraft) => say(id, body), removePlan: (id: string) => say(id, null) };
  const plan = wish.plan ?? PLAN;
  return { sent, desk: new PlanDesk(api, plan.id, draftOf(plan), plan.version, () => `k${++n}`) };
}

test("steps keep their keys when they are moved and rewritten, and a new one has its own", async () => {
  const { sent, desk: one } = desk();
  one.moveStep("send", -1);
  one.writeStep("call", " Call her ");
  one.addStep();
  one.writeStep("k1", "Wait");
  expect(await one.save()).toBe(true);
  expect(sent[0]?.[1]).toEqual({
    committee_id: "c", name: "Panic", kind: "panic", unit_id: null, place_id: null, version: 3,
    steps: [{ key: "send", text: "Send" }, { key: "call", text: "Call her" }, { key: "k1", text: "Wait" }],
  });
});

test("nothing is moved over the ends, the last step stays, and there is room for no more than the server takes", () => {
  const { desk: one } = desk();
  one.moveStep("call", -1);
  one.moveStep("send", 1);
  expect(one.changed.value).toBe(false);
  one.removeStep("call");
  one.removeStep("send");
  expect(one.draft.value.steps.map((step) => step.key)).toEqual(["send"]);
  for (let n = 0; n < 99; n += 1) one.addStep();
  expect(one.draft.value.steps).toHaveLength(STEPS_MOST);
});

test("a new plan begins with one empty step, and is new until it is saved", () => {
  const { desk: one } = desk({ plan: { ...PLAN, steps: [], version: 0 } });
  expect([one.isNew, one.draft.value.steps, one.changed.value]).toEqual([true, [{ key: "k1", text: "" }], false]);
});

test("a plan without a name, or with an empty step, says what it wants", () => {
  const draft = draftOf(PLAN);
  expect(complaint(draft, EN)).toBeNull();
  expect(complaint({ ...draft, name: " " }, EN)).toBe(EN.say("plan_wants_name"));
  expect(complaint({ ...draft, steps: [{ key: "a", text: " " }] }, EN)).toBe(EN.say("plan_wants_text"));
});

test("a plan that was refused is not live, and what was written stays", async () => {
  const { desk: one } = desk({ refuse: refusal(409, "changed_meanwhile") });
  one.write({ name: "Mine" });
  expect(await one.save()).toBe(false);
  expect(await one.remove()).toBe(false);
  expect([one.draft.value.name, one.errand.denied.value?.problem?.reason]).toEqual(["Mine", "changed_meanwhile"]);
});

test("whom a plan is for reads from the kind to the place", () => {
  expect(aim({ kind: "panic", unit: "Nord", place: "Solgården" }, EN)).toBe("Panic · Nord · Solgården");
  expect(aim({ kind: null, unit: null, place: null }, EN)).toBe("Any kind");
});
