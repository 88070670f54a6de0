// Where it is, in words that work without a base map: distance and direction from a known town.
import type { Speech } from "../../shared/say";
import type { PositionView } from "../../shared/shapes";
import { TOWNS } from "../map/towns";

const EARTH_M = 6_371_000;
const NEAR_M = 3000; // inside a town its name says more than a direction
const FAR_M = 80_000; // beyond that no town of ours helps
const DIRECTIONS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;
const OLD_MS = 5 * 60_000;

export function metresBetween(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(h));
}

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
    coordinates: `${position.lat.toFixed(5)}, ${position.lon.toFixed(5)}`,
    near: near(position, speech),
    accuracy: position.accuracy_m === null ? speech.say("place_accuracy_unknown") : speech.say("place_accuracy", { metres: speech.metres(position.accuracy_m) }),
    age: speech.say("place_age", { age: speech.age(ageMs) }),
    old: ageMs >= OLD_MS,
    lastKnown: !position.valid,
  };
}
