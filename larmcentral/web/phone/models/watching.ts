// What the phone watches while somebody works alone: its own motion, where it is, and a screen that stays on.
import { signal } from "@preact/signals-core";
import type { AppPosition } from "../../shared/shapes_work";
import type { Countdown } from "./countdown";
import { CALM, type FallState, felt } from "./fall";
import type { Part, Phone } from "./phone";
import type { Jolt, Senses } from "./senses";
import { feltStill, type StillState } from "./stillness";
import type { Work } from "./work";

const POSITION_EVERY_MS = 60_000;
export const STILL_CHOICES_MIN = [0, 2, 5, 10] as const;

export class Watching implements Part {
  /** A session runs, and the phone does all that its owner allows. */
  readonly on = signal(false);
  readonly feels = signal(false);
  /** Minutes without motion before it asks; 0: it does not ask. */
  readonly stillMin = signal<number>(5);
  private fall: FallState = CALM;
  private still: StillState | null = null;
  private stops: (() => void)[] = [];
  private sentAt = 0;

  constructor(
    private readonly phone: Phone,
    private readonly work: Work,
    private readonly countdown: Countdown,
    private readonly senses: Senses,
  ) {}

  left(): void {
    this.stop();
  }

  beat(): void {
    const wanted = this.phone.session.value === "in" && this.work.now.value?.session != null;
    if (wanted && !this.on.value) this.begin();
    else if (!wanted && this.on.value) this.stop();
  }

  /** Its owner has just allowed something: begin anew with it. */
  again(): void {
    this.stop();
    this.beat();
  }

  jolt(jolt: Jolt): void {
    const fallen = felt(this.fall, jolt);
    this.fall = fallen.state;
    if (fallen.kind) void this.countdown.begin(fallen.kind);
    if (this.stillMin.value === 0) return;
    const lain = feltStill(this.still, jolt, this.stillMin.value * 60_000);
    this.still = lain.state;
    if (lain.still) void this.countdown.begin("no_motion");
  }

  private begin(): void {
    this.on.value = true;
    this.stops = [this.senses.whereabouts.watch((position) => void this.tell(position), false)];
    this.feels.value = this.senses.motion.leave() === "granted" && (this.work.now.value?.pin_set ?? false);
    if (this.feels.value) this.stops.push(this.senses.motion.watch((jolt) => this.jolt(jolt)));
  }

  private stop(): void {
    for (const stop of this.stops) stop();
    this.stops = [];
    this.fall = CALM;
    this.still = null;
    this.on.value = false;
    this.feels.value = false;
  }

  /** The last position, once a minute; one that does not get through is worth nothing later, and is not kept. */
  private async tell(position: AppPosition): Promise<void> {
    const now = this.phone.time.now();
    if (now - this.sentAt < POSITION_EVERY_MS) return;
    this.sentAt = now;
    const at = new Date(now).toISOString();
    const body = { id: this.phone.newId(), kind: "position", event_at: at, sent_at: at, position };
    await this.phone.api.ask("POST", "/api/me/signals", body).catch(() => undefined);
  }
}
