// What the phone sounds and buzzes while something cannot be missed.
import { computed } from "@preact/signals-core";
import type { Tone } from "../../shared/siren";
import type { Countdown } from "./countdown";
import type { Part, Phone } from "./phone";
import type { Buzz } from "./senses";
import type { Visit } from "./visit";

const EVERY_MS = 2000;
const COUNTDOWN_BUZZ = [600, 150, 600];
const REMINDER_BUZZ = [300, 150, 300];

export class Noise implements Part {
  readonly tone = computed<Tone | null>(() => {
    if (this.countdown.picture.value) return "gravest";
    return this.visit.reminder.value ? "grave" : null;
  });
  private buzzedAt = 0;

  constructor(
    private readonly phone: Phone,
    private readonly countdown: Countdown,
    private readonly visit: Visit,
    private readonly buzz: Buzz,
  ) {}

  beat(): void {
    const now = this.phone.clock.now();
    if (this.tone.value === null || now - this.buzzedAt < EVERY_MS) return;
    this.buzzedAt = now;
    this.buzz(this.countdown.picture.value ? COUNTDOWN_BUZZ : REMINDER_BUZZ);
  }
}
