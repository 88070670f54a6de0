// The desk as a workplace: who sits there since when, what each has, and what was taken and then left lying.
import type { DeskPicture, DeskSeat } from "../../shared/shapes_desk";
import type { IncidentView } from "../../shared/shapes";
import { who } from "../../shared/account/marks";
import type { Speech } from "../words/speech";
import { isIdle } from "./queue";

const QUIET_MS = 45_000; // signs of life come every 20 s; after 60 s the server counts him as gone

export interface SeatRow {
  id: string;
  name: string;
  me: boolean;
  since: string;
  load: string;
  rate: string;
  /** Of what he has, how many lie idle. */
  idle: string | null;
  /** His screen has said nothing for a while. */
  quiet: string | null;
}

/** Whoever has most in hand first. rates come from the picture, which may be some seconds older. */
export function seatRows(seats: readonly DeskSeat[], picture: DeskPicture | null, open: Iterable<IncidentView>, me: string | null, now: number, speech: Speech): SeatRow[] {
  const idle = new Map<string, number>();
  for (const incident of open) if (isIdle(incident) && incident.owner) idle.set(incident.owner.user_id, (idle.get(incident.owner.user_id) ?? 0) + 1);
  return seats
    .toSorted((a, b) => b.load - a.load || a.name.localeCompare(b.name, speech.language))
    .map((seat) => {
      const rate = picture?.seats.find((one) => one.user_id === seat.user_id)?.alarms_10_min ?? 0;
      const lying = idle.get(seat.user_id) ?? 0;
      const silentMs = now - Date.parse(seat.seen_at);
      return {
        id: seat.user_id,
        name: seat.name,
        me: seat.user_id === me,
        since: speech.say("seat_since", { time: speech.moment(seat.since, now), age: speech.age(now - Date.parse(seat.since)) }),
        load: speech.say("seat_load", { count: seat.load }),
        rate: speech.say("seat_rate", { count: rate }),
        idle: lying > 0 ? speech.say("seat_idle", { count: lying }) : null,
        quiet: silentMs > QUIET_MS ? speech.say("seat_quiet", { age: speech.age(silentMs) }) : null,
      };
    });
}

export interface IdleRow {
  id: string;
  words: string;
  owner: string;
  since: string;
}

/** Accepted, and then nothing: gravest first, as the queue has them. */
export function idleRows(open: Iterable<IncidentView>, now: number, speech: Speech): IdleRow[] {
  return [...open].filter(isIdle).map((incident) => ({
    id: incident.id,
    words: `${speech.sayOr("kind", incident.kind)}: ${who(incident, speech)}`,
    owner: incident.owner ? speech.say("row_taken", { name: incident.owner.name }) : "",
    since: incident.acknowledged_at ? speech.say("idle_since", { age: speech.age(now - Date.parse(incident.acknowledged_at)) }) : "",
  }));
}

export interface Leaving {
  /** What one has in hand, as lines. */
  cases: { id: string; words: string }[];
  /** What becomes of it, in words. */
  then: string;
}

/** What leaving the desk does to what one has in hand; null where one has nothing, and may simply go. */
export function leaving(open: Iterable<IncidentView>, picture: DeskPicture | null, me: string | null, speech: Speech): Leaving | null {
  const mine = [...open].filter((incident) => incident.owner?.user_id === me && incident.state === "acknowledged");
  if (mine.length === 0) return null;
  const others = picture?.seats.filter((seat) => seat.user_id !== me) ?? null;
  const least = others?.toSorted((a, b) => a.load - b.load)[0];
  const then = others === null ? speech.say("leaving_unknown") : least ? speech.say("leaving_others", { name: least.name, count: others.length }) : speech.say("leaving_alone");
  return { cases: mine.map((incident) => ({ id: incident.id, words: `${speech.sayOr("kind", incident.kind)}: ${who(incident, speech)}` })), then };
}
