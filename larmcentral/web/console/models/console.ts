// The console's conductor: logs in, keeps the picture current, carries out what the operator asks for. No DOM.
import { batch, computed, signal } from "@preact/signals-core";
import { type Api, Refusal, Unreachable } from "../../shared/api";
import type { Clock } from "../../shared/clock";
import { Feed, type Source } from "../../shared/feed";
import { Speech } from "../words/speech";
import type { FeedIncident } from "../../shared/shapes_feed";
import type { Me } from "../../shared/shapes";
import type { ClosingForm } from "../../shared/shapes_plans";
import type { Setup } from "../../shared/shapes_setup";
import { Acts } from "./acts";
import { Desk } from "./desk";
import type { DialogName } from "./dialogs";
import { causeOfLine } from "./flood";
import { freshness } from "./freshness";
import { Gather } from "./gather";
import { Once } from "./once";
import { Orders, refusalWords } from "./orders";
import { Ordered, gravestUntaken } from "./ordered";
import { type Page, opens, ofTheHouse } from "./pages";
import { Pressure } from "./pressure";
import { queue, standsAt, step, stopOf, stops } from "./queue";
import type { Settings } from "./settings";
import { calls, sounding, stillSilenced } from "./sounding";
import { FirstWindow, SecondWindow, type Wire } from "./windows";

const BEAT_MS = 250; // a second never shows late by more than this
const RETRY_MS = 3000;
const DETAIL_REST_MS = 400; // a burst of changes asks for the detail once

export type Session = "starting" | "unreachable" | "out" | "in";

export class Console {
  readonly desk: Desk;
  readonly orders: Orders;
  readonly acts: Acts;
  readonly session = signal<Session>("starting");
  /** The server ended the session under our hands. */
  readonly ended = signal(false);
  readonly page = signal<Page>("queue");
  readonly filter = signal("");
  readonly dialog = signal<DialogName | null>(null);
  /** Causes whose alarms stand open below their line, in a flood. */
  readonly openCauses = signal<ReadonlySet<string>>(new Set());
  /** The fault of the house that its dialog is about. */
  readonly fault = signal<string | null>(null);
  readonly pressure: Pressure;
  readonly setup: Once<Setup>;
  readonly closing: Once<readonly ClosingForm[]>;
  /** The second window, as the first one knows it; null in a browser that has no windows, as in tests. */
  first: FirstWindow | null = null;
  private second: SecondWindow | null = null;
  /** False in a hidden window that has left the feed to another one. */
  readonly feedHeld = signal(true);
  readonly silenced = signal<ReadonlySet<string>>(new Set());
  /** Server time and our own, whole seconds: what screens count with. */
  readonly now = signal(0);
  private readonly ownNow = signal(0);
  private readonly feed: Feed;
  private readonly news: Gather<FeedIncident>;
  private readonly ordered = new Ordered();
  private shownAsked = new Set<string>();
  private detailWait: (() => void) | null = null;
  private stopBeat: (() => void) | null = null;
  private stopRetry: (() => void) | null = null;

  constructor(
    readonly api: Api,
    openSource: (url: string) => Source,
    readonly clock: Clock,
    readonly settings: Settings,
  ) {
    this.desk = new Desk(clock);
    this.orders = new Orders((incident) => this.desk.take(incident));
    this.acts = new Acts(api, this.desk, this.orders, clock, {
      fresh: this.fresh,
      select: (id) => this.select(id),
      changed: (id) => {
        if (id === this.desk.selectedId.value) this.askDetail();
      },
      sessionOver: () => this.leave(true),
    });
    this.pressure = new Pressure(api.house, clock);
    this.setup = new Once(() => api.desk.setup());
    this.closing = new Once(() => api.desk.closing());
    this.news = new Gather(clock, (events) => this.takeNews(events));
    this.feed = new Feed(openSource, clock, {
      incident: (event) => this.news.add(event),
      system: (event) => this.desk.takeSystem(event.system_alarms),
      tick: (event) => {
        this.desk.tick(event);
        this.first?.tick(event);
      },
      resync: () => void this.load(),
      broken: () => void this.checkSession(),
    });
  }

