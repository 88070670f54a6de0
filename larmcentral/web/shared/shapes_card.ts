// Written from larmcentral/api/shapes_card.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { IncidentState, Kind, Purpose, ResponderState } from "./shapes";

/** Whom it is about. do_not_ring: a silent alarm; phone is then null. */
export interface CardPerson {
  readonly name: string | null;
  readonly unit: string | null;
  readonly employer: string | null;
  readonly device: string;
  readonly phone: string | null;
  readonly do_not_ring: boolean;
}

/** The newest position, WGS84. valid false: last known place, no fix of its own. */
export interface CardPosition {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy_m: number | null;
  readonly age_s: number;
  readonly valid: boolean;
}

/** Where to go and what waits there. */
export interface CardPlace {
  readonly name: string;
  readonly address: string;
  readonly floor: string;
  readonly door_code: string;
  readonly danger: string | null;
  readonly risk: "none" | "raised" | "evident" | null;
  readonly ground: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
}

/** Somebody who was told, and what he does. */
export interface CardResponder {
  readonly name: string;
  readonly state: ResponderState;
  readonly since: string;
}

/** An alarm receiving centre that was told. took: a machine of theirs answered; nobody need have read it. */
export interface CardCentre {
  readonly receiver: string;
  readonly state: "told" | "took" | "unreached";
  readonly at: string;
}

/** A moment of the operator's own call so far. */
export interface CardCall {
  readonly what: "dialled" | "answered" | "case_number";
  readonly text: string;
  readonly at: string;
  readonly by: string | null;
}

/** What to say first, sentence by sentence; of a drill, that nobody is to be rung. */
export interface CardScript {
  readonly language: "sv" | "en";
  readonly kind: string;
  readonly sentences: readonly string[];
}

/** GET /api/incidents/{incident_id}/card. number: our own short one for the case. call_back: where the desk is reached, null where the settings do not say. That place and position were shown is recorded. */
export interface SosCard {
  readonly incident_id: string;
  readonly number: string;
  readonly purpose: Purpose;
  readonly state: IncidentState;
  readonly kind: Kind;
  readonly silent: boolean;
  readonly opened_at: string;
  readonly lateness_s: number | null;
  readonly centre: string;
  readonly call_back: string | null;
  readonly person: CardPerson;
  readonly place: CardPlace | null;
  readonly position: CardPosition | null;
  readonly responders: readonly CardResponder[];
  readonly centres: readonly CardCentre[];
  readonly calls: readonly CardCall[];
  readonly scripts: readonly CardScript[];
}
