// An incident played back: at each moment what the alarm centre knew then, on the map and in the account.
import { batch, computed, signal } from "@preact/signals-core";
import type { Clock } from "../../shared/clock";
import type { IncidentDetail, PositionView } from "../../shared/shapes";
import { lineAt } from "./account";

const FRAME_MS = 250; // a map is drawn anew at each; four a second are smooth enough for a walk
const WHOLE_MS = 40_000; // what a replay takes at its ordinary pace, however long the incident was
const SLOWEST = 1; // never slower than it was
const TRAIL_MOST = 200; // points drawn behind the position

export class Replay {
  readonly from: number;
  readonly until: number;
  /** How many times faster than it was. */
  readonly pace: number;
  readonly at = signal(0);
  readonly playing = signal(false);
  private readonly points: readonly { at: number; position: PositionView }[];
  private stop: (() => void) | null = null;

  /** lines: of the account, oldest first. now: server time, the end of what is not over yet. */
  constructor(
    detail: IncidentDetail,
    private readonly lines: readonly { at: number }[],
    private readonly clock: Clock,
    now: number,
  ) {
    const { incident } = detail;
    this.points = detail.trail
      .map((position) => ({ at: Date.parse(position.received_at), position }))
      .toSorted((a, b) => a.at - b.at);
    const moments = [Date.parse(incident.opened_at), ...[lines[0], lines.at(-1), this.points[0], this.points.at(-1)].flatMap((one) => (one ? [one.at] : []))];
    const end = incident.stood_down_at ? Date.parse(incident.stood_down_at) : now;
    this.from = Math.min(...moments);
    this.until = Math.max(end, ...moments);
    this.pace = Math.max(SLOWEST, (this.until - this.from) / WHOLE_MS);
    this.at.value = this.until;
  }

  /** The line of the account that stands at this moment; -1 before the first. */
  readonly line = computed(() => lineAt(this.lines, this.at.value));
  private readonly point = computed(() => lineAt(this.points, this.at.value));
  /** Where the person was as far as was known then; null while nothing was. */
  readonly position = computed(() => this.points[this.point.value]?.position ?? null);
  /** The way there, thinned where it is long. */
  readonly trail = computed<readonly PositionView[]>(() => {
    const behind = this.points.slice(0, Math.max(0, this.point.value));
    const nth = Math.ceil(behind.length / TRAIL_MOST) || 1;
    return behind.filter((_, index) => index % nth === 0).map((one) => one.position);
  });
  readonly ended = computed(() => this.at.value >= this.until);

  /** Whether there is anything to see move. */
  get moves(): boolean {
    return this.points.length > 0;
  }

  /** To a moment; by hand, so it stops there. */
  move(at: number): void {
    this.pause();
    this.at.value = this.within(at);
  }

  /** To the moment of the next line, or of the one before; lines of one moment are one step. */
  step(by: -1 | 1): void {
    const now = this.at.value;
    const to = by > 0 ? this.lines.find((line) => line.at > now) : this.lines.findLast((line) => line.at < now);
    if (to) this.move(to.at);
  }

  play(): void {
    if (this.playing.value) return;
    batch(() => {
      if (this.ended.value) this.at.value = this.from;
      this.playing.value = true;
    });
    this.stop = this.clock.every(FRAME_MS, () => this.frame());
  }

  pause(): void {
    this.stop?.();
    this.stop = null;
    this.playing.value = false;
  }

  private frame(): void {
    this.at.value = this.within(this.at.value + FRAME_MS * this.pace);
    if (this.ended.value) this.pause();
  }

  private within(at: number): number {
    return Math.min(Math.max(at, this.from), this.until);
  }
}
