// The queue: what lies open, gravest first, then oldest. Exercises and tests never stand above a call for help.
import type { IncidentView, NextStepView } from "../../shared/shapes";
import type { Speech } from "../../shared/say";
import { stopwatch } from "../../shared/say";
import { type Mark, marks, who } from "./marks";

const FIRST: Record<IncidentView["purpose"], number> = { real: 0, drill: 1, test: 2 };

export function byUrgency(a: IncidentView, b: IncidentView): number {
  return (
    FIRST[a.purpose] - FIRST[b.purpose] ||
    a.gravity - b.gravity ||
    Date.parse(a.opened_at) - Date.parse(b.opened_at) ||
    (a.id < b.id ? -1 : 1)
  );
}

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
  };
}

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

export interface QueuePicture {
  rows: Row[];
  done: Row[];
  open: number;
  untaken: number;
  hidden: number;
  hiddenUntaken: number;
}

export function queue(
  open: Iterable<IncidentView>,
  done: readonly IncidentView[],
  filter: string,
  now: number,
  speech: Speech,
): QueuePicture {
  const all = [...open].sort(byUrgency);
  const shown = all.filter((incident) => matches(incident, filter, speech));
  const untaken = (list: IncidentView[]) => list.filter((i) => i.state === "open" && i.purpose !== "test").length;
  return {
    rows: shown.map((incident) => row(incident, now, speech)),
    done: done.filter((incident) => matches(incident, filter, speech)).map((incident) => row(incident, now, speech)),
    open: all.length,
    untaken: untaken(all),
    hidden: all.length - shown.length,
    hiddenUntaken: untaken(all) - untaken(shown),
  };
}

export function matches(incident: IncidentView, filter: string, speech: Speech): boolean {
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
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

/** The id a step up or down from the selected one; the first when nothing is selected. */
export function step(ids: readonly string[], selected: string | null, by: 1 | -1): string | null {
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at < 0) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
}

/** The alarm that most needs a person: the first that nobody has taken. */
export function gravestUntaken(open: Iterable<IncidentView>): string | null {
  return [...open].filter((i) => i.state === "open").sort(byUrgency)[0]?.id ?? null;
}
