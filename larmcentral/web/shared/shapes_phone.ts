// Written from larmcentral/api/shapes_phone.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { Kind } from "./shapes";

/** One row of GET /api/me/devices. silent: it has not been heard for longer than its class allows. */
export interface OwnDevice {
  readonly id: string;
  readonly label: string | null;
  readonly protocol: string;
  readonly model: string | null;
  readonly battery_pct: number | null;
  readonly charging: boolean | null;
  readonly last_seen_at: string | null;
  readonly tested_at: string | null;
  readonly silent: boolean;
}

/** One row of GET /api/me/reads: somebody was shown something about oneself. Newest first, at most 200. action: position_shown, place_shown, session_shown, next_of_kin_shown ...; ground: why he could. */
export interface OwnRead {
  readonly at: string;
  readonly by: string;
  readonly role: string;
  readonly action: string;
  readonly ground: string;
  readonly kind: Kind | null;
}

/** One row of GET /api/me/colleagues: persons of one's own unit and teams, by name, without oneself. */
export interface Colleague {
  readonly id: string;
  readonly name: string;
}

/** GET /api/me/places/{place_id}: what whoever goes there should know before. That it was shown is recorded. two_persons: nobody may go there alone. */
export interface PlaceWarning {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly floor: string;
  readonly door_code: string;
  readonly notes: string;
  readonly risk: "none" | "raised" | "evident";
  readonly ground: string | null;
  readonly two_persons: boolean;
  readonly no_signal_at: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
}

/** PUT /api/me/session/memo: words about the visit, once it runs. made_at: by the phone, where it had to wait. */
export interface MemoGiven {
  readonly memo: string;
  readonly made_at?: string | null;
}

/** One row of GET /api/me/messages: words from the desk to oneself or to those who respond; newest first, 50. */
export interface OwnMessage {
  readonly incident_id: string;
  readonly at: string;
  readonly to: "wearer" | "responders";
  readonly by: string;
  readonly text: string;
}
