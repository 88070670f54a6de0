// Written from larmcentral/api/shapes_ways.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.


/** How tries ended and how long they took. lost: those that told nobody. p50_ms to p99_ms: upper bounds. */
export interface WayFiguresView {
  readonly tries: number;
  readonly lost: number;
  readonly lost_pct: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly worst_ms: number;
}

/** One minute in which a provider was tried; minutes without a try are left out. */
export interface WayMinuteView {
  readonly minute: string;
  readonly figures: WayFiguresView;
}

/** One provider. receiver: of a centre's way. state: dead only if all processes that send agree; slow: it carries. processes: how many have reported lately (none: nobody sends just now); say_dead: how many of them find it dead. since: null where nothing was tried. reason: the last word against it. answered_at: the last look that it answered. in_line: notices in the lines of all processes, of the whole house. waiting: notices that are not out yet, of the viewer's committees: filed at oldest_at at the earliest, tried next at next_due_at, the last at last_due_at. hour, minutes: of the last hour; null and empty where nothing was tried. */
export interface WayView {
  readonly provider: string;
  readonly channel: "apns" | "fcm" | "web_push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager" | "console" | "receiver";
  readonly receiver: string | null;
  readonly state: "unknown" | "alive" | "slow" | "dead";
  readonly since: string | null;
  readonly reason: string;
  readonly last_good_at: string | null;
  readonly last_bad_at: string | null;
  readonly answered_at: string | null;
  readonly processes: number;
  readonly say_dead: number;
  readonly in_line: number;
  readonly waiting: number;
  readonly oldest_at: string | null;
  readonly next_due_at: string | null;
  readonly last_due_at: string | null;
  readonly hour: WayFiguresView | null;
  readonly minutes: readonly WayMinuteView[];
}

/** GET /api/ways-out. dead_channels: what chains pass over just now. ways: in the order in which they are asked. */
export interface WayBoard {
  readonly server_time: string;
  readonly dead_channels: readonly ("apns" | "fcm" | "web_push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager" | "console" | "receiver")[];
  readonly ways: readonly WayView[];
}
