// Written from larmcentral/api/shapes_desk.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { IncidentState, Kind } from "./shapes";

/** POST, part: so many colleagues within so many metres. */
export interface Nearest {
  readonly count: number;
  readonly within_m: number;
}

/** POST /api/incidents/{incident_id}/add, part: exactly one of these. */
export interface TargetNamed {
  readonly person?: string | null;
  readonly team?: string | null;
  readonly oncall?: string | null;
  readonly nearest?: Nearest | null;
  readonly building?: true | null;
  readonly manager?: true | null;
  readonly desk?: true | null;
  readonly receiver?: string | null;
}

/** POST /api/incidents/{incident_id}/jump. step: index in the incident's own chain. */
export interface Jump {
  readonly step: number;
}

/** POST /api/incidents/{incident_id}/add. */
export interface PeopleAdd {
  readonly targets: readonly TargetNamed[];
}

/** POST /api/incidents/{incident_id}/hold; 600 s in all, however often. */
export interface Hold {
  readonly wait_s: number;
}

/** POST /api/incidents/{incident_id}/merge: that one goes on for both. */
export interface Merge {
  readonly into: string;
}

/** POST /api/incidents/{incident_id}/hand-over. */
export interface HandOver {
  readonly to: string;
}

/** POST /api/incidents/{incident_id}/sos-call: a moment of the operator's own call, stamped when it is said. text: the case number, or words; empty where the moment says enough. */
export interface SosCall {
  readonly what: "dialled" | "answered" | "case_number";
  readonly text?: string;
}

/** One row of GET /api/desk. load: how many incidents he has in hand. */
export interface DeskSeat {
  readonly user_id: string;
  readonly name: string;
  readonly since: string;
  readonly seen_at: string;
  readonly load: number;
}

/** POST /api/handovers. to: None where whoever comes may sign. */
export interface HandoverMake {
  readonly to?: string | null;
}

/** The list's id. */
export interface HandoverMade {
  readonly handover_id: string;
}

/** One open case as it stood when the list was made. */
export interface HandoverCase {
  readonly incident_id: string;
  readonly kind: Kind;
  readonly gravity: number;
  readonly state: IncidentState;
  readonly person: string | null;
  readonly opened_at: string;
}

/** One row of GET /api/handovers: a shift change that waits for a signature. */
export interface HandoverView {
  readonly id: string;
  readonly made_at: string;
  readonly from_user_id: string;
  readonly from_user: string;
  readonly to_user_id: string | null;
  readonly to_user: string | null;
  readonly signed_by: readonly string[];
  readonly cases: readonly HandoverCase[];
}

/** Who has a pool device. */
export interface LoanView {
  readonly person_id: string;
  readonly person: string;
  readonly out_at: string;
  readonly due_back_at: string;
}

/** One row of GET /api/pool: a device and what the gate looks at. loan: None while it is in. */
export interface PoolRow {
  readonly device_id: string;
  readonly committee_id: string;
  readonly tag: string;
  readonly label: string;
  readonly battery_pct: number | null;
  readonly last_seen_at: string | null;
  readonly tested_at: string | null;
  readonly loan: LoanView | null;
}

/** POST /api/pool/check-out. tag: what was scanned. */
export interface CheckOut {
  readonly tag: string;
  readonly person_id: string;
  readonly due_back: string;
}

/** The loan's id. */
export interface CheckedOut {
  readonly loan_id: string;
}

/** POST /api/pool/check-in. */
export interface CheckIn {
  readonly tag: string;
}

/** POST /api/pool/prolong. */
export interface Prolong {
  readonly tag: string;
  readonly due_back: string;
}

/** One row of GET /api/tests: the newest test alarm of a device. reached_desk_at: None if it did not get so far. */
export interface LedgerRow {
  readonly incident_id: string;
  readonly device_id: string | null;
  readonly label: string | null;
  readonly person: string | null;
  readonly pressed_at: string | null;
  readonly received_at: string;
  readonly reached_desk_at: string | null;
}

/** POST /api/answers/{token}. */
export interface Answer {
  readonly word: "going" | "cannot" | "on_site";
}

/** POST /api/system-alarms/{alarm_id}/dealt-with: what was done, such as whom one rang. */
export interface DealtWith {
  readonly note: string;
}

/** Part of the desk's picture: an operator at the desk, and what he has had. alarms_10_min: taken by him since. */
export interface SeatPressure {
  readonly user_id: string;
  readonly name: string;
  readonly since: string;
  readonly load: number;
  readonly alarms_10_min: number;
}

/** GET /api/desk/picture: how much there is for how many. opened_10_min: real alarms for a person since 10 min. per_operator: of those, for each at the desk (at least one is counted). flood: true above 10, false again below 5. */
export interface DeskPicture {
  readonly at: string;
  readonly seats: readonly SeatPressure[];
  readonly opened_10_min: number;
  readonly untaken: number;
  readonly per_operator: number;
  readonly flood: boolean;
}

/** A stretch of time. persons: who would be told by the chain's own people, first first; the desk does not count. nobody: nobody but the desk and centres would be told. */
export interface ReachSlot {
  readonly from_at: string;
  readonly until_at: string;
  readonly persons: readonly string[];
  readonly nobody: boolean;
}

/** One row of GET /api/reach[?hours=12]: whether a panic of the unit could reach anybody, hour by hour. */
export interface ReachRow {
  readonly committee_id: string;
  readonly unit_id: string | null;
  readonly unit: string;
  readonly chain: string | null;
  readonly slots: readonly ReachSlot[];
}
