// The running countdown to what happens next if nobody acts.
import type { Speech } from "../words/speech";
import { stopwatch } from "../../shared/say";
import type { IncidentView } from "../../shared/shapes";

const SOON_MS = 15_000;

export interface Countdown {
  /** 0:47, or "now"; empty where nothing runs. */
  clock: string;
  words: string;
  tone: "calm" | "soon" | "overdue" | "none" | "alarming";
  /** 1 when it began, 0 when due; null where the beginning is not known. */
  share: number | null;
}

/** since: when the present wait began on this screen (the last change seen), for the bar; null draws none. */
export function countdown(incident: IncidentView, since: number | null, now: number, speech: Speech): Countdown {
  const next = incident.next;
  if (incident.state === "stood_down") return { clock: "", words: "", tone: "none", share: null };
  if (!next) {
    const alarming = incident.state === "open" && incident.purpose !== "test";
    return { clock: "", words: speech.say(alarming ? "next_none_open" : "next_none"), tone: alarming ? "alarming" : "none", share: null };
  }
  const due = Date.parse(next.due_at);
  const left = due - now;
  const words = nextWords(incident, speech);
  if (left <= -1000) return { clock: speech.say("next_due"), words: `${words} (${speech.say("next_overdue", { age: speech.length(-left) })})`, tone: "overdue", share: 0 };
  if (left <= 0) return { clock: speech.say("next_due"), words, tone: "soon", share: 0 };
  const share = since === null || due <= since ? null : Math.min(1, Math.max(0, left / (due - since)));
  return { clock: stopwatch(left), words, tone: left < SOON_MS ? "soon" : "calm", share };
}

function nextWords(incident: IncidentView, speech: Speech): string {
  const next = incident.next;
  if (!next) return "";
  if (next.what === "lapse") return speech.say("next_lapse");
  if (next.what === "next_turn") return speech.say("next_turn");
  if (next.what === "repeat") return speech.say("next_repeat", { step: incident.step + 1 });
  if (next.step === null) return speech.say("next_loop");
  const targets = speech.list(next.targets.map((name) => targetWords(name, speech)));
  const fields = { step: next.step + 1, steps: incident.steps, targets };
  return speech.say(targets ? "next_step" : "next_step_bare", fields);
}

/** Whom a step reaches: a name as it is, a kind of target in words. */
export function targetWords(name: string, speech: Speech): string {
  const near = /^nearest:(\d+)\/(\d+)$/.exec(name);
  if (near) return speech.say("target_nearest", { count: near[1] ?? "", distance: speech.metres(Number(near[2])) });
  if (name.startsWith("receiver:")) return speech.say("target_receiver", { name: name.slice("receiver:".length) });
  if (name === "building") return speech.say("target_building");
  if (name === "manager") return speech.say("target_manager");
  return name === "desk" ? speech.say("desk") : name;
}

/** When the present wait began, as far as the incident tells: the newest of what it says has happened. */
export function waitingSince(incident: IncidentView): number {
  const times = [incident.opened_at, incident.acknowledged_at, ...incident.responders.map((r) => r.since)];
  return Math.max(...times.filter((at): at is string => at !== null).map((at) => Date.parse(at)));
}
