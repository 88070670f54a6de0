import { expect, test } from "vitest";
import { account } from "../testing/account";
import { notices } from "./incident";
import { timeline } from "./timeline";
import { START, at, detail, entry, incident, responder } from "../testing/made";

const sv = account("sv");
const en = account("en");
const view = incident("a", { responders: [responder("Bo Ek", "notified")] });
const say = (one: ReturnType<typeof entry>, speech = sv) => {
  const line = timeline(detail(view, [one]), speech)[0];
  return [line?.by, line?.words].filter(Boolean).join(" ");
};
const operator = { by: { kind: "operator" as const, name: "Karin" } };

/** Every value of EntryKind in escalation/effects.py. */
const KINDS = [
  "opened", "alarm_joined", "chain_restarted", "step_begun", "step_passed_over", "held_back", "notice_filed", "notice_sent", "notice_delivered", "notice_failed",
  "notice_withdrawn", "roster_fault", "chain_used_up", "acknowledged", "acknowledgement_lapsed", "declined", "on_the_way", "arrived",
  "released", "note", "escalated_now", "shown", "stood_down", "moved", "turn", "step_repeated", "jumped", "people_added", "on_hold",
  "handed_over", "put_back", "owner_left", "owner_idle", "absorbed", "upgraded", "wearer_safe", "wearer_told", "contact_lost",
  "contact_regained", "device_mended", "fired_late", "sos_call", "drill",
  "device_asked", "device_told", "device_answered", "device_placed", "device_not_told",
  "notice_waits", "way_passed_over", "path_tried", "receiver_took", "receiver_unreached", "receiver_knows",
];

test.each(KINDS)("%s has words in both languages", (kind) => {
  for (const speech of [sv, en]) {
    const words = say(entry(1, kind), speech);
    expect(words).not.toMatch(/[{}_]|Event:|Händelse:/);
    expect(words.length).toBeGreaterThan(3);
  }
});

test("what a person did reads as a sentence", () => {
  expect(say(entry(1, "acknowledged", operator))).toBe("Karin tog larmet");
  expect(say(entry(1, "stood_down", { ...operator, detail: { outcome: "false" } }))).toBe("Karin avslutade larmet: falsklarm");
  expect(say(entry(1, "on_the_way", { by: { kind: "responder", name: "Bo Ek" } }), en)).toBe("Bo Ek is on the way");
});

test("what a device is told and what it answers are told apart from people", () => {
  expect(say(entry(1, "device_asked", { ...operator, detail: { what: "locate" } }))).toBe("Karin bad enheten: var är du nu?");
  expect(say(entry(1, "device_told", { detail: { what: "taken" } }), en)).toBe("Said to the device: a person has taken the alarm");
  expect(say(entry(1, "device_answered", { detail: { what: "locate", answer: "CR ok" } }))).toBe("Enheten svarade: CR ok");
  expect(say(entry(1, "device_not_told", { detail: { what: "call_back", why: "expired" } }))).toBe("Inte sagt till enheten: ring upp (enheten kom inte i tid)");
  expect(timeline(detail(view, [entry(1, "device_not_told", { detail: { what: "locate", why: "no_words" } })]), sv)[0]?.weight).toBe("trouble");
});

test("a notice names whom it was for and the way it took", () => {
  expect(say(entry(1, "notice_sent", { detail: { person: "p-Bo Ek", channel: "sms" } }))).toBe("Skickat till Bo Ek via sms");
  expect(say(entry(1, "notice_sent", { detail: { person: "gone", channel: "sms" } }))).toBe("Skickat till en person via sms");
  expect(say(entry(1, "notice_filed", { detail: { channel: "console" } }))).toBe("Utskick till larmcentralen via skärm");
});

test("a step that was passed over says why, and a drill who started it", () => {
  expect(say(entry(1, "step_passed_over", { detail: { step: "1", why: "held_back" } }))).toBe("Steg 2 hoppades över: inget får lämna huset");
  expect(say(entry(2, "note", { ...operator, detail: { text: "drill" } }))).toBe("Karin startade övningen");
});

test("numbers and kinds of the new commands are said, where the server tells them", () => {
  expect(say(entry(1, "jumped", { ...operator, detail: { step: "2" } }))).toBe("Karin hoppade till steg 3");
  expect(say(entry(1, "on_hold", { ...operator, detail: { wait_s: "90.0" } }))).toBe("Karin lät nästa steg vänta 1 min 30 s");
  expect(say(entry(1, "upgraded", { detail: { kind: "hold_up" } }), en)).toBe("Nobody answered: the alarm became hold-up");
  expect(say(entry(1, "fired_late", { detail: { late_s: "4.2" } }), en)).toBe("A step ran 4 s late after an outage of ours");
  expect(say(entry(1, "sos_call", { ...operator, detail: { what: "dialled" } }))).toBe("Karin ringde SOS");
  expect(say(entry(1, "turn", { detail: { person: "p-Bo Ek" } }))).toBe("Bo Ek står på tur");
  expect(say(entry(1, "drill", operator))).toBe("Karin startade övningen");
});

test("trouble stands out, and a note is quoted as written", () => {
  const lines = timeline(detail(view, [entry(1, "notice_failed"), entry(2, "note", { ...operator, detail: { text: "Port 1947\nTre trappor" } }), entry(3, "opened")]), sv);
  expect(lines.map((l) => l.weight)).toEqual(["trouble", "person", "system"]);
  expect(lines[1]?.quote).toBe("Port 1947\nTre trappor");
});

test("a new day is announced once", () => {
  const lines = timeline(detail(view, [entry(1, "opened", { at: at(0) }), entry(2, "shown", { at: at(86_400) }), entry(3, "shown", { at: at(86_401) })]), sv);
  expect(lines.map((l) => l.day !== null)).toEqual([false, true, false]);
});

