import { expect, test } from "vitest";
import { ANSWERED, answered, answering, hashFor, noticeOf, proven, unanswered, unreadable } from "./notice";
import { type Told, told } from "./told";

const ALARM = {
  notice_id: "n",
  incident_id: "i-1",
  about: "alarm",
  title: "Panic alarm",
  body: "Anna, Solgården",
  tag: "i-1",
  lang: "en",
  kind: "panic",
  purpose: "real",
  silent: false,
  quiet: false,
  opened_at: "2026-11-22T02:00:00.000Z",
  lateness_s: null,
  answer: "key",
  actions: ["going", "cannot", "on_site"],
};
const read = (wish: object = {}): Told => told(JSON.stringify({ ...ALARM, ...wish })) as Told;

test("an alarm stays, buzzes and has as many buttons as the browser draws", () => {
  const notice = noticeOf(read(), 2);
  expect(notice?.title).toBe("Panic alarm");
  expect(notice?.options).toMatchObject({ body: "Anna, Solgården", tag: "i-1", lang: "en", requireInteraction: true, renotify: true, silent: false, timestamp: Date.parse("2026-11-22T02:00:00Z") });
  expect(notice?.options.vibrate?.length).toBeGreaterThan(3);
  expect(notice?.options.actions).toEqual([
    { action: "going", title: "I am coming" },
    { action: "cannot", title: "I cannot" },
  ]);
  expect(noticeOf(read({ lang: "sv" }), 3)?.options.actions.map((one) => one.title)).toEqual(["Jag kommer", "Kan inte", "På plats"]);
  expect(noticeOf(read({ answer: undefined }), 2)?.options.actions).toEqual([]);
});

test("a silent alarm and a test make no sound and no buzz, which browsers refuse beside silence", () => {
  const { options } = noticeOf(read({ silent: true, quiet: true }), 2) ?? {};
  expect(options?.silent).toBe(true);
  expect(options && "vibrate" in options).toBe(false);
  expect(options?.requireInteraction).toBe(true);
});

test("the wearer of a silent alarm is shown nothing, whatever comes", () => {
  expect(noticeOf(read({ about: "taken", silent: true, answer: undefined }), 2)).toBeNull();
  expect(noticeOf(read({ about: "taken", answer: undefined }), 2)?.title).toBe("Panic alarm");
});

test("that it is over takes the alarm's place and goes away by itself", () => {
  for (const about of ["over", "released"]) {
    const notice = noticeOf(read({ about, answer: undefined }), 2);
    expect(notice?.options).toMatchObject({ tag: "i-1", requireInteraction: false, actions: [] });
    expect(notice?.closesMs).toBeGreaterThan(0);
  }
  expect(noticeOf(read(), 2)?.closesMs).toBeNull();
});

test("an answer is said to be on its way, and to be given only when the server has it", () => {
  const sending = answering(read(), "going");
  expect(sending.options.body).toContain("Sending your answer: I am coming");
  expect([sending.options.actions, sending.options.tag]).toEqual([[], "i-1"]);
  expect(sending.options.data.about).toBe(ANSWERED); // its page, which hears of the answer first, leaves it to be replaced
  const done = answered(read(), "going", 2);
  expect([done.title, done.options.actions.map((one) => one.action), done.closesMs]).toEqual(["You are on your way", ["on_site", "cannot"], null]);
  expect([done.options.data.about, hashFor(done.options.data)]).toEqual([ANSWERED, "#/calls/i-1"]);
  expect(answered(read(), "on_site", 2).options.actions).toEqual([]);
  expect(answered(read(), "cannot", 2).title).toBe("You cannot come");
});

test("an answer that was lost says so loudly and can be given again; one that came too late says that it is over", () => {
  const lost = unanswered(read(), "cannot", "lost", 2);
  expect(lost.title).toBe("Your answer did NOT get through");
  expect(lost.options).toMatchObject({ requireInteraction: true, silent: false });
  expect(lost.options.actions.map((one) => one.action)).toEqual(["cannot", "going"]);
  expect(unanswered(read({ quiet: true }), "going", "lost", 2).options.silent).toBe(true);
  expect(unanswered(read(), "going", "over", 2)).toMatchObject({ title: "The alarm is over already", closesMs: expect.any(Number) });
  expect(unanswered(read(), "going", "refused", 2).options.actions).toEqual([]);
});

test("a press leads where the notice is about", () => {
  expect(hashFor(read())).toBe("#/calls/i-1");
  expect(hashFor(read({ about: "message" }))).toBe("#/calls/i-1");
  for (const about of ["check_in_due", "end_due", "welfare", "pre_alarm"]) expect(hashFor(read({ about }))).toBe("#/visit");
  expect(hashFor(read({ about: "taken" }))).toBe("#/alarm");
  expect(hashFor(read({ about: "service", incident_id: undefined }))).toBe("#/me");
  expect(hashFor(read({ about: "handover_open", incident_id: null }))).toBe("#/alarm");
});

test("what nobody can read is still shown, in words of our own", () => {
  expect(unreadable("sv")).toMatchObject({ title: "Nytt från larmcentralen", options: { lang: "sv", tag: "news" } });
  expect(proven(read({ about: "service", tag: "service" })).title).toBe("This phone is reached by alarms");
});
