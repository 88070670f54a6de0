// What lies open, in the order of the queue. Kept in order rather than sorted anew: thousands may lie there while hundreds change.
import type { IncidentView } from "../../shared/shapes";
import { type RowLine, rowLine } from "./line";

const FIRST: Record<IncidentView["purpose"], number> = { real: 0, drill: 1, test: 2 };

/** An incident with what it is ordered by: exercises and tests last, then gravity, then age. */
export interface Placed {
  readonly incident: IncidentView;
  readonly rank: number;
  readonly opened: number;
  /** Its line where it has one of its own: made once, not at each drawing of thousands. */
  readonly line: RowLine;
}

const placed = (incident: IncidentView): Placed => ({
  incident,
  rank: FIRST[incident.purpose] * 100 + incident.gravity,
  opened: Date.parse(incident.opened_at),
  line: rowLine(incident),
});

function byUrgency(a: Placed, b: Placed): number {
  return a.rank - b.rank || a.opened - b.opened || (a.incident.id < b.incident.id ? -1 : 1);
}

export class Ordered {
  private known = new Map<string, Placed>();
  private list: readonly Placed[] = [];

  /** The order of what is open now; the same list again where nothing changed. */
  take(open: ReadonlyMap<string, IncidentView>): readonly Placed[] {
    const gone = new Set<Placed>();
    const come: Placed[] = [];
    for (const [id, incident] of open) {
      const before = this.known.get(id);
      if (before?.incident === incident) continue;
      if (before) gone.add(before);
      const one = placed(incident);
      this.known.set(id, one);
      come.push(one);
    }
    if (this.known.size > open.size) {
      for (const [id, one] of this.known) {
        if (open.has(id)) continue;
        gone.add(one);
        this.known.delete(id);
      }
    }
    if (gone.size === 0 && come.length === 0) return this.list;
    const kept = gone.size === 0 ? this.list : this.list.filter((one) => !gone.has(one));
    this.list = merged(kept, come.sort(byUrgency));
    return this.list;
  }
}

function merged(one: readonly Placed[], other: readonly Placed[]): readonly Placed[] {
  if (other.length === 0) return one;
  const out: Placed[] = [];
  let at = 0;
  for (const next of other) {
    for (let before = one[at]; before && byUrgency(before, next) < 0; before = one[at]) {
      out.push(before);
      at += 1;
    }
    out.push(next);
  }
  for (; at < one.length; at++) out.push(one[at] as Placed);
  return out;
}

/** The alarm that most needs a person: the first that nobody has taken. */
export function gravestUntaken(list: readonly Placed[]): string | null {
  return list.find((one) => one.incident.state === "open")?.incident.id ?? null;
}
