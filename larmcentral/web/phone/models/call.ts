// One call for help as whoever is asked to go there sees it. Words and figures; nothing is fetched.
import { metresBetween } from "../../shared/account/metres";
import type { IncidentDetail, IncidentView, Kind, ResponderState, ResponderView } from "../../shared/shapes";
import type { OwnMessage } from "../../shared/shapes_phone";
import type { Speech } from "../words/speech";

export const WORDS = ["going", "cannot", "on_site"] as const;
export type Word = (typeof WORDS)[number];

/** Where each answer goes, under the incident. */
export const PATHS: Readonly<Record<Word, string>> = { going: "on-the-way", cannot: "decline", on_site: "arrived" };
const STATES: Readonly<Partial<Record<ResponderState, Word>>> = { going: "going", declined: "cannot", on_site: "on_site" };
const OLD_MS = 5 * 60_000;

export interface Spot {
  lat: number;
  lon: number;
}

export const ownLine = (incident: IncidentView, person: string | null): ResponderView | null => incident.responders.find((one) => one.person_id === person) ?? null;

/** Nobody has heard from oneself yet, and somebody waits for it. */
export const asks = (incident: IncidentView, person: string | null): boolean =>
  incident.state !== "stood_down" && incident.purpose !== "test" && ownLine(incident, person)?.state === "notified";

/** What waits for an answer first, then what one has said yes to, then the rest; what is over last. */
export function inOrder(incidents: readonly IncidentView[], person: string | null): readonly IncidentView[] {
  const rank = (one: IncidentView): number => {
    if (one.state === "stood_down") return 3;
    if (asks(one, person)) return 0;
    const state = ownLine(one, person)?.state;
    return state === "going" || state === "on_site" || state === "acknowledged" ? 1 : 2;
  };
  const opened = (one: IncidentView) => Date.parse(one.opened_at);
  return incidents.toSorted((a, b) => rank(a) - rank(b) || (rank(a) < 3 ? a.gravity - b.gravity : 0) || opened(b) - opened(a));
}

export interface Head {
  id: string;
  kind: Kind;
  who: string;
  unit: string | null;
  silent: boolean;
  drill: boolean;
  test: boolean;
  late: string | null;
  openedAt: string;
  /** How long it has gone on, or went on. */
  age: string;
  over: boolean;
  /** What oneself is to it, in the server's words. */
  own: ResponderState | null;
  place: string | null;
}

export function head(incident: IncidentView, person: string | null, now: number, speech: Speech): Head {
  const { id, kind, silent, purpose, state } = incident;
  const end = incident.stood_down_at === null ? now : Date.parse(incident.stood_down_at);
  const late = incident.lateness_s ?? 0;
  return {
    id,
    kind,
    who: incident.person?.name ?? incident.device?.label ?? speech.say("unknown_person"),
    unit: incident.person?.unit ?? null,
    silent,
    drill: purpose === "drill",
    test: purpose === "test",
    late: late >= 60 ? speech.say("mark_late", { age: speech.age(late * 1000) }) : null,
    openedAt: speech.time(incident.opened_at).slice(0, 5),
    age: speech.age(end - Date.parse(incident.opened_at)),
    over: state === "stood_down",
    own: ownLine(incident, person)?.state ?? null,
    place: incident.place,
  };
}

export interface Where {
  name: string | null;
  address: string | null;
  floor: string | null;
  door: string | null;
  /** Each a line of its own, the risk first. */
  dangers: readonly string[];
  /** The beacon that was heard loudest. */
  indoor: string | null;
  fix: { coordinates: string; age: string; accuracy: string; old: boolean; lastKnown: boolean } | null;
  /** From oneself, as the crow flies. */
  distance: string | null;
  /** For the phone's own map, and for a page of OpenStreetMap; both are followed by a press alone. */
  routes: { geo: string; web: string } | null;
  /** Neither place nor position. */
  unknown: boolean;
}

