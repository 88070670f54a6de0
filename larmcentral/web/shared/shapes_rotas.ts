// Written from larmcentral/api/shapes_rotas.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { Kind } from "./shapes";

/** One row of GET /api/rotas. */
export interface RotaRow {
  readonly id: string;
  readonly committee_id: string;
  readonly name: string;
  readonly version: number;
}

/** PUT /api/rotas/{rota_id}, part: persons who take turns, as escalation.rota.Layer says. from_hour, to_hour: both or neither; over midnight where to is not the later one. weekdays: 0 is Monday; empty is every day. */
export interface RotaLayer {
  readonly name: string;
  readonly persons: readonly string[];
  readonly starts_on: string;
  readonly hand_over?: string;
  readonly length_days?: number;
  readonly from_hour?: string | null;
  readonly to_hour?: string | null;
  readonly weekdays?: readonly number[];
  readonly holidays?: "always" | "only_holidays" | "not_holidays";
}

/** POST /api/rotas/{rota_id}/overrides: somebody stands in. layer: index, None for all of them. */
export interface RotaOverride {
  readonly person_id: string;
  readonly from_at: string;
  readonly until_at: string;
  readonly layer?: number | null;
  readonly ground?: string;
}

/** PUT /api/rotas/{rota_id}. version: the one it was made from, 0 for a new rota. overrides: None keeps them. */
export interface RotaDraft {
  readonly committee_id: string;
  readonly version: number;
  readonly name: string;
  readonly zone?: string;
  readonly layers: readonly RotaLayer[];
  readonly overrides?: readonly RotaOverride[] | null;
}

/** GET /api/rotas/{rota_id}. persons: names of those it names, as far as one may know them. */
export interface RotaView {
  readonly id: string;
  readonly committee_id: string;
  readonly version: number;
  readonly name: string;
  readonly zone: string;
  readonly layers: readonly RotaLayer[];
  readonly overrides: readonly RotaOverride[];
  readonly persons: Readonly<Record<string, string>>;
}

/** The version that stands now. */
export interface Saved {
  readonly version: number;
}

/** POST /api/rotas/{rota_id}/swaps, part: the shift of a layer that runs at a moment. */
export interface ShiftMeant {
  readonly layer: number;
  readonly at: string;
}

/** POST /api/rotas/{rota_id}/swaps: two persons take each other's shifts. */
export interface RotaSwap {
  readonly one: ShiftMeant;
  readonly other: ShiftMeant;
  readonly ground?: string;
}

/** One row of GET /api/rotas/{rota_id}/shifts. */
export interface RotaShift {
  readonly person_id: string;
  readonly person: string;
  readonly layer: number;
  readonly from_at: string;
  readonly until_at: string;
}

/** One row of GET /api/rotas/{rota_id}/gaps: nobody at all is on call. */
export interface RotaGap {
  readonly from_at: string;
  readonly until_at: string;
}

/** Somebody on call. */
export interface OnCallPerson {
  readonly person_id: string;
  readonly person: string;
}

/** GET /api/rotas/{rota_id}/on-call: first called first. holiday: whether the rota's local day is one. */
export interface OnCallView {
  readonly at: string;
  readonly day: string;
  readonly holiday: boolean;
  readonly persons: readonly OnCallPerson[];
}

/** POST, PUT or GET of a chain, part: which alarms take it; of the whole committee where both are None. */
export interface ChainUse {
  readonly unit_id: string | null;
  readonly kind: Kind | null;
}

/** One row of GET /api/chains. */
export interface ChainRow {
  readonly id: string;
  readonly committee_id: string;
  readonly name: string;
  readonly version: number;
  readonly uses: readonly ChainUse[];
}

/** PUT /api/chains/{chain_id} and POST /api/chains/complaints. chain: as its author writes it, times in seconds. version: the one it was made from, 0 for a new chain. uses: all the alarms that shall take it; PUT alone looks at version and uses. */
export interface ChainDraft {
  readonly committee_id: string;
  readonly version?: number;
  readonly chain: Readonly<Record<string, unknown>>;
  readonly uses?: readonly ChainUse[];
}

/** GET /api/chains/{chain_id}: the newest version, as its author would write it. */
export interface ChainView {
  readonly id: string;
  readonly committee_id: string;
  readonly version: number;
  readonly chain: Readonly<Record<string, unknown>>;
}

/** One reason why a chain or rota may not go live. where: indexes such as step or layer. fields: for the words. */
export interface ComplaintView {
  readonly kind: string;
  readonly where: Readonly<Record<string, number>>;
  readonly fields: Readonly<Record<string, string>>;
}

/** One row of GET /api/dry-run. after_s: seconds from the alarm. as_of_now: chosen by who is near just now. receiver: of a row whose what is 'receiver', the alarm receiving centre's name. */
export interface DryCall {
  readonly after_s: number;
  readonly what: string;
  readonly step: number | null;
  readonly round: number;
  readonly person_id: string | null;
  readonly person: string | null;
  readonly channel: string | null;
  readonly receiver: string | null;
  readonly why: string | null;
  readonly as_of_now: boolean;
}
