// The live feed: one EventSource, watched. It resumes where it was, and says when the server falls silent.
import type { Clock } from "./clock";
import type { FeedIncident, FeedSystem, FeedTick } from "./shapes_feed";

export const SILENCE_MS = 7000; // three ticks and a bit: by then the connection is dead even if TCP has not noticed
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 8000; // a desk must be back within seconds of the server

/** What we use of EventSource. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface FeedListener {
  incident(event: FeedIncident): void;
  system(event: FeedSystem): void;
  tick(event: FeedTick): void;
  /** The server can no longer tell what was missed: fetch the queue anew. */
  resync(): void;
  /** The connection was refused or died; called at every failed try. */
  broken(): void;
}

const CLOSED = 2;

export class Feed {
  private source: Source | null = null;
  private cursor = "";
  private heardAt = 0;
  private retryMs = FIRST_RETRY_MS;
  private stopWatch: (() => void) | null = null;
  private stopRetry: (() => void) | null = null;

  constructor(
    private readonly open: (url: string) => Source,
    private readonly clock: Clock,
    private readonly listener: FeedListener,
  ) {}

  /** Begins, or begins again, after the given cursor; without one where it last was. */
  start(cursor: string = this.cursor): void {
    this.stop();
    this.cursor = cursor;
    this.connect();
    this.stopWatch = this.clock.every(1000, () => this.watch());
  }

  stop(): void {
    this.stopWatch?.();
    this.stopRetry?.();
    this.stopWatch = this.stopRetry = null;
    this.source?.close();
    this.source = null;
  }

  get running(): boolean {
    return this.stopWatch !== null;
  }

  private connect(): void {
    this.stopRetry = null;
    const source = this.open(`/api/feed?after=${encodeURIComponent(this.cursor)}`);
    this.source = source;
    this.heardAt = this.clock.now();
    const on = <T>(type: string, call: (event: T) => void) =>
      source.addEventListener(type, (event) => {
        if (source !== this.source) return; // a late word from a connection we gave up
        this.heardAt = this.clock.now();
        this.retryMs = FIRST_RETRY_MS;
        if (event.lastEventId) this.cursor = event.lastEventId;
        call((event.data ? JSON.parse(event.data) : null) as T);
      });
    on<FeedIncident>("incident", (event) => this.listener.incident(event));
    on<FeedSystem>("system", (event) => this.listener.system(event));
    on<FeedTick>("tick", (event) => this.listener.tick(event));
    on<null>("resync", () => this.listener.resync());
    source.addEventListener("error", () => {
      if (source === this.source && source.readyState === CLOSED) this.again();
    });
  }

  private watch(): void {
    if (this.source && this.clock.now() - this.heardAt >= SILENCE_MS) this.again();
  }

  private again(): void {
    this.source?.close();
    this.source = null;
    this.listener.broken();
    this.stopRetry?.();
    this.stopRetry = this.clock.after(this.retryMs, () => this.connect());
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }
}
