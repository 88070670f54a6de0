// The phone app's conductor: who is logged in, which page, whether the centre is heard, and what waits to be sent. No DOM.
import { batch, computed, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import { type Clock, ServerTime } from "../../shared/clock";
import { Feed, type Source } from "../../shared/feed";
import type { FeedIncident } from "../../shared/shapes_feed";
import type { Me } from "../../shared/shapes";
import type { Setup } from "../../shared/shapes_setup";
import { Speech } from "../words/speech";
import type { PhoneApi } from "./api";
import { Outbox, type Listener, type Row, type Shelf, type Wire } from "./outbox";
import { refusalWords } from "./refusal";
import { hashOf, type Page, pagesOf, type Route, routeOf } from "./routes";
import type { Settings } from "./settings";

const BEAT_MS = 250; // a second never shows late by more than this
const RETRY_MS = 5000;
const SILENT_MS = 8000; // feed.ts looks for a new connection after 7 s; by then it would have been heard

/** A part of the app that goes with the log-in and with what is heard. */
export interface Part {
  /** Somebody is logged in, perhaps remembered from last time and not yet confirmed. Also when he comes back. */
  entered?(me: Me): void;
  /** Before a log-out that its owner asked for, while the log-in still stands. What it cannot do in time it leaves. */
  leaving?(): Promise<void>;
  left?(): void;
  /** An incident that this user may see has changed. */
  incident?(event: FeedIncident): void;
  /** The centre is heard again, or may have been missed: ask for everything anew. */
  resync?(): void;
  /** Four times a second. now: the server's time as far as it is known, in ms. */
  beat?(now: number): void;
  done?(row: Row, answer: unknown): void;
  refused?(row: Row): void;
  leftPhone?(row: Row): void;
}

export class Phone implements Listener {
  readonly session = signal<"starting" | "out" | "in">("starting");
  readonly me = signal<Me | null>(null);
  /** The server ended the session under our hands. */
  readonly ended = signal(false);
  readonly setup = signal<Setup | null>(null);
  /** Server time, whole seconds: what screens count with. */
  readonly now = signal(0);
  /** When the centre was last heard, by the phone's own clock; null: not since the app was opened. */
  readonly heardAt = signal<number | null>(null);
  readonly openedAt: number;
  readonly outbox: Outbox;
  readonly time: ServerTime;
  private readonly hash = signal("");
  private readonly ownNow = signal(0);
  private readonly feed: Feed;
  private parts: readonly Part[] = [];
  private stopBeat: (() => void) | null = null;
  private stopRetry: (() => void) | null = null;

  constructor(
    readonly api: PhoneApi,
    openSource: (url: string) => Source,
    readonly clock: Clock,
    readonly settings: Settings,
    shelf: Shelf,
    wire: Wire,
    readonly newId: () => string,
    /** Turns the browser to an address of this page. */
    private readonly turn: (hash: string) => void,
  ) {
    this.time = new ServerTime(clock);
    this.openedAt = clock.now();
    this.outbox = new Outbox(shelf, wire, clock, () => this.time.now(), newId);
    this.outbox.listen(this);
    this.feed = new Feed((url) => openSource(`${url}&as=phone`), clock, {
      incident: (event) => this.tell((part) => part.incident?.(event)),
      system: () => undefined,
      tick: (event) => this.heard(event.server_time),
      resync: () => this.tell((part) => part.resync?.()),
      broken: () => void this.confirm(),
    });
  }

  readonly speech = computed(() => new Speech(this.settings.language.value));
  readonly pages = computed(() => pagesOf(this.me.value?.role));
  readonly route = computed<Route>(() => routeOf(this.hash.value, this.pages.value));
  /** How long the centre has been silent, in ms; 0 while it is heard. */
  readonly silentMs = computed(() => {
    const silent = this.ownNow.value - (this.heardAt.value ?? this.openedAt);
    return silent < SILENT_MS ? 0 : silent;
  });

  /** Parts hear what happens in the order in which they joined. */
  join(...parts: readonly Part[]): void {
    this.parts = [...this.parts, ...parts];
  }

  go(page: Page, rest: string | null = null): void {
    this.turn(hashOf(page, rest));
  }

  /** The browser's address has changed. */
  turned(hash: string): void {
    this.hash.value = hash;
  }

  // --- session -----------------------------------------------------------------------------------------------------

  async start(): Promise<void> {
    this.stopBeat ??= this.clock.every(BEAT_MS, () => this.beat());
    this.beat();
    const last = this.settings.lastMe;
    if (last) this.enter(last, false);
    await this.confirm();
  }

  /** Null when logged in, else the refusal in words. */
  async logIn(login: string, password: string): Promise<string | null> {
    try {
      const me = await this.api.logIn({ login, password, phone: true });
      if (pagesOf(me.role).length === 0) {
        await this.api.logOut().catch(() => undefined);
        return this.speech.value.say("not_a_phone_user");
      }
      this.enter(me, true);
      return null;
    } catch (error) {
      if (error instanceof Refusal) return refusalWords(error.problem, this.speech.value);
      if (error instanceof Unreachable) return this.speech.value.say("server_unreachable");
      throw error;
    }
  }

  /** Null when logged out, else why not. What waits is kept for the next log-in of the same person. */
  async logOut(): Promise<string | null> {
    await Promise.all(this.parts.map((part) => part.leaving?.()));
    try {
      await this.api.logOut();
    } catch (error) {
      if (error instanceof Unreachable) return this.speech.value.say("log_out_failed");
      if (!(error instanceof Refusal)) throw error;
      if (error.status !== 401) return refusalWords(error.problem, this.speech.value);
    }
    this.settings.keepMe(null);
    this.leave(false);
    return null;
  }

  /** The page is looked at again, or the network is back: what waits is tried, and the picture fetched. */
  wake(): void {
    if (this.session.value !== "in") return;
    this.outbox.nudge(true);
    this.feed.start();
    this.tell((part) => part.resync?.());
  }

  // --- the outbox's listener -----------------------------------------------------------------------------------------

  done(row: Row, answer: unknown): void {
    this.tell((part) => part.done?.(row, answer));
  }

  refused(row: Row): void {
    this.tell((part) => part.refused?.(row));
  }

  left(row: Row): void {
    this.tell((part) => part.leftPhone?.(row));
  }

  loggedOut(): void {
    this.leave(true);
  }

  // -----------------------------------------------------------------------------------------------------------------

  private enter(me: Me, confirmed: boolean): void {
    this.settings.suggestLanguage(me.language);
    this.settings.keepMe(me);
    void this.outbox.load(me.user_id);
    batch(() => {
      this.me.value = me;
      this.ended.value = false;
      this.session.value = "in";
    });
    this.outbox.open();
    this.tell((part) => part.entered?.(me));
    if (confirmed) this.feed.start();
    void this.fetchSetup();
  }

  private leave(ended: boolean): void {
    this.feed.stop();
    this.outbox.close();
    batch(() => {
      this.ended.value = ended;
      this.me.value = null;
      this.session.value = "out";
    });
    this.tell((part) => part.left?.());
  }

  /** Asks who is logged in: the server's word counts, its silence changes nothing. */
  private async confirm(): Promise<void> {
    this.stopRetry?.();
    try {
      const me = await this.api.me();
      if (this.session.value === "in" && this.me.value?.user_id === me.user_id) {
        this.settings.keepMe(me);
        this.me.value = me;
        if (!this.feed.running) this.feed.start();
        return;
      }
      if (pagesOf(me.role).length > 0) this.enter(me, true);
      else this.leave(false);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return this.leave(this.session.value === "in");
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      if (this.session.value === "starting") this.leave(false);
      this.stopRetry = this.clock.after(RETRY_MS, () => void this.confirm());
    }
  }

  private async fetchSetup(): Promise<void> {
    try {
      this.setup.value = await this.api.setup();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
    }
  }

  private heard(serverTime: string): void {
    this.time.heard(serverTime);
    const silent = this.silentMs.value > 0;
    this.heardAt.value = this.clock.now();
    this.beat();
    if (!silent) return;
    this.outbox.nudge(true);
    this.tell((part) => part.resync?.());
    if (!this.setup.value) void this.fetchSetup();
  }

  private beat(): void {
    const whole = (ms: number) => Math.floor(ms / 1000) * 1000;
    batch(() => {
      this.now.value = whole(this.time.now());
      this.ownNow.value = whole(this.clock.now());
    });
    this.tell((part) => part.beat?.(this.time.now()));
  }

  private tell(what: (part: Part) => void): void {
    for (const part of this.parts) what(part);
  }
}
