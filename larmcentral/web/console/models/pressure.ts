// How much there is for how many: asked again and again, and at each opening. The server says what is a flood.
import { computed, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { HouseApi } from "../../shared/api_house";
import type { Clock } from "../../shared/clock";
import type { DeskPicture } from "../../shared/shapes_desk";
import type { Speech } from "../words/speech";

const LOOK_MS = 10_000;
const SEATED_MS = 2000; // whoever opens his feed has his seat a second later
const REST_MS = 1000; // a hundred openings a second ask once
const BUSY_ABOVE = 2; // alarms for each operator in ten minutes: more is no steady state (EEMUA 191)

export class Pressure {
  readonly picture = signal<DeskPicture | null>(null);
  private stopLooks: (() => void) | null = null;
  private stopRest: (() => void) | null = null;
  private stopSeated: (() => void) | null = null;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly api: Pick<HouseApi, "picture">,
    private readonly clock: Clock,
  ) {}

  readonly flood = computed(() => this.picture.value?.flood ?? false);

  start(): void {
    this.stop();
    this.stopLooks = this.clock.every(LOOK_MS, () => this.soon());
    this.stopSeated = this.clock.after(SEATED_MS, () => this.soon());
    this.soon();
  }

  stop(): void {
    this.stopLooks?.();
    this.stopRest?.();
    this.stopSeated?.();
    this.stopLooks = this.stopRest = this.stopSeated = null;
    this.askedAt = Number.NEGATIVE_INFINITY;
    this.picture.value = null;
  }

  /** An alarm was opened, or somebody came or went: look again. */
  soon(): void {
    if (this.stopLooks === null || this.stopRest !== null) return;
    const restMs = this.askedAt + REST_MS - this.clock.now();
    if (restMs <= 0) return void this.look();
    this.stopRest = this.clock.after(restMs, () => {
      this.stopRest = null;
      void this.look();
    });
  }

  private async look(): Promise<void> {
    this.askedAt = this.clock.now();
    try {
      const found = await this.api.picture();
      if (this.stopLooks !== null) this.picture.value = found;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error; // the old figures stand; the strip says how old all is
    }
  }
}

export interface PressureWords {
  tone: "calm" | "busy" | "flood";
  /** Always there, for the head of the queue. */
  load: string;
  /** The same where there is little room. */
  short: string;
  /** What to do about it; null while all is as it should be. */
  advice: string | null;
}

export function pressureWords(picture: DeskPicture | null, speech: Speech): PressureWords | null {
  if (picture === null) return null;
  const each = speech.decimal(picture.per_operator.toFixed(picture.per_operator < 10 ? 1 : 0));
  const seats = picture.seats.length;
  const load = seats === 0 ? speech.say("load_nobody", { count: picture.opened_10_min }) : speech.say(seats === 1 ? "load_one" : "load", { each, seats });
  const short = seats < 2 ? load : speech.say("load_short", { each, seats });
  if (picture.flood) return { tone: "flood", load, short, advice: speech.say("flood", { count: picture.opened_10_min, each }) };
  if (picture.per_operator > BUSY_ABOVE) return { tone: "busy", load, short, advice: speech.say("load_busy") };
  return { tone: "calm", load, short, advice: null };
}
