import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import { bars, chart, dayLines, kinds, measures, share, unitLine } from "./response";
import { report } from "./testing/made";

const [SV, EN] = [new Speech("sv"), new Speech("en")];

test("a share is rounded down, so that no bar is reached by rounding", () => {
  expect([0.7999, 0.985, 1, 0].map((part) => share(part, SV))).toEqual(["79,9 %", "98,5 %", "100 %", "0 %"]);
});

test("each bar says what was reached, what is required and whether it was met, in words", () => {
  expect(bars(report(), EN).map((bar) => [bar.name, bar.reached, bar.wanted, bar.verdict, bar.state])).toEqual([
    ["Within 10 s", "79.9%", "required 80%", "Not met", "missed"],
    ["Within 40 s", "100%", "required 98.5%", "Met", "met"],
  ]);
  const none = report({ bars: [{ within_s: 10, wanted: 0.8, reached: null, met: null }] });
  expect(bars(none, EN)[0]).toMatchObject({ reached: "–", verdict: "No alarms", state: "none", reachedPct: 0 });
});

test("times that nobody has are dashes, not zeros", () => {
  expect(measures(report(), EN).map((one) => one.value)).toEqual(["4.3 s", "9.0 s", "41 s", "2 min 30 s", "–", "0.8 s", "2.0 s"]);
});

test("a kind is counted in all it turned out to be", () => {
  expect(kinds(report(), EN)).toEqual([{ kind: "Panic", all: 4, counts: [1, 2, 0, 0, 0, 1] }]);
});

test("days without an alarm are in the chart's room but not in its table", () => {
  const { days, bars: wanted } = report();
  expect(dayLines(days, wanted)).toEqual([{ day: "2026-11-03", alarms: 4, first: 1, last: 3 }]);
});

test("bars in another order are stacked in the right one", () => {
  const { days, bars: wanted } = report();
  const turned = days.map((day) => ({ ...day, within: day.within.toReversed() }));
  expect(dayLines(turned, wanted.toReversed())).toEqual(dayLines(days, wanted));
});

test("a day is drawn where it lies, its layers on top of each other and as high as their counts", () => {
  const drawn = chart(report(), 1000, 100);
  expect(drawn.pieces).toEqual([
    { layer: "first", x: 210, width: 80, y: 75, height: 25 },
    { layer: "last", x: 210, width: 80, y: 25, height: 50 },
    { layer: "late", x: 210, width: 80, y: 0, height: 25 },
  ]);
  expect([drawn.steps, drawn.months]).toEqual([[{ y: 50, n: 2 }, { y: 0, n: 4 }], [{ x: 0, month: "2026-11" }]]);
});

test("a year has its months, and three years have fewer names than would run into each other", () => {
  expect(chart(report({ from_day: "2025-11-24", until_day: "2026-11-23", days: [] })).months).toHaveLength(12);
  expect(chart(report({ from_day: "2023-11-24", until_day: "2026-11-23", days: [] })).months.length).toBeLessThanOrEqual(14);
});

test("a chart without an alarm is an empty one", () => {
  expect(chart(report({ days: [] })).pieces).toEqual([]);
});

test("a unit beside the others has its own bars", () => {
  expect(unitLine("Nord", report(), EN)).toEqual({ unit: "Nord", alarms: 4, never: 1, p50: "4.3 s", p95: "41 s", bars: [{ reached: "79.9%", state: "missed" }, { reached: "100%", state: "met" }] });
});
