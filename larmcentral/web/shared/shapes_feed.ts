// Written from larmcentral/api/shapes_feed.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { IncidentView, SystemAlarmView, TimelineEntry } from "./shapes";

/** Event 'incident' of GET /api/feed: the whole row, and the entries that are new since the last such event. */
export interface FeedIncident {
  readonly incident: IncidentView;
  readonly entries: readonly TimelineEntry[];
}

/** Event 'tick', every 2 s: the feed lives. ready False: the database is gone, what is shown is old. */
export interface FeedTick {
  readonly server_time: string;
  readonly ready: boolean;
}

/** Event 'system': all system alarms that stand. */
export interface FeedSystem {
  readonly system_alarms: readonly SystemAlarmView[];
}