export function where(incident: IncidentView, detail: IncidentDetail | null, here: Spot | null, now: number, speech: Speech): Where {
  const known = detail?.incident.id === incident.id ? detail.place : null;
  const heard = detail?.incident.id === incident.id ? detail.indoor : null;
  const fix = incident.position;
  const at = spotOf(incident, detail);
  const risk = known?.risk && known.risk !== "none" ? speech.sayOr("risk", known.risk) : null;
  const ageMs = fix ? Math.max(0, now - Date.parse(fix.fix_at ?? fix.received_at)) : 0;
  return {
    name: known?.name ?? incident.place,
    address: known?.address || null,
    floor: known?.floor || null,
    door: known?.door_code || null,
    dangers: [risk && known?.ground ? `${risk}: ${known.ground}` : risk, known?.notes].filter((line): line is string => !!line),
    indoor: heard ? [heard.label, heard.place].filter(Boolean).join(", ") : null,
    fix: fix && {
      coordinates: `${fix.lat.toFixed(5)}, ${fix.lon.toFixed(5)}`,
      age: speech.say("place_age", { age: speech.age(ageMs) }),
      accuracy: fix.accuracy_m === null ? speech.say("place_accuracy_unknown") : speech.say("place_accuracy", { metres: speech.metres(fix.accuracy_m) }),
      old: ageMs >= OLD_MS,
      lastKnown: !fix.valid,
    },
    distance: at && here ? speech.metres(metresBetween(here, at)) : null,
    routes: at && routes(at),
    unknown: !at && !known && !incident.place,
  };
}

/** The newest position, else the address of the place. */
function spotOf(incident: IncidentView, detail: IncidentDetail | null): Spot | null {
  if (incident.position) return { lat: incident.position.lat, lon: incident.position.lon };
  const known = detail?.incident.id === incident.id ? detail.place : null;
  return known && known.lat !== null && known.lon !== null ? { lat: known.lat, lon: known.lon } : null;
}

function routes({ lat, lon }: Spot): { geo: string; web: string } {
  const at = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  return { geo: `geo:${at}?q=${at}`, web: `https://www.openstreetmap.org/directions?route=%3B${encodeURIComponent(at)}` };
}

export interface Answerable {
  word: Word;
  /** none: not said. waits: kept on this phone, not answered by the server. said: the server has it. */
  state: "none" | "waits" | "said";
}

/** The three answers. waiting: the one that is on its way, whose word does not count yet. */
export function answers(incident: IncidentView, person: string | null, waiting: Word | null): readonly Answerable[] {
  const own = ownLine(incident, person);
  const said = own ? (STATES[own.state] ?? null) : null;
  return WORDS.map((word) => ({ word, state: waiting === word ? "waits" : said === word && waiting === null ? "said" : "none" }));
}

export interface Other {
  id: string;
  name: string;
  self: boolean;
  state: ResponderState;
  /** How long it has been so. */
  age: string;
}

const NEAREST: readonly ResponderState[] = ["on_site", "going", "acknowledged", "notified", "declined", "released"];

/** Everybody who was told, whoever is nearest to it first. */
export function others(incident: IncidentView, person: string | null, now: number, speech: Speech): readonly Other[] {
  return incident.responders
    .toSorted((a, b) => NEAREST.indexOf(a.state) - NEAREST.indexOf(b.state) || a.name.localeCompare(b.name, speech.language))
    .map(({ person_id, name, state, since }) => ({ id: person_id, name, self: person_id === person, state, age: speech.age(now - Date.parse(since)) }));
}

/** What the desk has written to those who go there, newest first. */
export const wordsFor = (incident: IncidentView, messages: readonly OwnMessage[]): readonly OwnMessage[] =>
  messages.filter((one) => one.incident_id === incident.id && one.to === "responders").toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));

/** Why one need not go any more; null while one may be needed. */
export function released(incident: IncidentView, detail: IncidentDetail | null, person: string | null, speech: Speech): { title: string; why: string } | null {
  if (incident.state === "stood_down") {
    const end = detail?.incident.id === incident.id ? detail.timeline.findLast((one) => one.kind === "stood_down") : undefined;
    const outcome = incident.outcome === null ? "" : speech.say("call_outcome", { outcome: speech.sayOr("outcome", incident.outcome) });
    return { title: speech.say("call_over"), why: [outcome, end?.detail.note].filter(Boolean).join(" ") };
  }
  if (ownLine(incident, person)?.state !== "released") return null;
  return { title: speech.say("call_released"), why: speech.say("call_released_why") };
}
