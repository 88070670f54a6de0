// Made-up incidents for the view models' tests.
import type { IncidentDetail, IncidentView, Queue, ResponderState, TimelineEntry } from "../shapes";

export const START = Date.parse("2026-11-22T02:00:00Z");
export const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

export function incident(id: string, wish: Partial<IncidentView> = {}): IncidentView {
  return {
    id,
    committee_id: "c",
    version: 1,
    state: "open",
    purpose: "real",
    kind: "panic",
    gravity: 1,
    silent: false,
    opened_at: at(0),
    event_at: at(-1),
    lateness_s: 1,
    person: { id: `p-${id}`, name: `Anna ${id}`, unit: "Hemtjänsten Norr", team: "Natt 2", phone: "070-174 06 10", employer: null },
    device: { id: "d", protocol: "watch", account: "864", label: "Klocka 7", model: null, battery_pct: 60, last_seen_at: at(0) },
    position: null,
    owner: null,
    acknowledged_at: null,
    shown_at: null,
    stood_down_at: null,
    outcome: null,
    next: null,
    responders: [],
    step: 0,
    steps: 3,
    round: 1,
    system_faults: [],
    merged_into: null,
    held_s: 0,
    place: null,
    ...wish,
  };
}

export const responder = (name: string, state: ResponderState, since = 0) => ({ person_id: `p-${name}`, name, state, since: at(since), step: 0 });

export const entry = (seq: number, kind: string, wish: Partial<TimelineEntry> = {}): TimelineEntry => ({
  seq,
  at: at(seq),
  kind,
  by: { kind: "system", name: null },
  detail: {},
  hash: "00",
  ...wish,
});

export const detail = (view: IncidentView, timeline: readonly TimelineEntry[] = []): IncidentDetail => ({
  incident: view,
  timeline,
  signals: [],
  notices: [],
  trail: [],
  place: null,
  indoor: null,
  closing: [],
});

export const queueOf = (...incidents: IncidentView[]): Queue => ({ cursor: "7", server_time: at(0), incidents, system_alarms: [] });
