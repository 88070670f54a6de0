// The calls that this phone's owner was told of: a live list, his answers, and the sound until he has given one.
import { batch, computed, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import type { FeedIncident } from "../../shared/shapes_feed";
import type { IncidentDetail, IncidentView, Me, Queue } from "../../shared/shapes";
import type { OwnMessage } from "../../shared/shapes_phone";
import type { Tone } from "../../shared/siren";
import { asks, inOrder, PATHS, type Spot, type Word, WORDS } from "./call";
import type { Row } from "./outbox";
import type { Part, Phone } from "./phone";
import type { Senses } from "./senses";

const PAST = 10; // as many as one remembers
const BUZZ_EVERY_MS = 3000;
const ALARM_BUZZ = [700, 200, 700];
const TONES: readonly Tone[] = ["gravest", "grave", "mild"];

/** Notices on the phone's screen, by the name they are kept under: an incident's id. */
export interface Tray {
  /** What still asks goes; what only says how it stands goes when it is over. */
  close(tag: string, over: boolean): void;
}

export class Calls implements Part {
  private readonly rows = signal<ReadonlyMap<string, IncidentView>>(new Map());
  /** fresh: the server has told the list since the log-in. */
  readonly fresh = signal(false);
  readonly detail = signal<IncidentDetail | null>(null);
  /** The call that is looked at does not exist, or is none of ours. */
  readonly gone = signal(false);
  readonly messages = signal<readonly OwnMessage[]>([]);
  readonly here = signal<Spot | null>(null);
  /** Calls whose sound was turned off without an answer. */
  private readonly hushed = signal<ReadonlySet<string>>(new Set());
  readonly list = computed(() => inOrder([...this.rows.value.values()], this.person));
  /** What waits for an answer, none of which is on its way. */
  readonly asking = computed(() => this.list.value.filter((one) => asks(one, this.person) && this.waiting(one.id) === null));
  readonly ringing = computed(() => this.asking.value.filter((one) => !this.hushed.value.has(one.id)));
  /** A silent alarm makes no sound here either: the phone may lie beside whoever threatens. */
  readonly tone = computed<Tone | null>(() => {
    const graves = this.ringing.value.filter((one) => !one.silent).map((one) => one.gravity);
    return graves.length === 0 ? null : (TONES[Math.min(...graves) - 1] ?? "mild");
  });
  /** What stands over the page: not over the list, and not over the call itself. */
  readonly bannered = computed(() => {
    const { page, rest } = this.phone.route.value;
    return page === "calls" && rest === null ? null : (this.asking.value.find((one) => one.id !== rest) ?? null);
  });
  readonly opened = computed(() => (this.phone.route.value.page === "calls" ? this.phone.route.value.rest : null));
  private asked = 0;
  private fetching = false;
  private again = false;
  private wanted: string | null = null;
  private buzzedAt = 0;
  private stopHere: (() => void) | null = null;

  constructor(
    private readonly phone: Phone,
    private readonly senses: Senses,
    private readonly tray: Tray,
  ) {}

  find(id: string): IncidentView | null {
    return this.rows.value.get(id) ?? null;
  }

  // --- with the log-in and the feed ----------------------------------------------------------------------------------

  entered(_me: Me): void {
    void this.fetch();
  }

  left(): void {
    this.asked++;
    this.close();
    batch(() => {
      this.rows.value = new Map();
      this.fresh.value = false;
      this.messages.value = [];
      this.hushed.value = new Set();
    });
  }

  resync(): void {
    void this.fetch();
    void this.look();
  }

  incident({ incident, entries }: FeedIncident): void {
    if (!this.mine) return;
    this.take([incident]);
    if (incident.id === this.wanted) void this.look();
    if (entries.some((one) => one.kind === "message_sent")) void this.fetchMessages();
  }

  done(row: Row, answer: unknown): void {
    if (wordOf(row) !== null && isView(answer)) this.take([answer]);
  }

  refused(row: Row): void {
    if (wordOf(row) !== null) void this.fetch();
  }

  beat(): void {
    const now = this.phone.clock.now();
    if (this.ringing.value.length === 0 || now - this.buzzedAt < BUZZ_EVERY_MS) return;
    this.buzzedAt = now;
    this.senses.buzz(ALARM_BUZZ);
  }

  // --- what one does -------------------------------------------------------------------------------------------------

  /** Kept on the phone, then sent; it counts once the server has it. */
  async answer(id: string, word: Word): Promise<void> {
    if (this.waiting(id) === word) return; // pressed twice: it is on its way
    this.tray.close(id, false);
    await this.phone.outbox.put({ what: word, method: "POST", url: `/api/incidents/${id}/${PATHS[word]}`, body: null });
  }

  /** The answer to a call that is on its way: the last one, where there are several. */
  waiting(id: string): Word | null {
    const rows = this.phone.outbox.waiting.value.filter((row) => row.url.startsWith(`/api/incidents/${id}/`));
    const last = rows.at(-1);
    return last ? wordOf(last) : null;
  }

  /** Quiet, and still unanswered. */
  hush(): void {
    this.hushed.value = new Set([...this.hushed.value, ...this.ringing.value.map((one) => one.id)]);
  }

  /** Somebody looks at a call. */
  open(id: string): void {
    this.close();
    this.wanted = id;
    void this.look();
    void this.fetchMessages();
    this.stopHere = this.senses.whereabouts.watch((at) => (this.here.value = { lat: at.lat, lon: at.lon }), false);
  }

  close(): void {
    this.stopHere?.();
    this.stopHere = null;
    this.wanted = null;
    batch(() => {
      this.detail.value = null;
      this.gone.value = false;
      this.here.value = null;
    });
  }

  /** In a press: asks the phone's owner for leave to know where he is. */
  async locate(): Promise<void> {
    const found = await this.senses.whereabouts.fix(15_000, true);
    if (found && this.wanted !== null) this.here.value = { lat: found.lat, lon: found.lon };
  }

  // -------------------------------------------------------------------------------------------------------------------

  private get person(): string | null {
    return this.phone.me.value?.person_id ?? null;
  }

  private get mine(): boolean {
    return this.phone.pages.value.includes("calls");
  }

  /** What is open, and what was over last; what we had and the server no longer tells is dropped. */
  private async fetch(): Promise<void> {
    if (!this.mine) return;
    const asked = ++this.asked;
    try {
      const [open, past] = await Promise.all([
        this.phone.api.ask<Queue>("GET", "/api/incidents"),
        this.phone.api.ask<Queue>("GET", `/api/incidents?state=past&limit=${PAST}`),
      ]);
      if (asked !== this.asked) return; // an older answer may come after a newer one
      const told = [...open.incidents, ...past.incidents];
      const ids = new Set(told.map((one) => one.id));
      batch(() => {
        this.rows.value = new Map([...this.rows.value].filter(([id]) => ids.has(id)));
        this.take(told);
        this.fresh.value = true;
      });
    } catch (error) {
      this.unless(error);
    }
    void this.fetchMessages();
  }

  /** All that is known of the call that is looked at; once more if it changed meanwhile. */
  private async look(): Promise<void> {
    if (this.wanted === null) return;
    if (this.fetching) {
      this.again = true;
      return;
    }
    this.fetching = true;
    const id = this.wanted;
    try {
      const detail = await this.phone.api.ask<IncidentDetail>("GET", `/api/incidents/${encodeURIComponent(id)}`);
      if (id === this.wanted) {
        batch(() => {
          this.detail.value = detail;
          this.gone.value = false;
          this.take([detail.incident]);
        });
      }
    } catch (error) {
      if (error instanceof Refusal && (error.status === 404 || error.status === 422)) this.gone.value = id === this.wanted;
      else this.unless(error);
    } finally {
      this.fetching = false;
    }
    if (!this.again) return;
    this.again = false;
    void this.look();
  }

  private async fetchMessages(): Promise<void> {
    try {
      this.messages.value = await this.phone.api.messages();
    } catch (error) {
      this.unless(error);
    }
  }

  /** A row is never put back by an older one: the feed and an answer cross on their way. */
  private take(incidents: readonly IncidentView[]): void {
    const rows = new Map(this.rows.value);
    const settled: IncidentView[] = [];
    for (const one of incidents) {
      const had = rows.get(one.id);
      if (had && had.version > one.version) continue;
      rows.set(one.id, one);
      if (!asks(one, this.person) && had?.version !== one.version) settled.push(one);
    }
    this.rows.value = rows;
    for (const { id, state } of settled) this.tray.close(id, state === "stood_down"); // what is answered or over rings on no lock screen
  }

  private unless(error: unknown): void {
    if (error instanceof Refusal && error.status === 401) this.phone.loggedOut();
    else if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
  }
}

const wordOf = (row: Row): Word | null => WORDS.find((word) => word === row.what) ?? null;

const isView = (answer: unknown): answer is IncidentView => typeof answer === "object" && answer !== null && "version" in answer && "responders" in answer;
