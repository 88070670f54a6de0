// Written from larmcentral/api/shapes.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

export type Role = "worker" | "responder" | "operator" | "manager" | "admin";
export type Kind = "panic" | "duress" | "hold_up" | "medical" | "man_down" | "fall" | "no_motion" | "unspecified_alarm" | "group_alarm" | "missed_check_in" | "overdue" | "lost_contact" | "silent_device" | "low_battery" | "power_off" | "removed" | "tamper" | "device_fault";
export type Purpose = "real" | "test" | "drill";
export type IncidentState = "open" | "acknowledged" | "stood_down";
export type ResponderState = "notified" | "acknowledged" | "going" | "on_site" | "declined" | "released";
export type OutcomeWord = "real" | "false" | "test" | "drill" | "other";

/** POST /api/session. */
export interface LogIn {
  readonly login: string;
  readonly password: string;
  readonly phone?: boolean;
}

/** Who is logged in. committees: those whose incidents this user may see. */
export interface Me {
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
  readonly person_id: string | null;
  readonly committees: readonly CommitteeView[];
  readonly language: "sv" | "en";
}

/** A committee (nämnd) of the municipality. */
export interface CommitteeView {
  readonly id: string;
  readonly name: string;
}

/** The person an incident is about, as far as this user may know. */
export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly unit: string | null;
  readonly team: string | null;
  readonly phone: string | null;
  readonly employer: string | null;
}

/** What sent the signal. last_seen_at, battery_pct: as last heard. */
export interface DeviceView {
  readonly id: string | null;
  readonly protocol: string;
  readonly account: string;
  readonly label: string | null;
  readonly model: string | null;
  readonly battery_pct: number | null;
  readonly last_seen_at: string | null;
}

/** Where, how sure and how old. valid False: last known place, no fix of its own. */
export interface PositionView {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy_m: number | null;
  readonly fix_at: string | null;
  readonly received_at: string;
  readonly valid: boolean;
}

/** One person who was told. */
export interface ResponderView {
  readonly person_id: string;
  readonly name: string;
  readonly state: ResponderState;
  readonly since: string;
  readonly step: number;
}

/** The running countdown. what: what comes at its end; next_turn tells the next person of the same step. */
export interface NextStepView {
  readonly what: "next_step" | "next_turn" | "repeat" | "lapse";
  readonly due_at: string;
  readonly step: number | null;
  readonly targets: readonly string[];
}

/** One row of the queue, whole enough to draw without asking again. version grows with each change. */
export interface IncidentView {
  readonly id: string;
  readonly committee_id: string;
  readonly version: number;
  readonly state: IncidentState;
  readonly purpose: Purpose;
  readonly kind: Kind;
  readonly gravity: number;
  readonly silent: boolean;
  readonly opened_at: string;
  readonly event_at: string | null;
  readonly lateness_s: number | null;
  readonly person: PersonView | null;
  readonly device: DeviceView | null;
  readonly position: PositionView | null;
  readonly owner: OwnerView | null;
  readonly acknowledged_at: string | null;
  readonly shown_at: string | null;
  readonly stood_down_at: string | null;
  readonly outcome: OutcomeWord | null;
  readonly next: NextStepView | null;
  readonly responders: readonly ResponderView[];
  readonly step: number;
  readonly steps: number;
  readonly round: number;
  readonly system_faults: readonly string[];
  readonly merged_into: string | null;
  readonly held_s: number;
  readonly place: string | null;
}

/** The operator who took it. */
export interface OwnerView {
  readonly user_id: string;
  readonly name: string;
}

/** Who did it. */
export interface ActorView {
  readonly kind: "operator" | "responder" | "wearer" | "system";
  readonly name: string | null;
}

/** One line of the account. kind: EntryKind's value; the browser words it with detail. hash: hex, chained. */
export interface TimelineEntry {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly by: ActorView;
  readonly detail: Readonly<Record<string, string>>;
  readonly hash: string;
}

/** One signal of the incident: the device's raw code beside our reading, and the clocks. */
export interface SignalView {
  readonly id: string;
  readonly kind: string;
  readonly code: string | null;
  readonly text: string | null;
  readonly event_at: string | null;
  readonly sent_at: string | null;
  readonly received_at: string;
  readonly buffered: boolean | null;
  readonly attempts: number;
  readonly doubts: readonly string[];
}

