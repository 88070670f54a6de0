// Calling for help: one large button, and a way that nobody beside the worker sees.
import { batch, computed, signal } from "@preact/signals-core";
import type { AppPosition, SignalReceived, SignalSent } from "../../shared/shapes_work";
import { Hold } from "./hold";
import type { Row } from "./outbox";
import type { Part, Phone } from "./phone";
import { chargeOf, type Senses } from "./senses";
import { type Answered, BUZZES, callOf, COVERT_BUZZ, PRESSED_BUZZ, type Stage, TICK_BUZZ } from "./signs";
import type { News, Work } from "./work";

const POSITION_MS = 1000; // an alarm waits so long for a position, and never longer
const BETTER_MS = 60_000; // so long a better one is sent after it
const BETTER_EVERY_MS = 10_000;
const RING_AFTER_TRIES = 2; // two tries in vain, ten seconds: time to say that a telephone call may get through
const OVER_SHOWN_MS = 60_000;
const FAILED_MS = 1500; // a try that has not left the phone by then waits for the network
const LISTED_MS = 3000; // by then an answered alarm stands in the centre's list, unless it is over already

export type AlarmKind = "panic" | "fall" | "man_down" | "no_motion";
const SIGNALS = "/api/me/signals";

export class Alarms implements Part {
  readonly hold: Hold;
  private readonly answered = signal<Answered | null>(null);
  /** When the last call of one's own was stood down; shown for a minute. */
  readonly overAt = signal<number | null>(null);
  readonly call = computed(() =>
    callOf(this.phone.outbox.waiting.value.filter((row) => row.what === "alarm"), this.answered.value, this.work.now.value?.alarms ?? []),
  );
  /** One of them is an exercise. */
  readonly drill = computed(() => this.work.now.value?.alarms.some((alarm) => alarm.purpose === "drill") ?? false);
  /** Whether to say that the desk should be rung. */
  readonly ring = computed(() => {
    const call = this.call.value;
    return call !== null && (call.stage === "stored" || call.stage === "sent") && call.tries >= RING_AFTER_TRIES;
  });
  /** Of the visible and of the covert one, by themselves: neither may change what is sent of the other. */
  private readonly follows = new Map<boolean, () => void>();
  private answeredAt = 0;
  private storedTold = "";

  constructor(
    private readonly phone: Phone,
    private readonly work: Work,
    private readonly senses: Senses,
  ) {
    this.hold = new Hold(
      phone.clock,
      () => void this.raise("panic"),
      () => senses.buzz(TICK_BUZZ),
    );
    work.onNews((news) => this.heard(news));
  }

  /** Kept on the phone, then sent. */
  async raise(kind: AlarmKind): Promise<void> {
    this.overAt.value = null;
    this.senses.buzz(PRESSED_BUZZ);
    await this.send(kind, false);
    this.follow(false);
  }

  /** The same, and nobody beside the worker can tell: no sign, no list, no count. */
  async covert(): Promise<void> {
    if (this.phone.session.value !== "in") return;
    const sent = this.send("panic", true);
    this.senses.buzz(COVERT_BUZZ);
    await sent;
    this.follow(true);
  }

  /** A routine test: proves the way to the centre, calls nobody. */
  test(): Promise<Row> {
    return this.signal("test_alarm", "test_alarm", false);
  }

  left(): void {
    for (const stop of this.follows.values()) stop();
    this.hold.forget();
    batch(() => {
      this.answered.value = null;
      this.overAt.value = null;
    });
  }

  leftPhone(row: Row): void {
    if (row.what === "alarm") this.buzz("sent");
  }

  done(row: Row, answer: unknown): void {
    if (row.what !== "alarm" || row.covert) return;
    const received = Date.parse((answer as SignalReceived).received_at);
    this.answered.value = { id: row.id, made_at: row.made_at, left_at: row.left_at, received_at: received };
    this.answeredAt = this.phone.clock.now();
    this.buzz("received");
  }

  beat(now: number): void {
    const stored = this.phone.outbox.waiting.value.find((row) => row.what === "alarm" && row.tries > 0 && row.left_at === null);
    if (stored && stored.tried_at !== null && now - stored.tried_at > FAILED_MS && stored.id !== this.storedTold) {
      this.storedTold = stored.id;
      this.buzz("stored");
    }
    if (this.overAt.value !== null && now - this.overAt.value > OVER_SHOWN_MS) this.overAt.value = null;
  }

  private send(kind: AlarmKind, silent: boolean): Promise<Row> {
    const position = this.senses.whereabouts.fix(POSITION_MS, !silent).then((found) => (found ? { position: found } : {}));
    return this.signal(kind, "alarm", silent, position);
  }

  private signal(kind: SignalSent["kind"], what: string, silent: boolean, more?: Promise<Record<string, unknown>>): Promise<Row> {
    const { outbox, newId, time } = this.phone;
    const id = newId();
    const body = { id, kind, event_at: new Date(time.now()).toISOString(), silent, confirmed: what === "alarm", ...chargeOf(this.senses.battery) };
    const rank = what === "alarm" ? "alarm" : "act";
    return outbox.put({ id, what, rank, method: "POST", url: SIGNALS, body, stamped: true, covert: silent }, more);
  }

  /** For a minute, each better position goes after the alarm as a signal of its own. */
  private follow(covert: boolean): void {
    this.follows.get(covert)?.();
    let sentAt = Number.NEGATIVE_INFINITY;
    const take = (position: AppPosition) => {
      const now = this.phone.clock.now();
      if (now - sentAt < BETTER_EVERY_MS) return;
      sentAt = now;
      const id = this.phone.newId();
      const body = { id, kind: "position", event_at: new Date(this.phone.time.now()).toISOString(), position, silent: covert };
      void this.phone.outbox.put({ id, what: "position", method: "POST", url: SIGNALS, body, stamped: true, covert });
    };
    const stop = this.senses.whereabouts.watch(take, !covert);
    const stopLater = this.phone.clock.after(BETTER_MS, () => this.follows.get(covert)?.());
    this.follows.set(covert, () => {
      stop();
      stopLater();
      this.follows.delete(covert);
    });
  }

  private heard(news: News): void {
    const alarms = this.work.now.value?.alarms ?? [];
    batch(() => {
      if (alarms.length > 0) this.overAt.value = null;
      // What was answered stays on the screen until the centre's own list has had it and lets it go.
      const listed = this.answered.value !== null && this.phone.clock.now() - this.answeredAt > LISTED_MS;
      if ((news.over.length > 0 || listed) && alarms.length === 0) {
        this.answered.value = null;
        this.overAt.value = this.phone.time.now();
      }
    });
    if (news.taken.length > 0) this.buzz("taken");
  }

  private buzz(stage: Stage): void {
    this.senses.buzz(BUZZES[stage]);
  }
}
