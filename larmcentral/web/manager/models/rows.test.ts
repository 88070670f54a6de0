import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import { found, seconds } from "./rows";
import { row } from "./testing/made";

const [SV, EN] = [new Speech("sv"), new Speech("en")];

test("tenths are told where they matter, and minutes where seconds do not", () => {
  expect([0.04, 9.94, 12.4, 119, 125].map((s) => seconds(s, SV))).toEqual(["0,0 s", "9,9 s", "12 s", "119 s", "2 min 05 s"]);
  expect(seconds(1.25, EN)).toBe("1.3 s");
});

test("a row says how long each thing took, and what it turned out to be", () => {
  const line = found(row("A"), EN);
  expect([line.shown, line.accepted, line.closed, line.outcome, line.open]).toEqual(["1.3 s", "12 s", "10 min 00 s", "Real alarm", false]);
});

test("what has not happened is not yet so while it is open, and never so afterwards", () => {
  const none = { accepted_s: null, outcome: null } as const;
  const open = found(row("A", { ...none, state: "open" }), EN);
  expect([open.accepted, open.outcome, open.open]).toEqual(["not yet", "Nobody has taken it", true]);
  expect(found(row("A", { accepted_s: null }), EN).accepted).toBe("never");
});

test("silent, late and drill are said in words, and an ordinary delay is not", () => {
  const marks = (wish: Parameters<typeof row>[1]) => found(row("A", wish), EN).marks.map((mark) => mark.kind);
  expect(marks({ silent: true, purpose: "drill", lateness_s: 60 })).toEqual(["drill", "silent", "late"]);
  expect(marks({ purpose: "test", lateness_s: 9 })).toEqual(["test"]);
});

test("an alarm that is nobody's says so", () => {
  expect(found(row("A", { person: null }), EN).who).toBe("Unknown person");
});
