// Time is an argument: whoever waits or counts is handed a Clock, so that tests can move it.

/** Milliseconds since 1970 that never step back, and waits on the same scale. */
export interface Clock {
  now(): number;
  /** Calls every so many milliseconds until the returned function is called. */
  every(ms: number, call: () => void): () => void;
  after(ms: number, call: () => void): () => void;
}

/** The browser's clock. performance.now() does not follow a corrected wall clock, Date.now() does. */
export class BrowserClock implements Clock {
  now(): number {
    return performance.timeOrigin + performance.now();
  }

  every(ms: number, call: () => void): () => void {
    const id = setInterval(call, ms);
    return () => clearInterval(id);
  }

  after(ms: number, call: () => void): () => void {
    const id = setTimeout(call, ms);
    return () => clearTimeout(id);
  }
}

/** Moved by hand, for tests. */
export class FakeClock implements Clock {
  private waits: { at: number; every: number | null; call: () => void }[] = [];

  constructor(private ms = Date.parse("2026-11-22T02:00:00Z")) {}

  now(): number {
    return this.ms;
  }

  every(ms: number, call: () => void): () => void {
    return this.wait(ms, ms, call);
  }

  after(ms: number, call: () => void): () => void {
    return this.wait(ms, null, call);
  }

  /** Lets time pass and calls what falls due, in order. */
  run(ms: number): void {
    const end = this.ms + ms;
    for (;;) {
      const next = this.waits.filter((w) => w.at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.ms = next.at;
      if (next.every === null) this.waits = this.waits.filter((w) => w !== next);
      else next.at += next.every;
      next.call();
    }
    this.ms = end;
  }

  private wait(ms: number, every: number | null, call: () => void): () => void {
    const wait = { at: this.ms + ms, every, call };
    this.waits.push(wait);
    return () => {
      this.waits = this.waits.filter((w) => w !== wait);
    };
  }
}

const SAMPLES = 30; // one minute of ticks: long enough to meet a fast one, short enough to follow a drift

/** The server's time as seen from here. A message can only be late, so the largest difference is the truest. */
export class ServerTime {
  private differences: number[] = [];

  constructor(private readonly clock: Clock) {}

  heard(serverTime: string): void {
    const at = Date.parse(serverTime);
    if (Number.isNaN(at)) return;
    this.differences = [...this.differences, at - this.clock.now()].slice(-SAMPLES);
  }

  get offsetMs(): number {
    return this.differences.length === 0 ? 0 : Math.max(...this.differences);
  }

  now(): number {
    return this.clock.now() + this.offsetMs;
  }
}
