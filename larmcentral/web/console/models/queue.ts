// The queue: what lies open, gravest first, then oldest. Exercises and tests never stand above a call for help.
import type { IncidentView, NextStepView } from "../../shared/shapes";
import type { Speech } from "../words/speech";
import { stopwatch } from "../../shared/say";
import { type Mark, marks, who } from "../../shared/account/marks";
import { grouped } from "./flood";
import type { GroupLine, Line } from "./line";
import type { Placed } from "./ordered";

export interface Row {
  id: string;
  gravity: number;
  taken: boolean;
  done: boolean;
  purpose: IncidentView["purpose"];
  kind: string;
  who: string;
  where: string;
  age: string;
  marks: Mark[];
  /** Who has it and who moves, or what happens next and when. */
  owner: string | null;
  response: string | null;
  next: string | null;
  nextSoon: boolean;
  unseen: boolean;
  /** Taken, and nothing was done since. */
  idle: string | null;
}

const SOON_MS = 15_000;
const LAPSE_NEAR_MS = 60_000; // an incident in hand is quiet until its time is nearly up

export function row(incident: IncidentView, now: number, speech: Speech): Row {
  const end = incident.stood_down_at ? Date.parse(incident.stood_down_at) : now;
  const left = incident.next ? Date.parse(incident.next.due_at) - now : null;
  return {
    id: incident.id,
    gravity: incident.gravity,
    taken: incident.state === "acknowledged",
    done: incident.state === "stood_down",
    purpose: incident.purpose,
    kind: speech.sayOr("kind", incident.kind),
    who: who(incident, speech),
    where: [incident.place, incident.person?.unit, incident.person?.team].filter(Boolean).join(" · "),
    age: stopwatch(Math.max(0, end - Date.parse(incident.opened_at))),
    marks: marks(incident, speech),
    owner: incident.owner ? speech.say("row_taken", { name: incident.owner.name }) : null,
    response: response(incident, speech),
    next: incident.next && left !== null && incident.state !== "stood_down" ? nextInRow(incident.next, left, speech) : null,
    nextSoon: left !== null && left < SOON_MS,
    unseen: incident.shown_at === null && incident.purpose === "real",
    idle: isIdle(incident) ? speech.say("row_idle") : null,
  };
}

/** Somebody has it and does nothing: his managers have been told. */
export const isIdle = (incident: IncidentView): boolean => incident.state === "acknowledged" && incident.system_faults.includes("owner_idle");

function response(incident: IncidentView, speech: Speech): string | null {
  const count = (state: string) => incident.responders.filter((r) => r.state === state).length;
  const [onSite, going] = [count("on_site"), count("going")];
  if (onSite > 0) return speech.say("row_on_site", { count: onSite });
  return going > 0 ? speech.say("row_going", { count: going }) : null;
}

function nextInRow(next: NextStepView, left: number, speech: Speech): string | null {
  const due = left <= 0;
  if (next.what === "lapse" && left > LAPSE_NEAR_MS) return null;
  if (next.what === "lapse") return due ? speech.say("row_due_other") : speech.say("row_lapse", { left: stopwatch(left) });
  if (next.step === null) return due ? speech.say("row_due_other") : speech.say("row_loop", { left: stopwatch(left) });
  const step = next.step + 1;
  return due ? speech.say("row_due", { step }) : speech.say("row_step", { step, left: stopwatch(left) });
}

/** How a group's line reads: how many, of what, where, since when. */
export interface GroupRow {
  gravity: number;
  purpose: IncidentView["purpose"];
  count: string;
  kind: string;
  where: string;
  age: string;
  newest: string;
}

export function groupRow(line: GroupLine, now: number, speech: Speech): GroupRow {
  const { incident } = line;
  return {
    gravity: incident.gravity,
    purpose: incident.purpose,
    count: speech.say("group_count", { count: line.ids.length }),
    kind: speech.sayOr("kind", incident.kind),
    where: incident.place ?? incident.person?.unit ?? "",
    age: stopwatch(Math.max(0, now - line.oldest)),
    newest: speech.say("group_newest", { age: speech.age(Math.max(0, now - line.newest)) }),
  };
}

export interface QueuePicture {
  lines: readonly Line[];
  done: readonly IncidentView[];
  open: number;
  untaken: number;
  /** Of what is open, how many an exercise. */
  drills: number;
  hidden: number;
  hiddenUntaken: number;
}

/** flood: the causes whose groups stand open; null where each alarm has a row of its own. */
export function queue(all: readonly Placed[], done: readonly IncidentView[], filter: string, flood: ReadonlySet<string> | null, speech: Speech): QueuePicture {
  const asked = filter.trim() === "" ? null : filter.toLowerCase().trim().split(/\s+/);
  const fits = (incident: IncidentView) => asked === null || matches(incident, asked, speech);
  const shown = asked === null ? all : all.filter((one) => fits(one.incident));
  const untaken = (list: readonly Placed[]) => list.reduce((sum, { incident }) => sum + (incident.state === "open" && incident.purpose !== "test" ? 1 : 0), 0);
  const calls = untaken(all);
  return {
    lines: flood === null ? shown.map((one) => one.line) : grouped(shown, flood),
    done: done.filter(fits),
    open: all.length,
    untaken: calls,
    drills: all.reduce((sum, { incident }) => sum + (incident.purpose === "drill" ? 1 : 0), 0),
    hidden: all.length - shown.length,
    hiddenUntaken: shown === all ? 0 : calls - untaken(shown),
  };
}

/** words: in small letters; each of them has to be found. */
export function matches(incident: IncidentView, words: readonly string[], speech: Speech): boolean {
  const { person, device, owner } = incident;
  const hay = [
    who(incident, speech),
    person?.unit,
    person?.team,
    person?.employer,
    person?.phone,
    device?.label,
    device?.account,
    incident.place,
    owner?.name,
    speech.sayOr("kind", incident.kind),
    ...marks(incident, speech).map((m) => m.words),
  ]
    .join(" ")
    .toLowerCase();
  return words.every((word) => hay.includes(word));
}

/** Where one stops on the way down: each row, a closed group once, then what was stood down. */
export function stops(picture: QueuePicture): string[] {
  const open = picture.lines.filter((line) => line.what === "row" || !line.open);
  return [...open, ...picture.done.map((incident) => ({ incident }))].map((one) => one.incident.id);
}

/** The stop that stands for an incident: its own, or that of the closed group it is in. */
export function stopOf(picture: QueuePicture, id: string | null): string | null {
  return picture.lines.find((line) => standsAt(line, id))?.incident.id ?? id;
}

/** Where the eye stands: the selected one's own row, or the closed group that it is in. */
export function standsAt(line: Line, selected: string | null): boolean {
  if (selected === null) return false;
  return line.what === "row" ? line.incident.id === selected : !line.open && line.ids.includes(selected);
}

/** The id a step up or down from the selected one; the first when nothing is selected. */
export function step(ids: readonly string[], selected: string | null, by: 1 | -1): string | null {
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at < 0) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
}
