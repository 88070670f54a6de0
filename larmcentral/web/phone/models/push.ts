// Whether this phone is reached while the app is closed, and what one can do about it.
//
// A subscription dies in silence: the browser ends it, the house changes its key, somebody takes the contact point away.
// So it is compared with what the server has at every start and each hour, and set right where its owner wanted it.
import { computed, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import type { Me } from "../../shared/shapes";
import type { PointAdded, PointView } from "../../shared/shapes_points";
import type { Word } from "../sw/scope";
import type { Part, Phone } from "./phone";
import { refusalWords } from "./refusal";
import type { Leave } from "./senses";
import type { Memory } from "./settings";

const EVERY_MS = 3_600_000;
const AGAIN_MS = 60_000; // after a look that the server did not answer
const PROOF_MS: readonly number[] = [1500, 4000, 10_000]; // a proof that comes back is seen at one of these
const KEY = "larm.phone.push";

/** What the browser can do. home_screen: an iPhone, which is reached only by apps that lie on the home screen. */
export type Way = "able" | "missing" | "home_screen";

export interface Door {
  way(): Way;
  leave(): Leave;
  /** Must be called in a press: browsers ask then alone. */
  ask(): Promise<Leave>;
  /** This browser's subscription as the server takes it, made anew where there is none or it is of another key. */
  subscribe(key: string): Promise<string>;
  /** Ends it: nothing more arrives here. */
  drop(): Promise<void>;
}

/**
 * looking: nothing is known yet. no_key: the house does not push to browsers. off: not asked for. unproven: added, and
 * nothing has come back through it. failing: the last try by the server failed. stuck: it could not be set up.
 */
export type PushState = Exclude<Way, "able"> | "looking" | "no_key" | "denied" | "off" | "unproven" | "failing" | "stuck" | "on";

interface Kept {
  readonly user: string;
  readonly point: string;
  readonly address: string;
}

export class Push implements Part {
  readonly state = signal<PushState>("looking");
  readonly busy = signal(false);
  readonly refusal = signal<string | null>(null);
  /** Other ways in use by which the centre reaches this person; null: not known. */
  readonly others = signal<readonly string[] | null>(null);
  /** The test that was asked for; arrived: it has come through the worker. */
  readonly tested = signal<"none" | "asked" | "arrived">("none");
  /** Worth a word on the pages of whoever is called out. */
  readonly wanting = computed(() => !["looking", "on"].includes(this.state.value));
  private lookAt = 0;
  private stops: (() => void)[] = [];

  constructor(
    private readonly phone: Phone,
    private readonly door: Door,
    private readonly memory: Memory,
  ) {}

  entered(me: Me): void {
    const kept = this.read();
    if (kept && kept.user !== me.user_id) this.forget(); // whoever had this phone before is no longer reached on it
    this.lookAt = 0;
  }

  /** Before the log-out: the server must not push to a phone that nobody is logged in on. */
  async leaving(): Promise<void> {
    const kept = this.kept();
    if (!kept) return;
    try {
      await this.phone.api.ask("DELETE", `/api/me/points/${kept.point}`);
    } catch (error) {
      if (error instanceof Unreachable) return; // then there is no log-out either
      if (!(error instanceof Refusal)) throw error;
    }
    this.forget();
    this.lookAt = 0; // a log-out that fails after this leaves a phone that is not reached: it must say so
  }

  left(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.state.value = "looking";
    this.tested.value = "none";
    this.refusal.value = null;
  }

  beat(): void {
    const { session, setup, clock } = this.phone;
    if (session.value === "in" && setup.value && clock.now() >= this.lookAt) void this.look();
  }

  /** The worker has something to say. */
  said(word: Word): void {
    if (word.what === "pushed" && word.about === "service" && this.tested.value === "asked") this.tested.value = "arrived";
    if (word.what === "proven" || word.what === "subscribed") void this.look();
  }

  /** Compares what the browser has with what the server has, and mends it where it was wanted. */
  async look(): Promise<void> {
    if (this.busy.value) return;
    this.lookAt = this.phone.clock.now() + EVERY_MS;
    await this.work(async () => {
      const kept = this.kept();
      this.others.value = waysOf(await this.phone.api.points(), kept?.point ?? null);
      const hurdle = this.hurdle();
      this.state.value = hurdle ?? (kept ? await this.set(kept) : "off");
    });
  }

  /** In a press: asks the phone's owner, subscribes, and lets the server prove that it gets through. */
  async turnOn(): Promise<void> {
    if (this.busy.value) return;
    const leave = await this.door.ask();
    await this.work(async () => {
      const hurdle = this.hurdle();
      this.state.value = hurdle ?? (leave === "granted" ? await this.set(this.kept()) : "off");
    });
    this.awaitProof();
  }

  /** No longer reached while the app is closed. */
  async turnOff(): Promise<void> {
    await this.work(async () => {
      const kept = this.kept();
      if (kept) await this.phone.api.ask("DELETE", `/api/me/points/${kept.point}`);
      this.forget();
      this.state.value = "off";
    });
  }

  async test(): Promise<void> {
    const kept = this.kept();
    if (!kept) return;
    this.tested.value = "asked";
    const state = this.state.value;
    const fine = await this.work(() => (state === "unproven" ? this.prove(kept.point) : this.phone.api.testPoint(kept.point).then(() => undefined)));
    if (!fine) this.tested.value = "none";
    this.awaitProof();
  }

  private hurdle(): PushState | null {
    const way = this.door.way();
    if (way !== "able") return way;
    if (this.phone.setup.value?.push_key == null) return "no_key";
    return this.door.leave() === "denied" ? "denied" : null;
  }

  /** Subscribed, added and known to be so. kept: as it was when it was looked at last. */
  private async set(kept: Kept | null): Promise<PushState> {
    const user = this.phone.me.value?.user_id;
    const key = this.phone.setup.value?.push_key;
    if (user === undefined || key == null) return "looking";
    if (this.door.leave() !== "granted") return "off";
    const address = await this.door.subscribe(key).catch(() => null);
    if (address === null) return "stuck";
    let point = living(await this.phone.api.points(), kept?.point);
    if (!point || kept?.address !== address) {
      const draft = { id: this.phone.newId(), channel: "web_push", address, label: this.phone.speech.value.say("title") };
      const { id } = await this.phone.api.ask<PointAdded>("POST", "/api/me/points", draft);
      this.memory.setItem(KEY, JSON.stringify({ user, point: id, address } satisfies Kept));
      // The address before it is dead, and a chain should not wait for it.
      if (kept && kept.point !== id) await this.phone.api.ask("DELETE", `/api/me/points/${kept.point}`).catch(() => undefined);
      point = living(await this.phone.api.points(), id);
      if (point && point.verified_at === null) await this.prove(id);
    }
    if (!point) return "stuck";
    if (point.verified_at === null) return "unproven";
    return point.health === "failing" ? "failing" : "on";
  }

  /** A key goes through the push to the worker, which hands it back to the server. */
  private async prove(point: string): Promise<void> {
    await this.phone.api.ask("POST", `/api/me/points/${point}/proof`);
  }

  private awaitProof(): void {
    for (const ms of PROOF_MS) this.stops.push(this.phone.clock.after(ms, () => this.state.value === "unproven" && void this.look()));
  }

  /** True when it went through. A look that fails says nothing new: what was known stays on the screen. */
  private async work(call: () => Promise<void>): Promise<boolean> {
    this.busy.value = true;
    this.refusal.value = null;
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.phone.loggedOut();
      else if (error instanceof Refusal) this.refusal.value = refusalWords(error.problem, this.phone.speech.value);
      else if (!(error instanceof Unreachable)) throw error;
      this.lookAt = this.phone.clock.now() + AGAIN_MS;
      return false;
    } finally {
      this.busy.value = false;
    }
  }

  private kept(): Kept | null {
    const kept = this.read();
    return kept?.user === this.phone.me.value?.user_id ? kept : null;
  }

  private read(): Kept | null {
    try {
      return JSON.parse(this.memory.getItem(KEY) ?? "null") as Kept | null;
    } catch {
      return null; // written by something else: as if nothing had been kept
    }
  }

  private forget(): void {
    this.memory.removeItem(KEY);
    this.door.drop().catch(() => undefined); // what is pushed to an address that the server no longer has is no more
  }
}

const living = (points: readonly PointView[], id: string | undefined): PointView | undefined =>
  points.find((one) => one.id === id && one.retired_at === null);

const waysOf = (points: readonly PointView[], own: string | null): readonly string[] => [
  ...new Set(points.filter((one) => one.retired_at === null && one.id !== own && one.channel !== "web_push").map((one) => one.channel)),
];
