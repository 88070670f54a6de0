// One's own page: devices, who has read what about oneself, contact points and PINs. Fetched when it is looked at.
import { type Signal, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import type { Colleague, OwnDevice, OwnRead, PlaceWarning } from "../../shared/shapes_phone";
import type { PlaceChoice } from "../../shared/shapes_places";
import type { PointView } from "../../shared/shapes_points";
import type { SignalReceived } from "../../shared/shapes_work";
import type { Alarms } from "./alarms";
import type { Row } from "./outbox";
import type { Part, Phone } from "./phone";
import { refusalWords } from "./refusal";

export interface Fetched<T> {
  rows: T | null;
  state: "loading" | "here" | "failed";
}

const NOT_YET = { rows: null, state: "loading" } as const;

export class Own implements Part {
  readonly devices = signal<Fetched<readonly OwnDevice[]>>(NOT_YET);
  readonly reads = signal<Fetched<readonly OwnRead[]>>(NOT_YET);
  readonly points = signal<Fetched<readonly PointView[]>>(NOT_YET);
  readonly places = signal<Fetched<readonly PlaceChoice[]>>(NOT_YET);
  readonly colleagues = signal<Fetched<readonly Colleague[]>>(NOT_YET);
  readonly place = signal<Fetched<PlaceWarning>>(NOT_YET);
  /** The test alarm: when it was raised, and when the centre had it. */
  readonly tested = signal<{ id: string; receivedAt: number | null } | null>(null);
  private placeAsked = 0;

  constructor(
    private readonly phone: Phone,
    private readonly alarms: Alarms,
  ) {}

  left(): void {
    for (const one of [this.devices, this.reads, this.points, this.places, this.colleagues, this.place] as Signal<unknown>[]) one.value = NOT_YET;
    this.tested.value = null;
  }

  done(row: Row, answer: unknown): void {
    if (row.id === this.tested.value?.id) this.tested.value = { id: row.id, receivedAt: Date.parse((answer as SignalReceived).received_at) };
  }

  openMe(): void {
    void this.fetch(this.devices, this.phone.api.devices);
    void this.fetch(this.reads, this.phone.api.reads);
    void this.fetch(this.points, this.phone.api.points);
  }

  openStart(): void {
    void this.fetch(this.places, this.phone.api.places);
    void this.fetch(this.colleagues, this.phone.api.colleagues);
  }

  /** What one should know before one goes there. */
  async look(placeId: string | null): Promise<void> {
    const asked = ++this.placeAsked;
    this.place.value = NOT_YET;
    if (placeId === null) return;
    const found = signal<Fetched<PlaceWarning>>(NOT_YET);
    await this.fetch(found, () => this.phone.api.place(placeId));
    if (asked === this.placeAsked) this.place.value = found.value;
  }

  async test(): Promise<void> {
    const row = await this.alarms.test();
    if (this.tested.value?.id !== row.id) this.tested.value = { id: row.id, receivedAt: null };
  }

  /** Null when both PINs are chosen, else why not, in words. */
  async choosePins(pin: string, duress_pin: string, password: string): Promise<string | null> {
    const speech = this.phone.speech.value;
    if (!/^\d{4,8}$/.test(pin) || !/^\d{4,8}$/.test(duress_pin)) return speech.say("pin_digits");
    if (pin === duress_pin) return speech.say("pin_same");
    return this.did(() => this.phone.api.choosePins({ pin, duress_pin, password }));
  }

  /** Null when a test is on its way to the contact point, else why not. */
  testPoint(id: string): Promise<string | null> {
    return this.did(() => this.phone.api.testPoint(id));
  }

  private async did(call: () => Promise<unknown>): Promise<string | null> {
    try {
      await call();
      return null;
    } catch (error) {
      if (error instanceof Refusal) return refusalWords(error.problem, this.phone.speech.value);
      if (error instanceof Unreachable) return this.phone.speech.value.say("no_answer_phone");
      throw error;
    }
  }

  private async fetch<T>(into: Signal<Fetched<T>>, ask: () => Promise<T>): Promise<void> {
    into.value = { rows: into.value.rows, state: "loading" };
    try {
      into.value = { rows: await ask(), state: "here" };
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      into.value = { rows: into.value.rows, state: "failed" };
    }
  }
}
