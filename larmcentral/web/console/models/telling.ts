// Whom words or a call for help can go to from an incident, and why not where they cannot.
import type { ForwarderView } from "../../shared/shapes_forwarders";
import type { IncidentView } from "../../shared/shapes";
import type { PersonChoice } from "../../shared/shapes_registers";
import type { TargetNamed } from "../../shared/shapes_desk";
import type { MessageSend } from "../../shared/shapes_plans";
import { targetWords } from "./countdown";
import type { Speech } from "../words/speech";

export const MESSAGE_LENGTH = 300; // the server takes no more
export const SMS_LENGTH = 150; // what a text message carries of it
const NEAREST = { count: 3, within_m: 2000 } as const;

export interface Recipient {
  to: MessageSend["to"];
  words: string;
  /** Who it is, or why it cannot be. */
  aside: string;
  able: boolean;
}

export function recipients(incident: IncidentView, speech: Speech): Recipient[] {
  const told = incident.responders.filter((one) => one.state !== "declined" && one.state !== "released");
  const names = speech.list(told.map((one) => one.name));
  const wearer = incident.silent ? speech.say("message_silent") : incident.person ? incident.person.name : speech.say("message_no_wearer");
  return [
    { to: "responders", words: speech.say("message_to_responders"), aside: names || speech.say("no_responders"), able: told.length > 0 },
    { to: "wearer", words: speech.say("message_to_wearer"), aside: wearer, able: !incident.silent && incident.person !== null },
  ];
}

/** Says that a text message will be cut, once it is. */
export function lengthWords(text: string, speech: Speech): string {
  const length = text.trim().length;
  return speech.say(length > SMS_LENGTH ? "message_length_long" : "message_length", { count: length, most: MESSAGE_LENGTH, sms: SMS_LENGTH });
}

export interface Extra {
  key: string;
  words: string;
  target: TargetNamed;
}

/** Whom the house can add without a search: those near, those in the building, the manager, each centre in use. */
export function extras(incident: IncidentView, centres: readonly ForwarderView[], speech: Speech): Extra[] {
  const found: Extra[] = [];
  const add = (name: string, target: TargetNamed, called = name) => {
    const words = targetWords(called, speech);
    found.push({ key: name, words: words.charAt(0).toUpperCase() + words.slice(1), target });
  };
  if (incident.position) add(`nearest:${NEAREST.count}/${NEAREST.within_m}`, { nearest: NEAREST });
  if (incident.place !== null) add("building", { building: true });
  add("manager", { manager: true });
  if (incident.purpose === "real") for (const centre of centres) add(`receiver:${centre.name}`, { receiver: centre.name }, `receiver:${centre.label}`);
  return found;
}

/** Where a person stands already, so that nobody is added twice by mistake; null where he was not told. */
export function standsAs(incident: IncidentView, person: PersonChoice, speech: Speech): string | null {
  if (person.id === incident.person?.id) return speech.say("add_is_wearer");
  const responder = incident.responders.find((one) => one.person_id === person.id);
  return responder ? speech.sayOr("responder", responder.state) : null;
}

/** Everybody chosen, as the server is told. */
export function targetsOf(persons: readonly PersonChoice[], extra: readonly Extra[]): TargetNamed[] {
  return [...persons.map((one) => ({ person: one.id })), ...extra.map((one) => one.target)];
}
