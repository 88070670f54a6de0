// The managers' pages as one: who is logged in, which page the address names, and what is open in the house. No DOM.
import { batch, computed, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import { type Clock, ServerTime } from "../../shared/clock";
import { Feed, type Source } from "../../shared/feed";
import type { IncidentView, Me } from "../../shared/shapes";
import type { FeedIncident } from "../../shared/shapes_feed";
import type { Setup } from "../../shared/shapes_setup";
import { Speech } from "../words/speech";
import type { ManagerApi } from "./api";
import { Asked, deniedWords } from "./asked";
import { type Page, pagesOf, type Query, type Route, hashOf, routeOf } from "./routes";
import type { Settings } from "./settings";

const BEAT_MS = 1000;
const RETRY_MS = 3000;

export class Office {
  readonly session = signal<"starting" | "unreachable" | "out" | "in">("starting");
  readonly me = signal<Me | null>(null);
  /** The server ended the session under our hands. */
  readonly ended = signal(false);
  /** Server time: what ages are counted from. */
  readonly now = signal(0);
  readonly setup = new Asked<Setup>();
  /** What is open in the house just now, by id. */
  private readonly open = signal<ReadonlyMap<string, IncidentView>>(new Map());
  /** The newest version of each incident that was heard of, open or over. */
  private readonly versions = signal<ReadonlyMap<string, number>>(new Map());
  private readonly hash = signal("");
  private readonly time: ServerTime;
  private readonly feed: Feed;
  private stopBeat: (() => void) | null = null;
  private stopRetry: (() => void) | null = null;

  constructor(
    readonly api: ManagerApi,
    openSource: (url: string) => Source,
    readonly clock: Clock,
    readonly settings: Settings,
    /** Turns the browser to an address of this page; replace: without a step to go back to. */
    private readonly turn: (hash: string, replace: boolean) => void,
  ) {
    this.time = new ServerTime(clock);
    api.over = () => this.session.value === "in" && this.leave(true);
    this.feed = new Feed((url) => openSource(`${url}&as=manager`), clock, {
      incident: (event) => this.heard(event),
      system: () => undefined,
      tick: (event) => this.time.heard(event.server_time),
      resync: () => void this.fetchOpen(),
      broken: () => void this.confirm(),
    });
  }

  readonly speech = computed(() => new Speech(this.settings.language.value));
  readonly pages = computed(() => pagesOf(this.me.value?.role));
  readonly route = computed<Route>(() => routeOf(this.hash.value, this.pages.value));
  readonly drills = computed(() => [...this.open.value.values()].filter((one) => one.purpose === "drill").length);

  /** Whether an incident has changed since that version of it was fetched. */
  moved(incident: IncidentView): boolean {
    return (this.versions.value.get(incident.id) ?? 0) > incident.version;
  }

  go(page: Page, id: string | null = null, query: Query = {}, replace = false): void {
    this.turn(hashOf(page, id, query), replace);
  }

  /** The browser's address has changed. */
  turned(hash: string): void {
    this.hash.value = hash;
  }

  async start(): Promise<void> {
    this.stopBeat ??= this.clock.every(BEAT_MS, () => this.beat());
    this.beat();
    await this.confirm();
  }

  /** Null when logged in, else the refusal in words. */
  async logIn(login: string, password: string): Promise<string | null> {
    try {
      this.enter(await this.api.logIn({ login, password }));
      return null;
    } catch (error) {
      return this.wordsOf(error);
    }
  }

  /** Null when logged out, else why not. */
  async logOut(): Promise<string | null> {
    try {
      await this.api.logOut();
    } catch (error) {
      if (error instanceof Unreachable) return this.speech.value.say("log_out_failed");
      if (!(error instanceof Refusal && error.status === 401)) return this.wordsOf(error);
    }
    this.leave(false);
    return null;
  }

  private wordsOf(error: unknown): string | null {
    if (error instanceof Unreachable) return this.speech.value.say("server_silent");
    if (!(error instanceof Refusal)) throw error;
    return deniedWords({ what: "log_in", problem: error.problem }, this.speech.value);
  }

  private enter(me: Me): void {
    this.settings.suggestLanguage(me.language);
    batch(() => {
      this.me.value = me;
      this.ended.value = false;
      this.session.value = "in";
    });
    if (this.pages.value.length === 0) return; // nothing here is theirs
    void this.fetchOpen();
    void this.setup.ask(() => this.api.setup());
  }

  private leave(ended: boolean): void {
    this.feed.stop();
    batch(() => {
      this.ended.value = ended;
      this.me.value = null;
      this.session.value = "out";
      this.open.value = new Map();
      this.versions.value = new Map();
    });
  }

  /** Asks who is logged in. Silence changes nothing but what is said while we begin. */
  private async confirm(): Promise<void> {
    this.stopRetry?.();
    this.stopRetry = null;
    try {
      const me = await this.api.me();
      if (this.me.value?.user_id !== me.user_id || this.session.value !== "in") this.enter(me);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) {
        if (this.session.value !== "out") this.leave(false);
        return;
      }
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      if (this.session.value !== "in") {
        this.session.value = "unreachable";
        this.stopRetry = this.clock.after(RETRY_MS, () => void this.confirm());
      }
    }
  }

  private async fetchOpen(): Promise<void> {
    try {
      const queue = await this.api.queue();
      if (this.session.value !== "in") return;
      this.time.heard(queue.server_time);
      batch(() => {
        this.open.value = new Map(queue.incidents.map((one) => [one.id, one]));
        this.versions.value = new Map([...this.versions.value, ...queue.incidents.map((one) => [one.id, one.version] as const)]);
      });
      this.feed.start(queue.cursor);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      if (this.session.value === "in") this.clock.after(RETRY_MS, () => void this.fetchOpen());
    }
  }

  private heard({ incident }: FeedIncident): void {
    if (incident.version < (this.versions.value.get(incident.id) ?? 0)) return;
    const open = new Map(this.open.value);
    if (incident.state === "stood_down") open.delete(incident.id);
    else open.set(incident.id, incident);
    batch(() => {
      this.open.value = open;
      this.versions.value = new Map(this.versions.value).set(incident.id, incident.version);
    });
  }

  private beat(): void {
    this.now.value = Math.floor(this.time.now() / 1000) * 1000;
  }
}
