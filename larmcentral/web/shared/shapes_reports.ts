// Written from larmcentral/api/shapes_reports.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { IncidentState, Kind, OutcomeWord, Purpose } from "./shapes";

/** One row of a search. number: our own short one. *_s: seconds from when it was received, null where it was not. */
export interface IncidentRow {
  readonly id: string;
  readonly number: string;
  readonly committee_id: string;
  readonly opened_at: string;
  readonly kind: Kind;
  readonly purpose: Purpose;
  readonly silent: boolean;
  readonly state: IncidentState;
  readonly person: string | null;
  readonly unit: string | null;
  readonly place: string | null;
  readonly owner: string | null;
  readonly lateness_s: number | null;
  readonly shown_s: number | null;
  readonly accepted_s: number | null;
  readonly stood_down_s: number | null;
  readonly outcome: OutcomeWord | null;
}

/** GET /api/reports/incidents: newest first. next: for `before`, null on the last page. total: 10,000 at most. */
export interface IncidentPage {
  readonly rows: readonly IncidentRow[];
  readonly next: string | null;
  readonly total: number;
}

/** One row of GET /api/reports/units: what one can filter by. */
export interface UnitChoice {
  readonly id: string;
  readonly name: string;
  readonly committee_id: string;
}

/** A share that must be reached. within_s: accepted within so many seconds. met: null without a single alarm. */
export interface Bar {
  readonly within_s: number;
  readonly wanted: number;
  readonly reached: number | null;
  readonly met: boolean | null;
}

/** One local day. within: as many as there are bars, in their order; null without an alarm. */
export interface DayOfResponse {
  readonly day: string;
  readonly alarms: number;
  readonly within: readonly (number | null)[];
}

/** One kind of alarm within the time, by what it turned out to be. */
export interface KindOfAlarm {
  readonly kind: Kind;
  readonly real: number;
  readonly false: number;
  readonly test: number;
  readonly drill: number;
  readonly other: number;
  readonly open: number;
}

/** GET /api/reports/response: real alarms that call for a person. Times from received to accepted by a person. shown_*: from received to drawn on an operator's screen. accepted_*: percentiles in seconds, null without alarms. never: alarms that nobody accepted before they ended. The bars are BS 8484's; rolling twelve months by default. */
export interface ResponseReport {
  readonly from_day: string;
  readonly until_day: string;
  readonly alarms: number;
  readonly never: number;
  readonly shown_p50_s: number | null;
  readonly shown_p99_s: number | null;
  readonly accepted_p50_s: number | null;
  readonly accepted_p80_s: number | null;
  readonly accepted_p95_s: number | null;
  readonly accepted_p985_s: number | null;
  readonly accepted_max_s: number | null;
  readonly bars: readonly Bar[];
  readonly days: readonly DayOfResponse[];
  readonly kinds: readonly KindOfAlarm[];
}

/** How a unit uses its protection within the time. idle: persons with a device or app and neither session nor test. tests_due: devices whose last test is older than 30 days. trained: persons with a day of training on record. */
export interface UnitUse {
  readonly unit_id: string | null;
  readonly unit: string | null;
  readonly persons: number;
  readonly trained: number;
  readonly sessions: number;
  readonly worked_alone: number;
  readonly idle: number;
  readonly devices: number;
  readonly silent: number;
  readonly low_battery: number;
  readonly tests_due: number;
  readonly alarms: number;
  readonly false_alarms: number;
}

/** Whoever raises most alarms that were none: one row of ten. */
export interface BadActor {
  readonly what: "person" | "device" | "place";
  readonly name: string;
  readonly alarms: number;
  readonly false_alarms: number;
}

/** Why alarms were none, as was answered on closing. cause: key of GET /api/closing; null where none was given. */
export interface CauseOfAlarms {
  readonly cause: string | null;
  readonly alarms: number;
}

/** GET /api/reports/usage. causes: most frequent first. */
export interface UsageReport {
  readonly from_day: string;
  readonly until_day: string;
  readonly units: readonly UnitUse[];
  readonly bad_actors: readonly BadActor[];
  readonly causes: readonly CauseOfAlarms[];
}
