// News of the feed, gathered: a single word is passed on at once, a torrent once every few frames.
import type { Clock } from "../../shared/clock";

const REST_MS = 50; // three frames: nobody sees the difference, and a hundred a second cost twenty drawings

export class Gather<T> {
  private waiting: T[] = [];
  private passedAt = Number.NEGATIVE_INFINITY;
  private stopWait: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly pass: (all: readonly T[]) => void,
  ) {}

  add(one: T): void {
    this.waiting.push(one);
    if (this.stopWait !== null) return;
    const restMs = this.passedAt + REST_MS - this.clock.now();
    if (restMs <= 0) this.flush();
    else this.stopWait = this.clock.after(restMs, () => this.flush());
  }

  /** Passes on what waits, now. */
  flush(): void {
    this.stopWait?.();
    this.stopWait = null;
    if (this.waiting.length === 0) return;
    const all = this.waiting;
    this.waiting = [];
    this.passedAt = this.clock.now();
    this.pass(all);
  }

  /** Forgets what waits. */
  clear(): void {
    this.waiting = [];
    this.flush();
  }
}
