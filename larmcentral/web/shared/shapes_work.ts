// Written from larmcentral/api/shapes_work.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { Kind, Purpose } from "./shapes";

/** A session that runs. check_in_due_at, ends_at: None where none was agreed. */
export interface SessionView {
  readonly id: string;
  readonly committee_id: string;
  readonly person_id: string;
  readonly person: string;
  readonly phone: string | null;
  readonly place_id: string | null;
  readonly place: string | null;
  readonly purpose: string;
  readonly memo: string | null;
  readonly companions: readonly string[];
  readonly started_at: string;
  readonly check_in_due_at: string | null;
  readonly ends_at: string | null;
  readonly answer_by: string | null;
  readonly stage: "running" | "reminded" | "welfare" | "lost_contact" | "overdue" | "missed" | "ended";
  readonly recording: boolean;
}

/** POST /api/me/session. linked: whose sessions begin with it, as a group; companions have none of their own. recording: a spoken memo of this type follows at once, with PUT /api/me/session/recording. It counts as a memo. */
export interface SessionBegin {
  readonly purpose: string;
  readonly place_id?: string | null;
  readonly ends_at?: string | null;
  readonly check_in_every_s?: number | null;
  readonly companions?: readonly string[];
  readonly linked?: readonly string[];
  readonly memo?: string | null;
  readonly recording?: "audio/webm" | "audio/ogg" | "audio/mp4" | null;
  readonly made_at?: string | null;
}

/** POST /api/sessions: the same for somebody else, who tells by telephone and so records nothing. */
export interface SessionBeginFor {
  readonly purpose: string;
  readonly place_id?: string | null;
  readonly ends_at?: string | null;
  readonly check_in_every_s?: number | null;
  readonly companions?: readonly string[];
  readonly linked?: readonly string[];
  readonly memo?: string | null;
  readonly recording?: null;
  readonly made_at?: string | null;
  readonly person_id: string;
}

/** The session's id. */
export interface SessionStarted {
  readonly session_id: string;
}

/** POST /api/me/session/extend. */
export interface SessionExtend {
  readonly until: string;
  readonly made_at?: string | null;
}

/** POST /api/me/session/check-in and /end. */
export interface PinGiven {
  readonly pin?: string | null;
  readonly made_at?: string | null;
}

/** POST /api/me/pre-alarm/cancel. */
export interface PreAlarmCancel {
  readonly pin: string;
}

/** POST /api/me/welfare. A yes that was made before the question does not answer it. */
export interface WelfareAnswer {
  readonly fine: boolean;
  readonly pin?: string | null;
  readonly made_at?: string | null;
}

/** POST /api/me/pre-alarm. event_at: by the phone's clock. */
export interface PreAlarmBegin {
  readonly kind: "fall" | "man_down" | "no_motion";
  readonly event_at?: string | null;
  readonly silent?: boolean;
}

/** POST /api/me/shift. */
export interface ShiftBegin {
  readonly until: string;
  readonly place_id?: string | null;
}

/** PUT /api/me/pin: four to eight digits each, and not the same. */
export interface PinChoice {
  readonly pin: string;
  readonly duress_pin: string;
  readonly password: string;
}

/** POST /api/me/signals, part: where the phone says it is. */
export interface AppPosition {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy_m?: number | null;
  readonly fix_at?: string | null;
  readonly valid?: boolean;
}

/** POST /api/me/signals. id: made by the phone, the same when it sends the same again. confirmed: the wearer did not let the countdown run, or let it run out, so there is none on our side. */
export interface SignalSent {
  readonly id: string;
  readonly kind: "panic" | "duress" | "hold_up" | "medical" | "man_down" | "fall" | "no_motion" | "unspecified_alarm" | "group_alarm" | "position" | "heartbeat" | "low_battery" | "power_off" | "test_alarm";
  readonly event_at?: string | null;
  readonly sent_at?: string | null;
  readonly buffered?: boolean | null;
  readonly silent?: boolean | null;
  readonly confirmed?: boolean;
  readonly position?: AppPosition | null;
  readonly battery_pct?: number | null;
  readonly charging?: boolean | null;
}

/** It is on disk. */
export interface SignalReceived {
  readonly received_at: string;
}

/** A worker's own session. answer_by: until when somebody who asked how he is waits for a word. */
export interface OwnSession {
  readonly place_id: string | null;
  readonly place: string | null;
  readonly purpose: string;
  readonly companions: readonly string[];
  readonly started_at: string;
  readonly check_in_every_s: number | null;
  readonly shortened: boolean;
  readonly check_in_due_at: string | null;
  readonly ends_at: string | null;
  readonly answer_by: string | null;
  readonly stage: "running" | "reminded" | "welfare" | "lost_contact" | "overdue" | "missed" | "ended";
}

/** A countdown that can still be cancelled. */
export interface OwnPreAlarm {
  readonly kind: Kind;
  readonly began_at: string;
  readonly alarm_at: string;
}

/** An alarm of one's own. stage: it is on our disk, or a person has it; that it was sent, the phone knows. */
export interface OwnAlarm {
  readonly id: string;
  readonly kind: Kind;
  readonly purpose: Purpose;
  readonly opened_at: string;
  readonly stage: "received" | "taken";
}

/** GET /api/me/work: the same, byte by byte, whichever PIN was given. */
export interface OwnWork {
  readonly session: OwnSession | null;
  readonly pre_alarm: OwnPreAlarm | null;
  readonly alarms: readonly OwnAlarm[];
  readonly shift_until: string | null;
  readonly pin_set: boolean;
}
