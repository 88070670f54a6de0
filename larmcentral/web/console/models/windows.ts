// Two monitors: a second window draws the map and the account of what is chosen in the first. It has no feed of its own.
import { effect, signal } from "@preact/signals-core";
import type { Clock } from "../../shared/clock";
import type { FeedTick } from "../../shared/shapes_feed";
import type { IncidentDetail, IncidentView } from "../../shared/shapes";
import type { Desk } from "./desk";

const HERE_MS = 2000;
const GONE_MS = 5000; // two of its words are missing: it is closed, or hidden

/** What the windows say to each other. */
export type Word =
  | { say: "here" }
  | { say: "gone" }
  | { say: "chosen"; incident: IncidentView | null; detail: IncidentDetail | null }
  | { say: "tick"; tick: FeedTick };

/** A channel between the windows of one browser; nobody else hears it. */
export interface Wire {
  post(word: Word): void;
  hear(call: (word: Word) => void): void;
}

/** In the first window: tells the second one what is chosen, and knows whether it is there. */
export class FirstWindow {
  readonly open = signal(false);
  private heardAt = Number.NEGATIVE_INFINITY;
  private lastTick: FeedTick | null = null;

  constructor(
    readonly name: string,
    private readonly wire: Wire,
    private readonly desk: Desk,
    private readonly clock: Clock,
  ) {
    wire.hear((word) => {
      if (word.say === "gone") this.open.value = false;
      if (word.say !== "here") return;
      this.heardAt = this.clock.now();
      if (this.open.value) return;
      this.open.value = true;
      if (this.lastTick) this.tick(this.lastTick);
    });
    effect(() => {
      const [incident, detail] = [this.desk.selected.value, this.desk.detail.value];
      if (this.open.value) this.wire.post({ say: "chosen", incident, detail });
    });
    clock.every(HERE_MS, () => {
      if (this.clock.now() - this.heardAt > GONE_MS) this.open.value = false;
    });
  }

  /** The server's word that the picture lives goes on to the second window: without it, that one grows old as this one does. */
  tick(tick: FeedTick): void {
    this.lastTick = tick;
    if (this.open.value) this.wire.post({ say: "tick", tick });
  }
}

/** In the second window: draws what it is told, and says that it is there. */
export class SecondWindow {
  private visible = true;

  constructor(
    private readonly wire: Wire,
    private readonly desk: Desk,
    clock: Clock,
  ) {
    wire.hear((word) => {
      if (word.say === "chosen") this.desk.mirror(word.incident, word.detail);
      if (word.say === "tick") this.desk.tick(word.tick);
    });
    clock.every(HERE_MS, () => this.here());
    this.here();
  }

  /** Hidden, it shows nobody anything: the first window takes its zones back. */
  seen(visible: boolean): void {
    this.visible = visible;
    if (visible) this.here();
    else this.gone();
  }

  gone(): void {
    this.wire.post({ say: "gone" });
  }

  private here(): void {
    if (this.visible) this.wire.post({ say: "here" });
  }
}
