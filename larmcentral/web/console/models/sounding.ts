// Which sound the desk should make now, if any. The shell that makes it knows nothing of alarms.
import type { IncidentView, SystemAlarmView } from "../../shared/shapes";
import type { Freshness } from "./freshness";

export type Tone = "gravest" | "grave" | "mild" | "system";

export interface Sounding {
  tone: Tone | null;
  /** What sounds: pass to Silenced to make it quiet. */
  keys(): string[];
}

/** Open, nobody has taken it, and meant to be heard: no covert alarm, no test. */
export function calls(incident: IncidentView): boolean {
  return incident.state === "open" && incident.purpose !== "test";
}

export function soundKey(incident: IncidentView): string {
  return `${incident.id}/${incident.gravity}/${incident.round}`; // graver, or round again: it may sound anew
}

export function sounding(
  incidents: Iterable<IncidentView>,
  systemAlarms: readonly SystemAlarmView[],
  fresh: Freshness,
  silenced: ReadonlySet<string>,
): Sounding {
  const loud: IncidentView[] = [];
  for (const incident of incidents) {
    if (calls(incident) && !incident.silent && !(silenced.size > 0 && silenced.has(soundKey(incident)))) loud.push(incident);
  }
  const system = systemAlarms.map((alarm) => `system/${alarm.id}`);
  if (fresh.state === "stale" || fresh.state === "no_database") system.push(`picture/${fresh.state}`);
  const loudSystem = system.filter((key) => !silenced.has(key));
  const keys = () => [...loud.map(soundKey), ...loudSystem];
  if (loud.length === 0) return { tone: loudSystem.length > 0 ? "system" : null, keys };
  const gravity = loud.reduce((least, incident) => Math.min(least, incident.gravity), Infinity);
  return { tone: gravity <= 1 ? "gravest" : gravity === 2 ? "grave" : "mild", keys };
}

/** What an operator has silenced, forgotten as soon as it is over, so that a lapsed alarm sounds again. */
export function stillSilenced(
  silenced: ReadonlySet<string>,
  incidents: Iterable<IncidentView>,
  systemAlarms: readonly SystemAlarmView[],
  fresh: Freshness,
): ReadonlySet<string> {
  const alive = new Set([...incidents].filter(calls).map(soundKey));
  for (const alarm of systemAlarms) alive.add(`system/${alarm.id}`);
  alive.add(`picture/${fresh.state}`);
  const kept = [...silenced].filter((key) => alive.has(key));
  return kept.length === silenced.size ? silenced : new Set(kept);
}

/** The tab's title: the count always; while something calls, the gravest of it every other second. */
export function title(calling: readonly { kind: string; who: string }[], open: number, flash: boolean, product: string): string {
  const first = calling[0];
  if (first && flash) return `▲ ${first.kind}: ${first.who}`;
  return open > 0 ? `(${open}) ${product}` : product;
}
