// What sets an incident apart, as short words with a reason: read before colour.
import type { AccountSpeech as Speech } from "../words/account";
import type { DeviceView, IncidentView } from "../shapes";

export const LATE_S = 10; // a network's ordinary delay is no news

export const APP = "app"; // the protocol of a person's own phone

export interface Mark {
  kind: "silent" | "late" | "unknown" | "drill" | "test" | "fault" | "round";
  words: string;
  why: string;
}

/** Whom it is about, as one would say it aloud. */
export function who(incident: IncidentView, speech: Speech): string {
  if (incident.person) return incident.person.name;
  const device = incident.device;
  if (!device) return speech.say("unknown_person");
  return device.label ?? (device.protocol === APP ? deviceName(device, speech) : `${device.protocol} ${device.account}`);
}

/** A phone with our app is known by whose it is, not by its account. */
export function deviceName(device: DeviceView, speech: Speech): string {
  return device.label ?? (device.protocol === APP ? speech.say("device_own_phone") : device.account);
}

export function marks(incident: IncidentView, speech: Speech): Mark[] {
  const found: Mark[] = [];
  const add = (kind: Mark["kind"], words: string, why = "") => found.push({ kind, words, why });
  if (incident.purpose === "drill") add("drill", speech.say("mark_drill"), speech.say("mark_drill_why"));
  if (incident.purpose === "test") add("test", speech.say("mark_test"), speech.say("mark_test_why"));
  if (incident.silent) add("silent", speech.say("mark_silent"), speech.say("mark_silent_why"));
  if (incident.lateness_s !== null && incident.lateness_s >= LATE_S) {
    const age = speech.length(incident.lateness_s * 1000);
    add("late", speech.say("mark_late", { age }), speech.say("mark_late_why", { age }));
  }
  if (!incident.person && !incident.device?.id) add("unknown", speech.say("mark_unknown_device"), speech.say("mark_unknown_why"));
  if (incident.system_faults.length > 0) {
    const why = incident.system_faults.map((fault) => faultWords(fault, incident.step, speech)).join(". ");
    add("fault", speech.say("mark_fault"), why);
  }
  if (incident.round > 1) add("round", speech.say("mark_round", { round: incident.round }), speech.say("fault_chain_used_up"));
  return found;
}

export function faultWords(fault: string, step: number | null, speech: Speech): string {
  const words = speech.sayOr("fault", fault, (value) => speech.say("fault_other", { fault: value.replaceAll("_", " ") }));
  return words.replace("{step}", step === null ? "?" : String(step + 1));
}
