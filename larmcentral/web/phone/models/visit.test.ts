import { expect, test } from "vitest";
import type { OwnSession } from "../../shared/shapes_work";
import { House, IDLE } from "./testing/house";
import { extended, momentsOf, nextTime, reminderOf } from "./visit";

const session = (house: House, wish: Partial<OwnSession> = {}): OwnSession => ({
  place_id: null,
  place: null,
  purpose: "Home visit",
  companions: [],
  started_at: new Date(house.clock.now()).toISOString(),
  check_in_every_s: 1800,
  shortened: false,
  check_in_due_at: new Date(house.clock.now() + 1_800_000).toISOString(),
  ends_at: null,
  answer_by: null,
  stage: "running",
  ...wish,
});

const at = (ms: number) => new Date(ms).toISOString();

test("a reminder stands from two minutes before, can be put off three times, and then no more", () => {
  const moments = momentsOf(1_800_000);
  const stands = (now: number, putOffAt = 0, answeredAt = 0) => reminderOf("check_in", 1_000_000, moments, putOffAt, answeredAt, now);
  expect(stands(879_999)).toBeNull();
  expect(stands(880_000)).toEqual({ what: "check_in", dueAt: 1_000_000, lateMs: -120_000, mayPutOff: true });
  expect(stands(950_000, 900_000)).toBeNull();
  expect(stands(1_000_000, 900_000)?.mayPutOff).toBe(true);
  expect(stands(1_120_000, 1_010_000)?.lateMs).toBe(120_000);
  expect(stands(1_300_000, 1_299_999)?.mayPutOff).toBe(false);
  expect(stands(1_300_001, 1_300_000)?.mayPutOff).toBe(false);
});

test("a short interval is not all reminder", () => {
  expect(momentsOf(60_000)[0]).toBe(-15_000);
});

test("a check-in on its way quiets the reminder, and is not called received", async () => {
  const house = new House();
  house.work = { ...IDLE, session: session(house) };
  await house.opened();
  await house.run(1_700_000, 60_000);
  expect(house.visit.reminder.value?.what).toBe("check_in");
  house.online = false;
  await house.visit.checkIn();
  await house.settle();
  expect(house.visit.reminder.value).toBeNull();
  expect(house.visit.waits("check_in").length).toBe(1);
  expect(house.visit.session.value?.check_in_due_at).toBe(house.work.session?.check_in_due_at);
});

test("a check-in carries its own time, however late it is sent", async () => {
  const house = new House();
  house.work = { ...IDLE, session: session(house) };
  await house.opened();
  house.online = false;
  const made = at(house.clock.now());
  await house.visit.checkIn("2468");
  await house.run(300_000, 5000);
  house.online = true;
  await house.run(6000);
  expect(house.sent[0]).toMatchObject({ url: "/api/me/session/check-in", body: { pin: "2468", made_at: made } });
});

test("whoever asks how one is stands before all else, and cannot be put off", async () => {
  const house = new House();
  house.work = { ...IDLE, session: session(house, { answer_by: at(house.clock.now() + 90_000), stage: "welfare" }) };
  await house.opened();
  expect(house.visit.reminder.value).toMatchObject({ what: "welfare", mayPutOff: false });
  await house.visit.answer(true, null);
  await house.settle();
  expect(house.told).toEqual(["welfare"]);
});

test("an answer that had to wait says when it was given: it answers no later question and ends no later alarm", async () => {
  const house = new House();
  house.work = { ...IDLE, session: session(house, { answer_by: at(house.clock.now() + 90_000), stage: "welfare" }) };
  await house.opened();
  house.online = false;
  const made = at(house.phone.time.now());
  await house.visit.answer(true, "2468");
  await house.run(60_000, 5000);
  house.online = true;
  await house.run(6000);
  expect(house.sent[0]).toMatchObject({ url: "/api/me/welfare", body: { fine: true, pin: "2468", made_at: made } });
});

test("the way to the alarm's page is never barred by a reminder", async () => {
  const house = new House();
  house.work = { ...IDLE, session: session(house, { answer_by: at(house.clock.now() + 90_000), stage: "welfare" }) };
  await house.opened();
  house.visit.toAlarm();
  expect(house.visit.reminder.value).toBeNull();
  expect(house.phone.route.value.page).toBe("alarm");
  await house.run(61_000);
  expect(house.visit.reminder.value?.what).toBe("welfare");
});

test("a start that the two-person rule refuses is said with its ground and offer, and what was filled in stays", async () => {
  const house = await new House().opened();
  house.refuse("POST /api/me/session", 409, "two_person_rule", { rule: "AFS 2023:2", ground: "threats", offer: "linked_session" });
  house.visit.write({ purpose: "Home visit", place_id: "pl-1" });
  await house.visit.start();
  await house.settle();
  expect(house.visit.refusedStart.value?.refused?.problem.fields.ground).toBe("threats");
  expect(house.visit.draft.value.place_id).toBe("pl-1");
  expect(house.visit.together.value).toBe(true);
  house.refusals.clear();
  house.visit.choose("p-bo", "linked");
  house.visit.choose("p-eva", "told");
  await house.visit.start();
  await house.settle();
  expect(house.sent[0]?.body).toMatchObject({ place_id: "pl-1", linked: ["p-bo"], companions: ["p-eva"], check_in_every_s: 1800 });
  expect(house.visit.refusedStart.value).toBeNull();
  expect(house.visit.draft.value.purpose).toBe("");
});

test("a start whose answer was lost, and which is then said to run already, is no refusal", async () => {
  const house = await new House().opened();
  house.refuse("POST /api/me/session", 409, "session_runs");
  house.visit.write({ purpose: "Home visit" });
  await house.visit.start();
  await house.settle();
  expect(house.phone.outbox.refused.value).toEqual([]);
});

test("nothing runs before the centre has said so", async () => {
  const house = await new House().opened();
  house.online = false;
  house.visit.write({ purpose: "Home visit" });
  await house.visit.start();
  await house.settle();
  expect(house.visit.session.value).toBeNull();
  expect(house.visit.waits("start").length).toBe(1);
});

test("more time counts from the end, or from now where it has passed", () => {
  const house = new House();
  const now = house.clock.now();
  expect(extended(session(house, { ends_at: at(now + 600_000) }), 15, now)).toBe(now + 1_500_000);
  expect(extended(session(house, { ends_at: at(now - 600_000) }), 15, now)).toBe(now + 900_000);
  expect(extended(session(house), 60, now)).toBe(now + 3_600_000);
});

test("a time of day is the next such time", () => {
  const now = new Date(2026, 10, 22, 23, 30).getTime();
  expect(nextTime("23:45", now)).toBe(new Date(2026, 10, 22, 23, 45).getTime());
  expect(nextTime("00:15", now)).toBe(new Date(2026, 10, 23, 0, 15).getTime());
  expect(nextTime("", now)).toBeNull();
});
