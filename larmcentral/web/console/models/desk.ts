// What this desk knows: the picture the server gave, kept current by the feed. Nothing is ever assumed done.
import { batch, computed, signal } from "@preact/signals-core";
import type { Clock } from "../../shared/clock";
import { ServerTime } from "../../shared/clock";
import type { FeedIncident, FeedTick } from "../../shared/shapes_feed";
import type { IncidentDetail, IncidentView, Me, Queue, SystemAlarmView, TimelineEntry } from "../../shared/shapes";

const DONE_KEPT = 8; // enough to look back at a mistake, few enough to stay below the fold

export class Desk {
  readonly me = signal<Me | null>(null);
  readonly incidents = signal<ReadonlyMap<string, IncidentView>>(new Map());
  /** Stood down while we looked on, newest first. */
  readonly done = signal<readonly IncidentView[]>([]);
  readonly systemAlarms = signal<readonly SystemAlarmView[]>([]);
  readonly selectedId = signal<string | null>(null);
  readonly detail = signal<IncidentDetail | null>(null);
  /** When the server last said anything, on our clock; null before the first picture. */
  readonly heardAt = signal<number | null>(null);
  /** When the server last said that its database lives. */
  readonly readyAt = signal<number | null>(null);
  readonly ready = signal(true);
  readonly time: ServerTime;
  /** Ids that came since a refetch began; the answer may be older than they are. */
  private fresh = new Set<string>();

  constructor(private readonly clock: Clock) {
    this.time = new ServerTime(clock);
  }

  readonly selected = computed<IncidentView | null>(() => {
    const id = this.selectedId.value;
    if (id === null) return null;
    return this.incidents.value.get(id) ?? this.done.value.find((i) => i.id === id) ?? null;
  });

  /** Call before asking for the queue, so that news under way is not lost to an older answer. */
  expectQueue(): void {
    this.fresh = new Set();
  }

  /** Replaces the picture by the server's. */
  takeQueue(queue: Queue): void {
    this.heard(queue.server_time, true);
    batch(() => {
      const before = this.incidents.value;
      const next = new Map<string, IncidentView>();
      for (const incident of queue.incidents) {
        const known = before.get(incident.id);
        if (incident.state === "stood_down" || this.overSince(incident)) continue;
        next.set(incident.id, known && known.version > incident.version ? known : incident);
      }
      for (const id of this.fresh) {
        const known = before.get(id);
        if (known && !next.has(id)) next.set(id, known);
      }
      const gone = [...before.values()].find((i) => i.id === this.selectedId.value && !next.has(i.id));
      this.incidents.value = next;
      this.done.value = this.done.value.filter((i) => !next.has(i.id));
      if (gone) this.done.value = [gone, ...this.done.value].slice(0, DONE_KEPT); // the eye stays where it was
      this.systemAlarms.value = queue.system_alarms;
    });
  }

  /** Files what the feed said, in its order and all at once. */
  takeIncidents(events: readonly FeedIncident[]): void {
    batch(() => {
      for (const event of events) {
        this.fresh.add(event.incident.id);
        const detail = this.detail.value;
        if (detail && detail.incident.id === event.incident.id) {
          this.detail.value = { ...detail, timeline: merged(detail.timeline, event.entries) };
        }
      }
      this.takeAll(events.map((event) => event.incident));
    });
  }

  /** Files one incident, the answer to a command, if it is not older than what we have. */
  take(incident: IncidentView): void {
    this.takeAll([incident]);
  }

  private takeAll(incidents: readonly IncidentView[]): void {
    const next = new Map(this.incidents.value);
    let done = this.done.value;
    for (const incident of incidents) {
      const known = next.get(incident.id) ?? done.find((i) => i.id === incident.id);
      if (known && known.version > incident.version) continue;
      const others = done.some((i) => i.id === incident.id) ? done.filter((i) => i.id !== incident.id) : done;
      if (incident.state === "stood_down") next.delete(incident.id);
      else next.set(incident.id, incident);
      done = incident.state === "stood_down" ? [incident, ...others].slice(0, DONE_KEPT) : others;
    }
    batch(() => {
      this.incidents.value = next;
      this.done.value = done;
    });
  }

  /** Another window's eye: one incident and its account, and nothing else. */
  mirror(incident: IncidentView | null, detail: IncidentDetail | null): void {
    batch(() => {
      this.incidents.value = new Map(incident && incident.state !== "stood_down" ? [[incident.id, incident]] : []);
      this.done.value = incident?.state === "stood_down" ? [incident] : [];
      this.selectedId.value = incident?.id ?? null;
      this.detail.value = detail;
    });
  }

  /** The answer to a look at one incident; ignored when the eye has moved on meanwhile. */
  takeDetail(detail: IncidentDetail): void {
    batch(() => {
      this.take(detail.incident);
      if (this.selectedId.value !== detail.incident.id) return;
      const before = this.detail.value;
      const kept = before?.incident.id === detail.incident.id ? before.timeline : [];
      this.detail.value = { ...detail, timeline: merged(detail.timeline, kept) };
    });
  }

  takeSystem(alarms: readonly SystemAlarmView[]): void {
    this.systemAlarms.value = alarms;
  }

  tick(event: FeedTick): void {
    this.heard(event.server_time, event.ready);
  }

  select(id: string | null): void {
    if (id === this.selectedId.value) return;
    batch(() => {
      this.selectedId.value = id;
      this.detail.value = null;
    });
  }

  /** Forgets everything: somebody else may log in. */
  clear(): void {
    batch(() => {
      this.me.value = null;
      this.incidents.value = new Map();
      this.done.value = [];
      this.systemAlarms.value = [];
      this.selectedId.value = null;
      this.detail.value = null;
      this.heardAt.value = this.readyAt.value = null;
      this.ready.value = true;
    });
  }

  /** True if we have seen a later version of it stood down. */
  private overSince(incident: IncidentView): boolean {
    return this.done.value.some((d) => d.id === incident.id && d.state === "stood_down" && d.version > incident.version);
  }

  private heard(serverTime: string, ready: boolean): void {
    const now = this.clock.now();
    this.time.heard(serverTime);
    batch(() => {
      this.heardAt.value = now;
      this.ready.value = ready;
      if (ready) this.readyAt.value = now;
    });
  }
}

function merged(one: readonly TimelineEntry[], other: readonly TimelineEntry[]): readonly TimelineEntry[] {
  if (other.length === 0) return one;
  const bySeq = new Map([...one, ...other].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
