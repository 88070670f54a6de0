// A button that must be held: three seconds, so that a pocket does not call for help. Released early it does nothing.
import { signal } from "@preact/signals-core";
import type { Clock } from "../../shared/clock";

export const HOLD_MS = 3000;
const BEAT_MS = 50;
const TICK_MS = 500;

export class Hold {
  /** How much of the time has been held, 0 to 1. */
  readonly part = signal(0);
  readonly holding = signal(false);
  /** Let go too early, and not pressed since. */
  readonly early = signal(false);
  private stop: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly done: () => void,
    /** Every half second while it is held. */
    private readonly tick: () => void,
  ) {}

  press(): void {
    if (this.holding.value) return; // a key that repeats
    const began = this.clock.now();
    let ticks = 0;
    this.holding.value = true;
    this.early.value = false;
    this.part.value = 0;
    this.tick();
    this.stop = this.clock.every(BEAT_MS, () => {
      const held = this.clock.now() - began;
      this.part.value = Math.min(1, held / HOLD_MS);
      if (held >= HOLD_MS) {
        this.end();
        this.done();
      } else if (Math.floor(held / TICK_MS) > ticks) {
        ticks = Math.floor(held / TICK_MS);
        this.tick();
      }
    });
  }

  release(): void {
    if (!this.holding.value) return;
    this.end();
    this.early.value = true;
  }

  /** Pressed by something that cannot hold, such as a screen reader: what is said and offered is the same. */
  touch(): void {
    if (!this.holding.value) this.early.value = true;
  }

  /** The second press, on a button of its own, for whoever cannot hold. */
  confirm(): void {
    if (!this.early.value) return;
    this.early.value = false;
    this.done();
  }

  /** Nobody looks any more: neither pressed nor released too early. */
  forget(): void {
    this.end();
    this.early.value = false;
  }

  private end(): void {
    this.stop?.();
    this.stop = null;
    this.holding.value = false;
    this.part.value = 0;
  }
}
