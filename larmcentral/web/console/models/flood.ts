// In a flood, alarms of one cause share a line. A call for help never does: it stands as a row of its own, always.
import type { IncidentView, Kind } from "../../shared/shapes";
import { type GroupLine, type Line, rowLine } from "./line";
import type { Placed } from "./ordered";

const WITHIN_MS = 10 * 60_000; // the window that a flood is counted in
const FEWEST = 3; // two rows say more than one line about two

/** A device that wants help, or silence where a sign of life was due: what one fallen mast or power cut raises by the hundred. */
const SHARED: ReadonlySet<Kind> = new Set<Kind>(["missed_check_in", "overdue", "lost_contact", "silent_device", "low_battery", "power_off", "removed", "tamper", "device_fault"]);

/** What may share a line: open, in nobody's hands, not silent, nobody under way, and of a kind that one cause can raise often. */
export function shares(incident: IncidentView): boolean {
  const moving = incident.responders.some((one) => one.state === "going" || one.state === "on_site" || one.state === "acknowledged");
  return SHARED.has(incident.kind) && incident.state === "open" && incident.owner === null && !incident.silent && !moving;
}

const causeOf = (incident: IncidentView): string =>
  [incident.purpose, incident.kind, incident.committee_id, incident.place ?? incident.person?.unit ?? ""].join("/");

interface Group {
  cause: string;
  from: number;
  members: Placed[];
}

/** list: in the order of the queue. opened: causes whose groups stand open. Nothing is left out: each incident is a row or in a group. */
export function grouped(list: readonly Placed[], opened: ReadonlySet<string>): Line[] {
  const newest = new Map<string, Group>();
  const groupOf = new Map<Placed, Group>();
  for (const one of list) {
    if (!shares(one.incident)) continue;
    const cause = causeOf(one.incident);
    let group = newest.get(cause);
    if (!group || one.opened - group.from > WITHIN_MS) {
      group = { cause, from: one.opened, members: [] };
      newest.set(cause, group);
    }
    group.members.push(one);
    groupOf.set(one, group);
  }
  const lines: Line[] = [];
  for (const one of list) {
    const group = groupOf.get(one);
    if (!group || group.members.length < FEWEST) lines.push(one.line);
    else if (group.members[0] === one) lines.push(...linesOf(group, opened.has(group.cause)));
  }
  return lines;
}

function linesOf({ cause, from, members }: Group, open: boolean): Line[] {
  const [first, last] = [members[0] as Placed, members.at(-1) as Placed];
  const ids = members.map((one) => one.incident.id);
  const head: GroupLine = { what: "group", key: `${cause}/${from}`, incident: first.incident, ids, open, oldest: first.opened, newest: last.opened };
  return open ? [head, ...members.map((one) => rowLine(one.incident, true))] : [head];
}

/** The cause that a group's line stands for: what `opened` holds. */
export const causeOfLine = (line: GroupLine): string => causeOf(line.incident);
