import { expect, test } from "vitest";
import type { SignalView } from "../../shared/shapes";
import { at, detail, entry, incident } from "../../shared/testing/made";
import { Speech } from "../words/speech";
import { account, lineAt } from "./account";

const EN = new Speech("en");
const signal = (id: string, wish: Partial<SignalView> = {}): SignalView => ({
  id, kind: "panic", code: null, text: null, event_at: at(-60), sent_at: at(0), received_at: at(1), buffered: null, attempts: 1, doubts: [], ...wish,
});

test("a line has the device's clock, the server's, and the person's where there is one", () => {
  const told = account(
    {
      ...detail(incident("a"), [
        entry(1, "opened", { detail: { signal: "s1", kind: "panic" } }),
        entry(2, "acknowledged", { by: { kind: "operator", name: "Karin" } }),
        entry(3, "on_the_way", { by: { kind: "responder", name: "Bo" }, detail: { made_at: at(2.4) } }),
      ]),
      signals: [signal("s1")],
    },
    EN,
  );
  expect(told.map((line) => [line.device, line.server, line.person])).toEqual([
    [EN.time(at(-60)), EN.time(at(1)), null],
    [null, EN.time(at(2)), EN.time(at(2))],
    [null, EN.time(at(3)), EN.time(at(2.4))],
  ]);
});

test("a device that told no time is said to have told none, and a foreign signal is no clock", () => {
  const told = account(
    {
      ...detail(incident("a"), [entry(1, "opened", { detail: { signal: "s1" } }), entry(2, "moved", { detail: { signal: "gone" } })]),
      signals: [signal("s1", { event_at: null, sent_at: null })],
    },
    EN,
  );
  expect(told.map((line) => [line.device, line.apart])).toEqual([["", null], [null, null]]);
});

test("clocks that lie apart are marked, in either direction, and a network's delay is not", () => {
  const apart = (event: number) =>
    account({ ...detail(incident("a"), [entry(1, "opened", { detail: { signal: "s" } })]), signals: [signal("s", { event_at: at(event), received_at: at(100) })] }, EN)[0]?.apart;
  expect(apart(40)).toBe("1 min 00 s before our clock");
  expect(apart(130)).toBe("30 s after our clock");
  expect(apart(91)).toBeNull();
});

test("lines that were not sent and long silence are marked as gaps", () => {
  const told = account(detail(incident("a"), [entry(101, "moved", { at: at(0) }), entry(102, "moved", { at: at(299) }), entry(104, "moved", { at: at(300) }), entry(105, "moved", { at: at(601) })]), EN);
  expect(told.map((line) => line.gap)).toEqual([EN.say("gap_lines", { count: 100 }), null, EN.say("gap_line", { count: 1 }), EN.say("gap_quiet", { length: "5 min 01 s" })]);
});

test("the line of a moment is the last one that is not after it", () => {
  const lines = [{ at: 10 }, { at: 20 }, { at: 20 }, { at: 30 }];
  expect([5, 10, 19, 20, 99].map((moment) => lineAt(lines, moment))).toEqual([-1, 0, 0, 2, 3]);
  expect(lineAt([], 5)).toBe(-1);
});

test("five thousand lines are told in less than the blink that a page may take", () => {
  const many = Array.from({ length: 5000 }, (_, index) => entry(index + 1, "notice_sent", { detail: { person: "p", channel: "sms" } }));
  const begun = performance.now();
  expect(account(detail(incident("a"), many), EN)).toHaveLength(5000);
  expect(performance.now() - begun).toBeLessThan(500);
});
