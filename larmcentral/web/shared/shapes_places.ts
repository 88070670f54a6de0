// Written from larmcentral/api/shapes_places.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { PlanBounds } from "./shapes";

/** One row of GET /api/places. no_signal_at: when contact was last lost there and not found since. */
export interface PlaceChoice {
  readonly id: string;
  readonly committee_id: string;
  readonly name: string;
  readonly address: string;
  readonly risk: "none" | "raised" | "evident";
  readonly no_signal_at: string | null;
}

/** A recorded risk. A flag past its review still counts: nobody has said that the danger is over. */
export interface FlagView {
  readonly risk: "none" | "raised" | "evident";
  readonly owner_id: string;
  readonly owner: string;
  readonly ground: string;
  readonly review_on: string;
  readonly set_at: string;
}

/** PUT /api/places/{place_id}/beacons, part: a radio beacon that hangs there. id: its MAC or UUID as devices say. */
export interface Beacon {
  readonly id: string;
  readonly label?: string;
}

/** PUT /api/places/{place_id}/beacons: all that hang there; those left out are forgotten. */
export interface BeaconList {
  readonly beacons: readonly Beacon[];
}

/** GET /api/places/{place_id}. notes: dangers, in words. plan_type: of the site plan beside it, None without one. */
export interface PlaceView {
  readonly id: string;
  readonly committee_id: string;
  readonly name: string;
  readonly address: string;
  readonly floor: string;
  readonly door_code: string;
  readonly notes: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly building_id: string | null;
  readonly unit_id: string | null;
  readonly plan_type: string | null;
  readonly flag: FlagView | null;
  readonly no_signal_at: string | null;
  readonly plan_bounds: PlanBounds | null;
  readonly beacons: readonly Beacon[];
}

/** PUT /api/places/{place_id}; the id is made by whoever enters the place. lat, lon: both or neither. */
export interface PlaceDraft {
  readonly committee_id: string;
  readonly name: string;
  readonly address?: string;
  readonly floor?: string;
  readonly door_code?: string;
  readonly notes?: string;
  readonly lat?: number | null;
  readonly lon?: number | null;
  readonly building_id?: string | null;
  readonly unit_id?: string | null;
}

/** PUT /api/places/{place_id}/flag. review_on: today or later, at most 90 days ahead. */
export interface FlagDraft {
  readonly risk: "raised" | "evident";
  readonly owner_id: string;
  readonly ground: string;
  readonly review_on: string;
}

/** POST /api/places/{place_id}/coverage. */
export interface CoverageReport {
  readonly good: boolean;
}
