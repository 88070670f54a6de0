// The card for the operator's own call: who, where, what waits there, what has been done, and what to say first.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { WaysApi } from "../../shared/api_ways";
import type { Speech } from "../words/speech";
import type { CardCall, CardPosition, SosCard } from "../../shared/shapes_card";
import type { Denied } from "./errand";

export const STAMPS = ["dialled", "answered", "case_number"] as const;
export type Stamp = (typeof STAMPS)[number];

/** The card as the server last gave it. That place and position were shown is recorded there. */
export class CardDesk {
  readonly card = signal<SosCard | null>(null);
  readonly failed = signal<Denied | null>(null);

  constructor(
    private readonly api: Pick<WaysApi, "card">,
    readonly incident: string,
  ) {}

  async load(): Promise<void> {
    try {
      this.card.value = await this.api.card(this.incident);
      this.failed.value = null;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.failed.value = { what: "card", problem: error instanceof Refusal ? error.problem : null };
    }
  }
}

export interface Fact {
  name: string;
  value: string;
  /** Read out by itself, digit by digit. */
  code?: boolean;
}

/** Who it is about, and whether anybody may ring back. */
export function about(card: SosCard, speech: Speech): Fact[] {
  const { person } = card;
  const none = speech.say("not_told");
  const phone = person.do_not_ring ? speech.say("card_do_not_ring") : (person.phone ?? none);
  const facts: Fact[] = [{ name: speech.say("person"), value: person.name ?? speech.say("unknown_person") }];
  if (person.unit || person.employer) facts.push({ name: speech.say("unit"), value: [person.unit, person.employer].filter(Boolean).join(" · ") });
  facts.push({ name: speech.say("card_phone"), value: phone }, { name: speech.say("device"), value: person.device || none });
  return facts;
}

/** Where to go. Empty where neither a place nor a position is known: then that is said. */
export function where(card: SosCard, speech: Speech): Fact[] {
  const { place, position } = card;
  const facts: Fact[] = [];
  if (place) {
    const none = speech.say("not_told");
    facts.push(
      { name: speech.say("premises_address"), value: [place.name, place.address].filter(Boolean).join(", ") || none },
      { name: speech.say("premises_floor"), value: place.floor || none },
      { name: speech.say("premises_door_code"), value: place.door_code || none, code: true },
    );
  }
  if (position) facts.push({ name: speech.say("card_position"), value: positionWords(position, speech) });
  return facts;
}

export function dangers(card: SosCard, speech: Speech): string[] {
  const { place } = card;
  const risk = place?.risk === "raised" || place?.risk === "evident" ? speech.sayOr("risk", place.risk) : null;
  return [risk, place?.ground ?? null, place?.danger ?? null].filter((line): line is string => line !== null && line !== "");
}

/** WGS84 with five decimals, about a metre, in the form a person at the other end writes down. */
export function positionWords(position: CardPosition, speech: Speech): string {
  const half = (degrees: number, plus: string, minus: string) => `${speech.decimal(Math.abs(degrees).toFixed(5))} ${degrees < 0 ? minus : plus}`;
  const parts = [`${half(position.lat, "N", "S")}, ${half(position.lon, "E", "W")}`];
  parts.push(position.accuracy_m === null ? speech.say("place_accuracy_unknown") : speech.say("place_accuracy", { metres: speech.metres(position.accuracy_m) }));
  parts.push(position.valid ? speech.say("place_age", { age: speech.age(position.age_s * 1000) }) : speech.say("place_last_known"));
  return parts.join(" · ");
}

/** Who is on his way, and which centre was told: what SOS asks next. */
export function done(card: SosCard, speech: Speech): string[] {
  const people = card.responders.map((one) => `${one.name}: ${speech.sayOr("responder", one.state)}`);
  return [...people, ...card.centres.map((one) => `${one.receiver}: ${speech.sayOr("centre", one.state)}, ${speech.time(one.at)}`)];
}

/** The last time a moment of the call was stamped. */
export function stamped(calls: readonly CardCall[], what: Stamp): CardCall | null {
  return calls.findLast((call) => call.what === what) ?? null;
}
