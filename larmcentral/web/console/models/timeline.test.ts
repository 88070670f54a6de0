import { expect, test } from "vitest";
import { Speech } from "../../shared/say";
import { notices } from "./incident";
import { timeline } from "./timeline";
import { START, at, detail, entry, incident, responder } from "./testing/made";

const sv = new Speech("sv");
const en = new Speech("en");
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
    id, person, channel: "sms" as const, state, step: 0, round: 1, attempt: 1, filed_at: at(filed), sent_at: null, delivered_at: null, reason: state === "failed" ? "no_route" : null,
  });
  const seen = notices({ ...detail(view), notices: [notice("1", 0, "sent", "Bo"), notice("2", 9, "failed", null)] }, START, sv);
  expect(seen.map((n) => `${n.to}: ${n.words} ${n.reason ?? ""}`.trim())).toEqual(["Larmcentralens skärmar: misslyckades no route", "Bo: skickat"]);
});
