// Turning the course of an incident: how long it can be held, who can have it, which other one it can go on in, which step to go to.
import type { IncidentView } from "../../shared/shapes";
import type { DeskSeat } from "../../shared/shapes_desk";
import type { Speech } from "../words/speech";

const LONGEST_HOLD_S = 600; // in all, however often: whoever needs longer takes it in hand
const WAITS_MIN = [1, 2, 5, 10] as const;

export interface Wait {
  seconds: number;
  words: string;
  able: boolean;
}

/** Seconds that are left of the ten minutes. */
export function holdLeft(incident: IncidentView): number {
  return Math.max(0, LONGEST_HOLD_S - incident.held_s);
}

export function waits(incident: IncidentView, speech: Speech): Wait[] {
  const left = holdLeft(incident);
  return WAITS_MIN.map((minutes) => ({ seconds: minutes * 60, words: speech.say("unit_min", { n: minutes }), able: minutes * 60 <= left }));
}

export interface Seat {
  id: string;
  name: string;
  load: string;
}

/** Who sits at the desk and does not have it already; the least burdened first. me: that seat is called one's own. */
export function seats(incident: IncidentView, desk: readonly DeskSeat[], me: string | null, speech: Speech): Seat[] {
  return desk
    .filter((seat) => seat.user_id !== incident.owner?.user_id)
    .toSorted((a, b) => a.load - b.load || a.name.localeCompare(b.name, speech.language))
    .map((seat) => ({ id: seat.user_id, name: seat.user_id === me ? speech.say("hand_over_me", { name: seat.name }) : seat.name, load: speech.say("hand_over_load", { count: seat.load }) }));
}

export interface Mate {
  id: string;
  words: string;
  opened: string;
}

/** The open incidents that this one may go on in: of the same person or device, of the same purpose, not less silent. */
export function mates(incident: IncidentView, open: Iterable<IncidentView>, now: number, speech: Speech): Mate[] {
  return [...open]
    .filter((other) => other.id !== incident.id && other.state !== "stood_down" && other.purpose === incident.purpose)
    .filter((other) => sameSubject(incident, other) && (other.silent || !incident.silent))
    .toSorted((a, b) => a.gravity - b.gravity || Date.parse(a.opened_at) - Date.parse(b.opened_at))
    .map((other) => ({ id: other.id, words: speech.sayOr("kind", other.kind), opened: speech.moment(other.opened_at, now) }));
}

function sameSubject(one: IncidentView, other: IncidentView): boolean {
  if (one.person || other.person) return one.person?.id === other.person?.id;
  const [a, b] = [one.device, other.device];
  if (!a || !b) return false;
  return a.id !== null || b.id !== null ? a.id === b.id : a.protocol === b.protocol && a.account === b.account;
}

export interface ChainStep {
  index: number;
  words: string;
  now: boolean;
}

/** The steps of its own chain; it has no more than their number. */
export function chainSteps(incident: IncidentView, speech: Speech): ChainStep[] {
  return Array.from({ length: incident.steps }, (_, index) => ({
    index,
    words: speech.say(index === incident.step ? "jump_now" : "jump_to", { step: index + 1 }),
    now: index === incident.step,
  }));
}
