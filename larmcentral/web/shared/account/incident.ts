// One incident as the operator reads it: who, with what, which clocks, who moves, what was sent.
import type { AccountSpeech as Speech } from "../words/account";
import { stopwatch } from "../say";
import { APP, deviceName } from "./marks";
import { reasonWords } from "./reason";
import type { DeviceView, IncidentDetail, IncidentView, NoticeView, ResponderState, SignalView } from "../shapes";

export const BATTERY_LOW_PCT = 20;
export const QUIET_MS = 15 * 60_000; // units report every 5 min at rest; three missed is worth a look

export interface ClockPicture {
  name: string;
  by: string;
  time: string;
  delta: string | null;
  state: "told" | "waiting" | "missing";
}

/** The four clocks: the device's claim, ours, a screen's, a person's. Each difference is to the one before. */
export function clocks(incident: IncidentView, signals: readonly SignalView[], now: number, speech: Speech): ClockPicture[] {
  const first = signals.toSorted((a, b) => Date.parse(a.received_at) - Date.parse(b.received_at))[0];
  const ms = (at: string | null | undefined) => (at ? Date.parse(at) : null);
  const raised = ms(incident.event_at) ?? ms(first?.event_at) ?? ms(first?.sent_at);
  const received = ms(first?.received_at) ?? Date.parse(incident.opened_at);
  const [shown, taken] = [ms(incident.shown_at), ms(incident.acknowledged_at)];
  const closed = incident.state === "stood_down";
  const picture = (name: string, by: string, at: number | null, before: number | null, missing: boolean): ClockPicture => ({
    name,
    by,
    time: at === null ? speech.say(missing ? "clock_missing" : "clock_waiting") : speech.moment(at, now),
    delta: at === null || before === null ? null : `+${speech.length(at - before)}`,
    state: at !== null ? "told" : missing ? "missing" : "waiting",
  });
  return [
    picture(speech.say("clock_device"), speech.say("clock_device_by"), raised, null, true),
    picture(speech.say("clock_received"), speech.say("clock_received_by"), received, raised, false),
    { ...picture(speech.say("clock_shown"), speech.say("clock_shown_by"), shown, received, false), ...(closed && shown === null ? { time: "–" } : {}) },
    { ...picture(speech.say("clock_acknowledged"), speech.say("clock_acknowledged_by"), taken, received, false), ...(closed && taken === null ? { time: "–" } : {}) },
  ];
}

export interface DevicePicture {
  name: string;
  model: string | null;
  /** Null where it says nothing to a person: a phone's account is its owner's id. */
  account: string | null;
  battery: string | null;
  batteryLow: boolean;
  lastSeen: string | null;
  quiet: boolean;
}

export function device(view: DeviceView, now: number, speech: Speech): DevicePicture {
  const pct = view.battery_pct;
  const low = pct !== null && pct <= BATTERY_LOW_PCT;
  const seenMs = view.last_seen_at ? now - Date.parse(view.last_seen_at) : null;
  return {
    name: deviceName(view, speech),
    model: view.model,
    account: view.protocol === APP ? null : `${view.protocol} ${view.account}`,
    battery: pct === null ? null : speech.say(low ? "battery_low" : "battery_pct", { pct }),
    batteryLow: low,
    lastSeen: seenMs === null ? null : ago(seenMs, speech),
    quiet: seenMs !== null && seenMs >= QUIET_MS,
  };
}

export function ago(ms: number, speech: Speech): string {
  return ms < 5000 ? speech.say("just_now") : speech.say("ago", { age: speech.age(ms) });
}

export function stateWords(incident: IncidentView, me: string | null, speech: Speech): string {
  if (incident.state === "stood_down") {
    return speech.say("state_stood_down", { outcome: incident.outcome ? speech.sayOr("outcome", incident.outcome) : "–" });
  }
  if (incident.owner) {
    const mine = incident.owner.user_id === me;
    return mine ? speech.say("state_acknowledged_you") : speech.say("state_acknowledged_by", { name: incident.owner.name });
  }
  return speech.say(incident.state === "acknowledged" ? "state_acknowledged_responder" : "state_open");
}

export function elapsed(incident: IncidentView, now: number): string {
  const end = incident.stood_down_at ? Date.parse(incident.stood_down_at) : now;
  return stopwatch(Math.max(0, end - Date.parse(incident.opened_at)));
}

export interface ResponderPicture {
  id: string;
  name: string;
  state: ResponderState;
  words: string;
  since: string;
  step: string;
}

const NEAREST: Record<ResponderState, number> = { on_site: 0, going: 1, acknowledged: 2, notified: 3, declined: 4, released: 5 };

/** Nearest to the person first; within that, in the order they were told. */
export function responders(incident: IncidentView, now: number, speech: Speech): ResponderPicture[] {
  return incident.responders
    .toSorted((a, b) => NEAREST[a.state] - NEAREST[b.state] || a.step - b.step || a.name.localeCompare(b.name, speech.language))
    .map((r) => ({
      id: r.person_id,
      name: r.name,
      state: r.state,
      words: speech.sayOr("responder", r.state),
      since: speech.age(now - Date.parse(r.since)),
      step: speech.say("step_n", { step: r.step + 1 }),
    }));
}

export interface NoticePicture {
  id: string;
  to: string;
  channel: string;
  state: NoticeView["state"];
  words: string;
  time: string;
  reason: string | null;
  /** When a notice that waits is expected to go, and why it waits. */
  expected: string | null;
  step: string;
}

/** Newest first: what went out last is what one asks about. */
export function notices(detail: IncidentDetail, now: number, speech: Speech): NoticePicture[] {
  return detail.notices
    .toSorted((a, b) => Date.parse(b.filed_at) - Date.parse(a.filed_at))
    .map((n) => ({
      id: n.id,
      to: n.person ?? (n.receiver ? speech.say("notice_to_receiver", { name: n.receiver }) : speech.say("notice_to_desk")),
      channel: speech.sayOr("channel", n.channel),
      state: n.state,
      words: speech.sayOr("notice", n.state),
      time: speech.moment(n.delivered_at ?? n.sent_at ?? n.filed_at, now),
      reason: n.reason && n.due_at === null ? reasonWords(n.reason, speech) : null,
      expected: expected(n, now, speech),
      step: speech.say("step_n", { step: n.step + 1 }),
    }));
}

function expected(notice: NoticeView, now: number, speech: Speech): string | null {
  if (notice.state !== "pending" || notice.due_at === null) return null;
  const due = Date.parse(notice.due_at);
  const when = due > now ? speech.say("notice_expected", { time: speech.moment(due, now) }) : speech.say("notice_trying");
  return notice.waits_for ? `${when} (${reasonWords(notice.waits_for, speech)})` : when;
}

export function signalWords(signal: SignalView, speech: Speech): string {
  return speech.sayOr("kind", signal.kind, (value) => speech.sayOr("signal", value));
}