  readonly speech = computed(() => new Speech(this.settings.language.value));
  readonly fresh = computed(() => {
    const { heardAt, ready, readyAt } = this.desk;
    return freshness(heardAt.value, ready.value, readyAt.value, Math.max(this.ownNow.value, heardAt.value ?? 0));
  });
  /** All that is open, in the order of the queue. */
  readonly open = computed(() => this.ordered.take(this.desk.incidents.value));
  readonly queue = computed(() =>
    queue(this.open.value, this.desk.done.value, this.filter.value, this.pressure.flood.value ? this.openCauses.value : null, this.speech.value),
  );
  readonly sounding = computed(() =>
    sounding(this.desk.incidents.value.values(), this.desk.systemAlarms.value, this.fresh.value, this.silenced.value),
  );
  readonly refusal = computed(() => {
    const refused = this.orders.refused.value;
    return refused && { ...refused, words: refusalWords(refused.problem, this.speech.value) };
  });

  // --- session -----------------------------------------------------------------------------------------------------

  async start(): Promise<void> {
    this.stopBeat ??= this.clock.every(BEAT_MS, () => this.beat());
    this.beat();
    try {
      await this.enter(await this.api.me());
    } catch (error) {
      this.sessionFailed(error);
    }
  }

  /** Null when logged in, else the refusal in words. */
  async logIn(login: string, password: string): Promise<string | null> {
    try {
      const me = await this.api.logIn({ login, password });
      this.ended.value = false;
      await this.enter(me);
      return null;
    } catch (error) {
      if (error instanceof Refusal) return refusalWords(error.problem, this.speech.value);
      if (error instanceof Unreachable) return this.speech.value.say("server_unreachable");
      throw error;
    }
  }

  /** Logs out, or asks first where one has incidents in hand. Null unless it failed. */
  async wantOut(): Promise<string | null> {
    const me = this.desk.me.value?.user_id;
    const inHand = this.open.value.some(({ incident }) => incident.state === "acknowledged" && incident.owner?.user_id === me);
    if (!inHand) return this.logOut();
    this.dialog.value = "log_out";
    return null;
  }

  /** Null when logged out, else why not: a screen must not look left when it is not. */
  async logOut(): Promise<string | null> {
    try {
      await this.api.logOut();
    } catch (error) {
      if (error instanceof Unreachable) return this.speech.value.say("log_out_failed");
      if (!(error instanceof Refusal)) throw error;
      if (error.status !== 401) return refusalWords(error.problem, this.speech.value);
    }
    this.leave(false);
    return null;
  }

  private async enter(me: Me): Promise<void> {
    this.settings.suggestLanguage(me.language);
    batch(() => {
      this.desk.me.value = me;
      this.session.value = "in";
    });
    if (this.second) return; // it is told what to draw
    if (ofTheHouse(me)) this.pressure.start();
    await this.load();
  }

  private leave(ended: boolean): void {
    this.feed.stop();
    this.news.clear();
    this.pressure.stop();
    this.stopRetry?.();
    this.shownAsked.clear();
    batch(() => {
      this.openCauses.value = new Set();
      this.ended.value = ended;
      this.desk.clear();
      this.dialog.value = null;
      this.page.value = "queue";
      this.filter.value = "";
      this.session.value = "out";
    });
  }

  private sessionFailed(error: unknown): void {
    if (error instanceof Refusal && error.status === 401) {
      this.leave(this.session.value === "in");
    } else if (error instanceof Unreachable || error instanceof Refusal) {
      if (this.session.value !== "in") this.session.value = "unreachable";
      this.stopRetry?.();
      this.stopRetry = this.clock.after(RETRY_MS, () => void (this.desk.me.value ? this.load() : this.start()));
    } else {
      throw error;
    }
  }

  /** The feed broke: perhaps the network, perhaps the session is over. Only the latter concerns us here. */
  private async checkSession(): Promise<void> {
    try {
      await this.api.me();
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.leave(true);
    }
  }

  // --- the picture -------------------------------------------------------------------------------------------------

  /** Fetches the whole queue and goes on from there. */
  private async load(): Promise<void> {
    try {
      this.desk.expectQueue();
      const picture = await this.api.queue();
      if (this.session.value !== "in") return;
      this.desk.takeQueue(picture);
      if (this.desk.selectedId.value === null) this.select(this.queue.value.lines[0]?.incident.id ?? null);
      else this.askDetail();
      if (!this.feed.running && this.feedHeld.value) this.feed.start(picture.cursor);
    } catch (error) {
      this.sessionFailed(error);
    }
  }

  /** This window is the first of two, or may become so. name: what its second window has to say to find it. */
  lead(name: string, wire: Wire): void {
    this.first = new FirstWindow(name, wire, this.desk, this.clock);
  }