test("an event that only a newer server knows is shown by its name", () => {
  expect(say(entry(1, "siren_tested"))).toBe("Händelse: siren tested");
});

test("notices come newest first, each with what became of it", () => {
  const notice = (id: string, filed: number, state: "sent" | "failed", person: string | null) => ({
    id, person, channel: "sms" as const, receiver: null, provider: null, due_at: null, waits_for: null, state, step: 0, round: 1, attempt: 1, filed_at: at(filed), sent_at: null, delivered_at: null, reason: state === "failed" ? "no_route" : null,
  });
  const seen = notices({ ...detail(view), notices: [notice("1", 0, "sent", "Bo"), notice("2", 9, "failed", null)] }, START, sv);
  expect(seen.map((n) => `${n.to}: ${n.words} ${n.reason ?? ""}`.trim())).toEqual(["Larmcentralens skärmar: misslyckades no route", "Bo: skickat"]);
});

test("what a centre was told, and which path took it, is read without knowing any codes", () => {
  const told = (kind: string, d: Record<string, string>) => say(entry(1, kind, { detail: { receiver: "larmbolaget", ...d } }));
  expect(told("notice_filed", { channel: "receiver" })).toBe("Utskick till larmmottagaren larmbolaget");
  expect(told("path_tried", { path: "primary", took: "no", result: "no answer in time" })).toBe("larmbolaget, primär: tog inte emot (inget svar i tid)");
  expect(told("path_tried", { path: "secondary", took: "yes", seconds: "0.010", result: "ACK" })).toBe("larmbolaget, sekundär: tog emot på 10 ms");
  expect(told("receiver_took", { path: "secondary" })).toBe("Larmmottagaren larmbolaget har tagit emot via sekundär");
  expect(told("receiver_took", { path: "primary", about: "over" })).toBe("Larmmottagaren larmbolaget vet att larmet är över");
  expect(told("receiver_took", { path: "jour", by_telephone: "true" })).toBe("Folket på larmmottagaren larmbolaget har fått besked via jour; inget kvitto: ring dem");
  expect(told("receiver_took", { path: "jour", by_telephone: "true", about: "over" })).toContain("att larmet är över; inget kvitto");
  expect(told("receiver_unreached", { lasting: "true" })).toBe("Larmmottagaren larmbolaget nås inte: ring dem");
  expect(told("receiver_knows", {})).toBe("Larmmottagaren larmbolaget vet redan om larmet");
});

test("a way that was passed over and a notice that waits say so, as trouble", () => {
  const over = entry(1, "way_passed_over", { detail: { person: "p-Bo", channels: "apns fcm", step: "0" } });
  const waits = entry(2, "notice_waits", { detail: { person: "p-Bo", channel: "sms", due: at(5), reason: "no answer in time" } });
  const inTest = entry(3, "receiver_took", { detail: { receiver: "nord", path: "primary", in_test: "true" } });
  const bo = detail({ ...view, responders: [responder("Bo", "notified")] }, [over, waits, inTest]);
  expect(timeline(bo, sv).map((l) => [l.words, l.weight])).toEqual([
    ["Hoppade över app (iPhone) och app (Android) till Bo: vägen är död", "trouble"],
    [`Utskick till Bo via sms måste vänta till ${sv.time(at(5))} (orsak: inget svar i tid)`, "trouble"],
    ["Larmmottagaren nord tog emot i PROVLÄGE: ring dem", "trouble"],
  ]);
});

test("a notice that waits tells when it is expected, and a centre is no screen of ours", () => {
  const waiting = (due: number | null, receiver: string | null) => ({
    id: "1", person: null, channel: "receiver" as const, receiver, provider: null, due_at: due === null ? null : at(due), waits_for: due === null ? null : "paced", state: "pending" as const, step: 0, round: 1,
    attempt: 1, filed_at: at(0), sent_at: null, delivered_at: null, reason: "paced",
  });
  const told = (due: number | null) => notices({ ...detail(view), notices: [waiting(due, "nord")] }, START, sv)[0];
  expect([told(6)?.to, told(6)?.expected, told(6)?.reason]).toEqual(["Larmmottagaren nord", `väntas ${sv.time(at(6))} (på tur enligt avtalad takt)`, null]);
  expect(told(-1)?.expected).toBe("försöks nu (på tur enligt avtalad takt)");
  expect(told(null)?.expected).toBeNull();
});

test("a step of the plan, a message and the answers at the end are told with the words that were written", () => {
  const step = entry(1, "step_recorded", { ...operator, detail: { plan: "Hot", version: "2", key: "guard", text: "Ring väktarbolaget", outcome: "not_possible", note: "Upptaget" } });
  const message = entry(2, "message_sent", { ...operator, detail: { to: "responders", text: "Gå in två och två", persons: "3" } });
  const over = entry(3, "stood_down", {
    ...operator,
    detail: { outcome: "real", note: "Hon är i säkerhet", closing_injury: "minor", closing_police_report: "not_made", closing_police_report_note: "Vill inte", closing_new_one: "some_word" },
  });
  expect(timeline(detail(view, [step, message, over]), sv).map((l) => [l.words, l.quote, l.answers])).toEqual([
    ["förde in i åtgärdsplanen: ”Ring väktarbolaget” gick inte", "Upptaget", []],
    ["skrev till insatsen", "Gå in två och två", []],
    ["avslutade larmet: skarpt larm", "Hon är i säkerhet", ["Blev någon skadad? Ja, lindrigt", "Polisanmälan? Görs inte: Vill inte", "new one some word"]],
  ]);
});
