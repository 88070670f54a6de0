// How fast alarms were taken, as bars, a table and a chart of days. Every drawing has its table.
import type { Bar, DayOfResponse, ResponseReport } from "../../shared/shapes_reports";
import type { Speech } from "../words/speech";
import { seconds } from "./rows";

export interface BarPicture {
  name: string;
  reached: string;
  wanted: string;
  verdict: string;
  state: "met" | "missed" | "none";
  /** 0 to 100. */
  reachedPct: number;
  wantedPct: number;
}

export function bars(report: ResponseReport, speech: Speech): BarPicture[] {
  return report.bars.map((bar) => {
    const state = bar.met === null ? "none" : bar.met ? "met" : "missed";
    return {
      name: speech.say("bar_within", { n: speech.decimal(String(bar.within_s)) }),
      reached: bar.reached === null ? "–" : share(bar.reached, speech),
      wanted: speech.say("bar_wanted", { share: share(bar.wanted, speech) }),
      verdict: speech.sayOr("bar", state),
      state,
      reachedPct: (bar.reached ?? 0) * 100,
      wantedPct: bar.wanted * 100,
    };
  });
}

/** 98.5 %, rounded down: a bar is not reached by rounding. */
export function share(part: number, speech: Speech): string {
  const tenths = Math.floor(part * 1000 + 1e-9) / 10;
  return speech.say("percent", { n: speech.decimal(String(tenths)) });
}

export interface Measure {
  name: string;
  value: string;
}

/** From received until a person accepted, and until it was drawn on a screen. */
export function measures(report: ResponseReport, speech: Speech): Measure[] {
  const after = (s: number | null) => (s === null ? "–" : seconds(s, speech));
  const row = (key: Parameters<Speech["say"]>[0], s: number | null) => ({ name: speech.say(key), value: after(s) });
  return [
    row("accepted_p50", report.accepted_p50_s),
    row("accepted_p80", report.accepted_p80_s),
    row("accepted_p95", report.accepted_p95_s),
    row("accepted_p985", report.accepted_p985_s),
    row("accepted_max", report.accepted_max_s),
    row("shown_p50", report.shown_p50_s),
    row("shown_p99", report.shown_p99_s),
  ];
}

export interface KindLine {
  kind: string;
  all: number;
  counts: readonly number[];
}

/** Columns: real, false, test, drill, other, open. */
export function kinds(report: ResponseReport, speech: Speech): KindLine[] {
  return report.kinds.map((one) => {
    const counts = [one.real, one.false, one.test, one.drill, one.other, one.open];
    return { kind: speech.sayOr("kind", one.kind), all: counts.reduce((a, b) => a + b, 0), counts };
  });
}

export interface Unit {
  id: string;
  name: string;
}

/** One unit beside the others. */
export interface UnitLine {
  unit: string;
  alarms: number;
  never: number;
  p50: string;
  p95: string;
  /** One for each bar, in their order. */
  bars: { reached: string; state: BarPicture["state"] }[];
}

export function unitLine(unit: string, report: ResponseReport, speech: Speech): UnitLine {
  const after = (s: number | null) => (s === null ? "–" : seconds(s, speech));
  return {
    unit,
    alarms: report.alarms,
    never: report.never,
    p50: after(report.accepted_p50_s),
    p95: after(report.accepted_p95_s),
    bars: bars(report, speech).map(({ reached, state }) => ({ reached, state })),
  };
}

// --- the chart of days ---------------------------------------------------------------------------------------------

/** How a day's alarms are stacked from below: within the first bar, within the last one, later or never. */
export type Layer = "first" | "last" | "late";

export interface Piece {
  layer: Layer;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Chart {
  width: number;
  height: number;
  pieces: Piece[];
  /** Lines across, with how many alarms they stand for. */
  steps: { y: number; n: number }[];
  /** Where a month begins. */
  months: { x: number; month: string }[];
}

export const CHART_WIDTH = 1000;
export const CHART_HEIGHT = 180;
const DAY_MS = 86_400_000;
const MONTHS_MOST = 14; // beyond that their names would run into each other

export interface DayLine {
  day: string;
  alarms: number;
  first: number;
  last: number;
}

/** Days with alarms, as counts. The server tells shares of each day's alarms, in the order of the bars. */
export function dayLines(days: readonly DayOfResponse[], bars: readonly Bar[]): DayLine[] {
  const order = bars.map((bar, index) => [bar.within_s, index] as const).toSorted((a, b) => a[0] - b[0]);
  const [first, last] = [order[0]?.[1] ?? 0, order.at(-1)?.[1] ?? 0];
  const count = (day: DayOfResponse, bar: number) => Math.round((day.within[bar] ?? 0) * day.alarms);
  return days.filter((day) => day.alarms > 0).map((day) => ({ day: day.day, alarms: day.alarms, first: count(day, first), last: count(day, last) }));
}

export function chart(report: ResponseReport, width = CHART_WIDTH, height = CHART_HEIGHT): Chart {
  const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);
  const begin = noon(report.from_day);
  const days = Math.max(1, Math.round((noon(report.until_day) - begin) / DAY_MS) + 1);
  const lines = dayLines(report.days, report.bars);
  const top = niceTop(Math.max(1, ...lines.map((line) => line.alarms)));
  const slot = width / days;
  const bar = Math.max(1, slot * 0.8);
  const pieces: Piece[] = [];
  for (const line of lines) {
    const x = Math.round((noon(line.day) - begin) / DAY_MS) * slot + (slot - bar) / 2;
    const counts: [Layer, number][] = [["first", line.first], ["last", line.last - line.first], ["late", line.alarms - line.last]];
    let below = 0;
    for (const [layer, n] of counts) {
      if (n <= 0) continue;
      below += n;
      pieces.push({ layer, x, width: bar, y: height - (below / top) * height, height: (n / top) * height });
    }
  }
  const steps = [0.5, 1].map((part) => ({ y: height - part * height, n: top * part })).filter((step) => Number.isInteger(step.n));
  return { width, height, pieces, steps, months: months(report.from_day, days, slot) };
}

/** The next of 1, 2, 4, 10, 20, 40, 100 and so on. */
function niceTop(most: number): number {
  for (let ten = 1; ; ten *= 10) {
    for (const nice of [1, 2, 4]) if (nice * ten >= most) return nice * ten;
  }
}

function months(from: string, days: number, slot: number): Chart["months"] {
  const found: Chart["months"] = [];
  const day = new Date(`${from}T12:00:00Z`);
  for (let index = 0; index < days; index += 1, day.setUTCDate(day.getUTCDate() + 1)) {
    if (day.getUTCDate() === 1) found.push({ x: index * slot, month: day.toISOString().slice(0, 7) });
  }
  const nth = Math.ceil(found.length / MONTHS_MOST) || 1;
  return found.filter((_, index) => index % nth === 0);
}
