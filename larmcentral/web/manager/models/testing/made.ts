// Made-up answers of the server for the managers' view models.
import { Refusal, Unreachable } from "../../../shared/ask";
import type { IncidentRow, ResponseReport } from "../../../shared/shapes_reports";
import type { Memory } from "../settings";

export const refusal = (status: number, reason: string, fields: Record<string, string> = {}) => new Refusal(status, { reason, detail: "", fields });
export const silence = () => new Unreachable("/api/x");

export function row(id: string, wish: Partial<IncidentRow> = {}): IncidentRow {
  return {
    id,
    number: `7KQ2-${id}`,
    committee_id: "c",
    opened_at: "2026-11-22T02:00:00Z",
    kind: "panic",
    purpose: "real",
    silent: false,
    state: "stood_down",
    person: "Anna",
    unit: "Nord",
    place: null,
    owner: "Karin",
    lateness_s: 1,
    shown_s: 1.25,
    accepted_s: 12.4,
    stood_down_s: 600,
    outcome: "real",
    ...wish,
  };
}

export function report(wish: Partial<ResponseReport> = {}): ResponseReport {
  return {
    from_day: "2026-11-01",
    until_day: "2026-11-10",
    alarms: 4,
    never: 1,
    shown_p50_s: 0.8,
    shown_p99_s: 2,
    accepted_p50_s: 4.25,
    accepted_p80_s: 9,
    accepted_p95_s: 41,
    accepted_p985_s: 150,
    accepted_max_s: null,
    bars: [
      { within_s: 10, wanted: 0.8, reached: 0.7999, met: false },
      { within_s: 40, wanted: 0.985, reached: 1, met: true },
    ],
    days: [
      { day: "2026-11-01", alarms: 0, within: [null, null] },
      { day: "2026-11-03", alarms: 4, within: [0.25, 0.75] },
    ],
    kinds: [{ kind: "panic", real: 1, false: 2, test: 0, drill: 0, other: 0, open: 1 }],
    ...wish,
  };
}

/** A browser's memory, in hand. */
export function memory(kept: Record<string, string> = {}): Memory & { kept: Record<string, string> } {
  return { kept, getItem: (key) => kept[key] ?? null, setItem: (key, value) => void (kept[key] = value) };
}

/** A promise that is answered by hand. */
export function answer<T>(): { promise: Promise<T>; give(value: T): void; fail(error: unknown): void } {
  let give: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => ([give, fail] = [resolve, reject]));
  return { promise, give, fail };
}