  /** This window only draws what the first one has chosen. Call before start(). */
  follow(wire: Wire): SecondWindow {
    this.feedHeld.value = false;
    this.second = new SecondWindow(wire, this.desk, this.clock);
    return this.second;
  }

  private takeNews(events: readonly FeedIncident[]): void {
    const before = this.desk.incidents.value;
    this.desk.takeIncidents(events);
    if (events.some(({ incident }) => !before.has(incident.id))) this.pressure.soon();
    const looking = this.desk.selected.value;
    if (looking === null || looking.state === "stood_down") {
      const open = this.desk.incidents.value;
      const came = events.find(({ incident }) => open.has(incident.id));
      if (came) return this.select(came.incident.id); // nobody is at work here: show what came
    }
    if (events.some(({ incident }) => incident.id === this.desk.selectedId.value)) this.askDetail();
  }

  /** A hidden second window lets go of its feed, and takes it up where it was when it is needed. */
  allowFeed(allowed: boolean): void {
    if (allowed === this.feedHeld.value) return;
    this.feedHeld.value = allowed;
    if (!allowed) this.feed.stop();
    else if (this.session.value === "in") void this.load();
  }

  select(id: string | null): void {
    this.acts.armed.value = null;
    this.orders.forget();
    this.desk.select(id);
    if (id !== null) void this.fetchDetail(id);
  }

  /** Turns to a page, if this user has it. */
  show(page: Page | undefined): void {
    if (opens(page, this.desk.me.value)) this.page.value = page;
  }

  walk(by: 1 | -1): void {
    const picture = this.queue.value;
    this.select(step(stops(picture), stopOf(picture, this.desk.selectedId.value), by));
  }

  /** Opens or closes the group that the eye stands in; nothing where it stands in none. */
  toggleGroup(cause: string | null = this.causeHere()): void {
    if (cause === null) return;
    const opened = new Set(this.openCauses.value);
    if (!opened.delete(cause)) opened.add(cause);
    this.openCauses.value = opened;
  }

  private causeHere(): string | null {
    const id = this.desk.selectedId.value;
    const group = this.queue.value.lines.find((line) => line.what === "group" && (standsAt(line, id) || (id !== null && line.ids.includes(id))));
    return group?.what === "group" ? causeOfLine(group) : null;
  }

  toGravest(): void {
    const id = gravestUntaken(this.open.value);
    if (id !== null) {
      this.filter.value = "";
      this.select(id);
    }
  }

  private askDetail(): void {
    this.detailWait ??= this.clock.after(DETAIL_REST_MS, () => {
      this.detailWait = null;
      const id = this.desk.selectedId.value;
      if (id !== null) void this.fetchDetail(id);
    });
  }

  private async fetchDetail(id: string): Promise<void> {
    try {
      this.desk.takeDetail(await this.api.detail(id));
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return this.leave(true);
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      if (error instanceof Unreachable && this.desk.selectedId.value === id) this.askDetail();
    }
  }

  /** A real incident has been drawn where somebody can see it. Asked once; again only if the server did not hear. */
  async shown(id: string): Promise<void> {
    const incident = this.desk.incidents.value.get(id);
    if (this.desk.me.value?.role !== "operator" || !incident || incident.purpose !== "real" || incident.shown_at !== null || this.shownAsked.has(id)) return;
    this.shownAsked.add(id);
    try {
      this.desk.take(await this.api.command(id, "shown"));
    } catch (error) {
      if (error instanceof Unreachable) this.clock.after(RETRY_MS, () => this.shownAsked.delete(id) && void this.shown(id));
      else if (!(error instanceof Refusal)) throw error;
    }
  }

  silence(): void {
    this.silenced.value = new Set([...this.silenced.value, ...this.sounding.value.keys()]);
  }

  private beat(): void {
    const whole = (ms: number) => Math.floor(ms / 1000) * 1000;
    batch(() => {
      this.now.value = whole(this.desk.time.now());
      this.ownNow.value = whole(this.clock.now());
      if (this.silenced.value.size > 0) {
        this.silenced.value = stillSilenced(this.silenced.value, this.desk.incidents.value.values(), this.desk.systemAlarms.value, this.fresh.value);
      }
    });
  }

  /** What calls for a person now, gravest first: for the title and the spoken news. */
  readonly calling = computed(() => this.open.value.map((one) => one.incident).filter(calls));
}
