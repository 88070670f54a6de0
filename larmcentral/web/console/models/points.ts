// Contact points in words: whether each has ever worked, whether it is proven, and what one can do about it.
import type { Speech } from "../words/speech";
import type { PointView } from "../../shared/shapes_points";
import { ago } from "../../shared/account/incident";
import { reasonWords } from "../../shared/account/reason";

export type PointChannel = PointView["channel"];

/** What a person adds here himself; his app and his browser add themselves. */
export const OWN_CHANNELS = ["sms", "voice", "mail"] as const satisfies readonly PointChannel[];
export const KEPT_CHANNELS = [...OWN_CHANNELS, "teams", "webhook", "pager"] as const satisfies readonly PointChannel[];

export interface PointPicture {
  id: string;
  view: PointView;
  channel: string;
  address: string;
  label: string | null;
  state: "reached" | "never" | "failing" | "retired";
  health: string;
  proven: boolean;
  proof: string;
}

export function point(view: PointView, now: number, speech: Speech): PointPicture {
  return {
    id: view.id,
    view,
    channel: speech.sayOr("channel", view.channel),
    address: view.address ?? speech.say("point_app_key"),
    label: view.label,
    state: view.health === "never_reached" ? "never" : view.health,
    health: healthWords(view, now, speech),
    proven: view.verified_at !== null,
    proof: view.verified_at ? speech.say("point_proven", { time: speech.moment(view.verified_at, now) }) : speech.say("point_unproven"),
  };
}

function healthWords(view: PointView, now: number, speech: Speech): string {
  const since = (at: string | null) => (at ? ago(now - Date.parse(at), speech) : "");
  const why = (words: string | null) => (words ? `: ${reasonWords(words, speech)}` : "");
  switch (view.health) {
    case "never_reached":
      return speech.say("health_never");
    case "reached":
      return speech.say("health_reached", { age: since(view.last_reached_at) });
    case "failing":
      return speech.say("health_failing", { age: since(view.last_failed_at) }) + why(view.last_failed_why);
    case "retired":
      return speech.say("health_retired", { age: since(view.retired_at) }) + why(view.retired_why);
  }
}

/** What is used now, in its order, and what the providers say is gone. */
export function living(points: readonly PointView[]): PointView[] {
  return points.filter((p) => p.retired_at === null).toSorted((a, b) => a.rank - b.rank);
}

export interface Person {
  id: string;
  name: string;
  points: PointPicture[];
}

/** Points that somebody should look after, by person, in the order the server gives: the worst first. */
export function byPerson(points: readonly PointView[], now: number, speech: Speech): Person[] {
  const people = new Map<string, Person>();
  for (const view of points) {
    const person = people.get(view.person_id) ?? { id: view.person_id, name: view.person, points: [] };
    person.points.push(point(view, now, speech));
    people.set(view.person_id, person);
  }
  return [...people.values()];
}
