// Where it is, in words that work without a base map: distance and direction from a known town.
import type { AccountSpeech as Speech } from "../words/account";
import type { IncidentDetail, IncidentView, PlaceOfIncident, PlanBounds, PositionView } from "../shapes";
import { TOWNS } from "../map/towns";
import { metresBetween } from "./metres";

const NEAR_M = 3000; // inside a town its name says more than a direction
const FAR_M = 80_000; // beyond that no town of ours helps
const DIRECTIONS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;
const OLD_MS = 5 * 60_000;

/** The compass point from a to b. */
export function direction(a: { lat: number; lon: number }, b: { lat: number; lon: number }): (typeof DIRECTIONS)[number] {
  const rad = Math.PI / 180;
  const east = (b.lon - a.lon) * Math.cos(((a.lat + b.lat) / 2) * rad);
  const turn = Math.atan2(east, b.lat - a.lat) / (Math.PI / 4);
  return DIRECTIONS[(Math.round(turn) + 8) % 8] as (typeof DIRECTIONS)[number];
}

export function near(at: { lat: number; lon: number }, speech: Speech): string | null {
  const [town, metres] = TOWNS.map((t) => [t, metresBetween(t, at)] as const).reduce((a, b) => (b[1] < a[1] ? b : a));
  if (metres > FAR_M) return null;
  if (metres < NEAR_M) return speech.say("place_in", { town: town.name });
  return speech.say("place_near", {
    distance: speech.metres(Math.max(1000, metres)),
    direction: speech.sayOr("direction", direction(town, at)),
    town: town.name,
  });
}

export interface PlacePicture {
  coordinates: string;
  near: string | null;
  accuracy: string;
  age: string;
  old: boolean;
  lastKnown: boolean;
}

export function place(position: PositionView, now: number, speech: Speech): PlacePicture {
  const ageMs = Math.max(0, now - Date.parse(position.fix_at ?? position.received_at));
  return {
    coordinates: coordinates(position),
    near: near(position, speech),
    accuracy: position.accuracy_m === null ? speech.say("place_accuracy_unknown") : speech.say("place_accuracy", { metres: speech.metres(position.accuracy_m) }),
    age: speech.say("place_age", { age: speech.age(ageMs) }),
    old: ageMs >= OLD_MS,
    lastKnown: !position.valid,
  };
}

/** Where the map points: at the newest position, else at the address of the place. */
export type Spot = { by: "fix"; position: PositionView } | { by: "address"; lat: number; lon: number };

export function spot(incident: IncidentView, known: PlaceOfIncident | null): Spot | null {
  if (incident.position) return { by: "fix", position: incident.position };
  if (known === null || known.lat === null || known.lon === null) return null;
  return { by: "address", lat: known.lat, lon: known.lon };
}

export function coordinates(at: { lat: number; lon: number }): string {
  return `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`;
}

/** The place in a detail that belongs to this incident. */
export function placeIn(detail: IncidentDetail | null, incident: IncidentView): PlaceOfIncident | null {
  return detail?.incident.id === incident.id ? detail.place : null;
}

export interface PremisesPicture {
  name: string;
  /** What helps at the door; null while it is fetched, or where it may not be seen. */
  door: { address: string | null; floor: string | null; code: string | null } | null;
  /** Each a line of its own, the risk first. */
  dangers: string[];
  /** Why there is no more than a name. */
  instead: string | null;
}

/** The place as one needs it who goes there; null where nobody knows it. */
export function premises(incident: IncidentView, detail: IncidentDetail | null, speech: Speech): PremisesPicture | null {
  const known = placeIn(detail, incident);
  const name = known?.name ?? incident.place;
  if (!name) return null;
  if (!known) {
    const loaded = detail?.incident.id === incident.id;
    const over = incident.state === "stood_down";
    return { name, door: null, dangers: [], instead: loaded ? (over ? speech.say("premises_over") : null) : speech.say("loading") };
  }
  const risk = known.risk && known.risk !== "none" ? speech.sayOr("risk", known.risk) : null;
  return {
    name,
    door: { address: known.address || null, floor: known.floor || null, code: known.door_code || null },
    dangers: [risk && known.ground ? `${risk}: ${known.ground}` : risk, known.notes].filter((line): line is string => !!line),
    instead: null,
  };
}

export interface IndoorPicture {
  where: string;
  heard: string;
}

/** The beacon that the wearer's device heard loudest: a floor and a corridor, where no satellite reaches. */
export function indoor(detail: IncidentDetail | null, incident: IncidentView, now: number, speech: Speech): IndoorPicture | null {
  const heard = detail?.incident.id === incident.id ? detail.indoor : null;
  if (!heard) return null;
  const where = [heard.label, incident.place === heard.place && heard.label ? "" : heard.place].filter(Boolean).join(", ");
  return { where, heard: speech.say("place_indoor_heard", { age: speech.age(Math.max(0, now - Date.parse(heard.at))) }) };
}

/** Where a floor plan can lie on the map: an image whose edges somebody has set. */
export interface FloorPlan {
  place: string;
  bounds: PlanBounds;
}

export function floorPlan(known: PlaceOfIncident | null): FloorPlan | null {
  if (!known?.plan_type?.startsWith("image/") || !known.plan_bounds) return null;
  return { place: known.id, bounds: known.plan_bounds };
}