/** One notice: to whom, by which way, what became of it. receiver: a centre. provider: who was asked last. due_at: when it is tried again, only while it waits for that; waits_for: why, "paced" for its turn at the agreed rate, else the provider's word. */
export interface NoticeView {
  readonly id: string;
  readonly person: string | null;
  readonly channel: "apns" | "fcm" | "web_push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager" | "console" | "receiver";
  readonly receiver: string | null;
  readonly provider: string | null;
  readonly state: "pending" | "sent" | "delivered" | "refused" | "gone" | "failed" | "withdrawn";
  readonly step: number;
  readonly round: number;
  readonly attempt: number;
  readonly filed_at: string;
  readonly sent_at: string | null;
  readonly delivered_at: string | null;
  readonly reason: string | null;
  readonly due_at: string | null;
  readonly waits_for: string | null;
}

/** Where an incident opened, as whoever goes there needs it. notes: dangers, in words; ground: why it is flagged. notes, risk and ground are null for the wearer's own eyes. */
export interface PlaceOfIncident {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly floor: string;
  readonly door_code: string;
  readonly notes: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly risk: "none" | "raised" | "evident" | null;
  readonly ground: string | null;
  readonly plan_type: string | null;
  readonly plan_bounds: PlanBounds | null;
}

/** PUT /api/places/{place_id}/plan, as its query: where a plan's edges lie, WGS84 degrees, its top to the north. */
export interface PlanBounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** The known radio beacon that the wearer's device heard loudest, lately. label: such as "3rd floor, corridor B". */
export interface IndoorView {
  readonly place_id: string;
  readonly place: string;
  readonly label: string;
  readonly dbm: number | null;
  readonly at: string;
}

/** An answer that the incident was stood down with. */
export interface ClosingGiven {
  readonly key: string;
  readonly choice: string;
  readonly note: string;
}

/** GET /api/incidents/{id}. place: to managers always, to all others until the incident is stood down. indoor: null where no beacon that we know was heard; under the same rule as place, and never told to the wearer: a silent alarm draws the later signals to itself, which her own screen would show. closing: once it is stood down. */
export interface IncidentDetail {
  readonly incident: IncidentView;
  readonly timeline: readonly TimelineEntry[];
  readonly signals: readonly SignalView[];
  readonly notices: readonly NoticeView[];
  readonly trail: readonly PositionView[];
  readonly place: PlaceOfIncident | null;
  readonly indoor: IndoorView | null;
  readonly closing: readonly ClosingGiven[];
}

/** Our own side failed: roster fault, used-up chain, database gone, silent synthetic panic. */
export interface SystemAlarmView {
  readonly id: string;
  readonly fault: string;
  readonly incident_id: string | null;
  readonly step: number | null;
  readonly raised_at: string;
}

/** GET /api/incidents. cursor: pass it to the feed as Last-Event-ID and miss nothing. server_time: our clock. */
export interface Queue {
  readonly cursor: string;
  readonly server_time: string;
  readonly incidents: readonly IncidentView[];
  readonly system_alarms: readonly SystemAlarmView[];
}

/** POST /api/incidents/{id}/note. */
export interface Note {
  readonly text: string;
}

/** POST /api/incidents/{id}/stand-down, part: one answer. note: words beside the choice, where it needs some. */
export interface ClosingAnswer {
  readonly key: string;
  readonly choice: string;
  readonly note?: string;
}

/** POST /api/incidents/{id}/stand-down. closing: the answers that GET /api/closing asks for; one that is missing is refused with 422 `closing`, and fields names each with `missing`, `choice` or `note`. */
export interface StandDown {
  readonly outcome: OutcomeWord;
  readonly note?: string;
  readonly closing?: readonly ClosingAnswer[];
}

/** POST /api/drills: a drill about a person, on his own chain, that cannot leave the house. */
export interface DrillStart {
  readonly person_id: string;
  readonly kind?: Kind;
}

/** The drill's incident. */
export interface DrillStarted {
  readonly incident_id: string;
}

/** Every refusal. reason: a key for the words on the screen ('taken', 'stood_down', 'log_in', 'forbidden' ...). */
export interface Problem {
  readonly reason: string;
  readonly detail: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** GET /api/health/ready (503 when not) and /live. */
export interface Health {
  readonly ready: boolean;
  readonly database: boolean;
  readonly version: string;
}
