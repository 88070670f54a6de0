import { expect, test } from "vitest";
import { Refusal, Unreachable } from "../../shared/api";
import type { IncidentPlan, StepRecord } from "../../shared/shapes_plans";
import { START, at } from "../../shared/testing/made";
import { Speech } from "../words/speech";
import { PlanDesk, planPicture } from "./plan";

const sv = new Speech("sv");
const record = (outcome: StepRecord["outcome"], seconds: number, note = ""): StepRecord => ({ outcome, note, by: "Karin", at: at(seconds) });
const plan = (...records: (StepRecord | null)[]): IncidentPlan => ({
  incident_id: "a", name: "Hot och våld", version: 1, steps: records.map((one, i) => ({ key: `s${i}`, text: `Steg ${i}`, record: one })),
});
const NONE: IncidentPlan = { incident_id: "a", name: null, version: 0, steps: [] };

test("each step says who did what and when, and the first that nobody has touched is next", () => {
  const picture = planPicture(plan(record("done", 4), null, record("not_possible", 9, "Upptaget"), null), START, sv);
  expect(picture?.steps.map((step) => [step.number, step.outcome, step.record, step.note])).toEqual([
    [1, "done", `klart, Karin ${sv.time(at(4))}`, null],
    [2, null, null, null],
    [3, "not_possible", `gick inte, Karin ${sv.time(at(9))}`, "Upptaget"],
    [4, null, null, null],
  ]);
  expect([picture?.recorded, picture?.next]).toEqual([2, "s1"]);
  expect(planPicture(plan(record("done", 1)), START, sv)?.next).toBeNull();
});

test("no plan is no plan, not an empty one", () => {
  expect(planPicture(NONE, START, sv)).toBeNull();
});

test("an answer that was under way while a newer one came does not untick a step", async () => {
  const answers: ((plan: IncidentPlan) => void)[] = [];
  const desk = new PlanDesk({ plan: () => new Promise((done) => answers.push(done)) }, "a");
  const [slow, quick] = [desk.load(), desk.load()];
  answers[1]?.(plan(record("done", 9)));
  await quick;
  answers[0]?.(plan(null));
  await slow;
  expect(desk.plan.value?.steps[0]?.record?.outcome).toBe("done");
});

test("an alarm that becomes another kind brings its own plan, although nothing is ticked in it yet", async () => {
  let now = plan(record("done", 9));
  const desk = new PlanDesk({ plan: async () => now }, "a");
  await desk.load();
  now = { ...plan(null), name: "Överfall" };
  await desk.load();
  expect(desk.plan.value?.name).toBe("Överfall");
});

test("a plan that could not be fetched says so, and one that was seen stays", async () => {
  let answer: () => Promise<IncidentPlan> = () => Promise.reject(new Unreachable("plan"));
  const desk = new PlanDesk({ plan: () => answer() }, "a");
  await desk.load();
  expect(desk.failed.value).toBe(true);
  answer = async () => plan(null);
  await desk.load();
  answer = () => Promise.reject(new Refusal(503, { reason: "database", detail: "", fields: {} }));
  await desk.load();
  expect([desk.failed.value, desk.plan.value?.name]).toEqual([false, "Hot och våld"]);
});
