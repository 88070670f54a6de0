// The pre-alarm: the phone felt a fall or stillness, and its wearer has half a minute to say that all is well.
//
// The server is told at once and counts too, so that a phone that dies calls for help. A PIN given without network is kept
// and judged by the server when it hears of it: this phone does not know which of the two PINs it was.
import { batch, computed, signal } from "@preact/signals-core";
import type { Alarms } from "./alarms";
import type { Part, Phone } from "./phone";
import { refusalWords } from "./refusal";
import type { Work } from "./work";

export type CountdownKind = "fall" | "man_down" | "no_motion";

export const COUNT_MS = 30_000;
const ANSWER_MS = 4000; // how long a PIN pad waits for the centre's word
const ASIDE_MS = 5000;
const GRACE_MS = 1500; // what the centre counts ends a little later than here: it heard of it later

interface Local {
  kind: CountdownKind;
  began_at: number;
  alarm_at: number;
  /** The centre's own count of it has been seen. */
  seen: boolean;
}

export interface CountdownPicture {
  kind: string;
  leftMs: number;
  /** 0 to 1 of the whole countdown. */
  part: number;
  /** The centre counts too. */
  counted: boolean;
}

export class Countdown implements Part {
  private readonly local = signal<Local | null>(null);
  private readonly time = signal(0);
  /** The PIN that ended it here, as long as the centre has not heard of it. */
  private readonly unheard = signal<string | null>(null);
  /** Help was asked for: what the centre still counts is over in a moment. */
  private readonly asideUntil = signal(0);
  readonly refusal = signal<string | null>(null);
  readonly sending = signal(false);
  readonly picture = computed<CountdownPicture | null>(() => {
    const local = this.local.value;
    const server = this.work.now.value?.pre_alarm ?? null;
    if (!local && (!server || this.work.remembered.value)) return null;
    const [kind, began, end] = server
      ? [server.kind, Date.parse(server.began_at), Date.parse(server.alarm_at)]
      : [local?.kind ?? "fall", local?.began_at ?? 0, local?.alarm_at ?? 0];
    const leftMs = end - this.time.value;
    if (leftMs <= 0 || this.time.value < this.asideUntil.value) return null;
    if (this.phone.outbox.waiting.value.some((row) => row.id === this.unheard.value)) return null;
    return { kind, leftMs, part: Math.min(1, leftMs / Math.max(1, end - began)), counted: server !== null };
  });

  constructor(
    private readonly phone: Phone,
    private readonly work: Work,
    private readonly alarms: Alarms,
  ) {
    work.onNews((news) => {
      const local = this.local.value;
      if (!work.now.value?.pre_alarm) this.settled(news.opened.length > 0);
      else if (local) this.local.value = { ...local, seen: true };
    });
  }

  /** Felt just now. One that counts already goes on. */
  async begin(kind: CountdownKind): Promise<void> {
    if (this.local.value || this.picture.value) return;
    const { outbox, time } = this.phone;
    const now = time.now();
    batch(() => {
      this.refusal.value = null;
      this.asideUntil.value = 0;
      this.time.value = now;
      this.local.value = { kind, began_at: now, alarm_at: now + COUNT_MS, seen: false };
    });
    await outbox.put({ what: "pre_alarm", method: "POST", url: "/api/me/pre-alarm", body: { kind, event_at: new Date(now).toISOString() } });
  }

  /** All is well, says the wearer, or somebody who makes him say so. */
  async cancel(pin: string): Promise<void> {
    const { outbox, speech } = this.phone;
    this.sending.value = true;
    this.refusal.value = null;
    const row = await outbox.put({ what: "cancel", method: "POST", url: "/api/me/pre-alarm/cancel", body: { pin } });
    const outcome = await outbox.outcome(row.id, ANSWER_MS);
    const refused = outbox.refused.value.find((one) => one.id === row.id)?.refused;
    if (outcome === "done") await this.work.fetch();
    batch(() => {
      this.sending.value = false;
      if (refused) {
        this.refusal.value = refusalWords(refused.problem, speech.value);
      } else {
        this.local.value = null;
        this.unheard.value = outcome === "waiting" ? row.id : null;
      }
    });
    if (refused) outbox.dismiss(row.id); // said on the pad itself
  }

  /** Help is wanted now. */
  async confirm(): Promise<void> {
    const kind = this.picture.value?.kind as CountdownKind | undefined;
    if (!kind) return;
    const known = this.work.now.value?.pre_alarm != null && this.phone.silentMs.value === 0;
    this.local.value = null;
    this.asideUntil.value = this.phone.time.now() + ASIDE_MS;
    this.phone.go("alarm");
    if (!known) return this.alarms.raise(kind);
    const row = await this.phone.outbox.put({ what: "confirm", method: "POST", url: "/api/me/pre-alarm/confirm", body: {} });
    if ((await this.phone.outbox.outcome(row.id, GRACE_MS)) === "done") return;
    this.phone.outbox.dismiss(row.id); // what was refused goes as an alarm of its own
    await this.alarms.raise(kind);
  }

  left(): void {
    this.local.value = null;
    this.refusal.value = null;
  }

  beat(now: number): void {
    this.time.value = now;
    const local = this.local.value;
    if (!local || now < local.alarm_at) return;
    const server = this.work.now.value?.pre_alarm;
    if (server && this.phone.silentMs.value === 0 && now < Date.parse(server.alarm_at) + GRACE_MS) return; // the centre's own count decides
    this.local.value = null;
    this.phone.go("alarm");
    if (server && this.phone.silentMs.value === 0) void this.work.fetch();
    else void this.alarms.raise(local.kind);
  }

  /**
   * The centre counts nothing. What was seen to count there is over here too; what never was (refused, or not heard of yet)
   * the phone counts alone, and sends the alarm itself.
   */
  private settled(opened: boolean): void {
    if (!this.local.value || !(this.local.value.seen || opened)) return;
    this.local.value = null;
    if (opened) this.phone.go("alarm");
  }
}
