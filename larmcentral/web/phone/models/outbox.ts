// What the phone has to tell the centre: kept on the phone first, then sent, in order, until it is answered.
//
// Alarms are sent each by itself and at once; all else waits for them and goes in the order in which it was done.
// Anything may arrive twice (an answer that is lost): the server takes repeats. Nothing is dropped in silence: what the
// server refuses stands here until its owner has seen it, and what waits outlives a reload, a crash and a log-out.
import { batch, computed, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import type { Clock } from "../../shared/clock";
import type { Problem } from "../../shared/shapes";

export const RETRY_MS = 5000; // journey 1: a phone without coverage tries every five seconds
const SLACK_MS = 500; // a timer that comes a little early still counts as five seconds
const LOAD_MS = 1500; // how long what is done now waits for what was left from last time, so as to go after it
const KEEP_MS = 400; // how long an alarm waits for the phone's own disk before it is sent from memory
const TRIES_OF_A_FAULT = 5; // a fault of the server's own that stays is shown, so that it holds up nothing else

export interface Row {
  readonly id: string;
  /** Whose it is. Another user of the same phone neither sees nor sends it. */
  readonly user: string;
  readonly made_at: number;
  /** For the words: outbox_check_in ... */
  readonly what: string;
  readonly rank: "alarm" | "act";
  readonly method: "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>> | null;
  /** A signal: says itself when it left, and whether it had to wait. */
  readonly stamped: boolean;
  /** Never shown, counted or told. */
  readonly covert: boolean;
  readonly tries: number;
  readonly tried_at: number | null;
  /** When it had left the phone, at the last try; it may have been lost after that. */
  readonly left_at: number | null;
  readonly refused: { readonly status: number; readonly problem: Problem } | null;
}

export type Draft = Pick<Row, "what" | "method" | "url" | "body"> & Partial<Pick<Row, "id" | "rank" | "stamped" | "covert">>;

/** Where rows are kept on the phone. */
export interface Shelf {
  all(): Promise<readonly Row[]>;
  put(row: Row): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Sends a request; throws as Asker does. left: called when the request has gone out of the phone. */
export type Wire = (method: string, url: string, body: unknown, left: () => void) => Promise<unknown>;

export interface Listener {
  /** The server has done it. */
  done(row: Row, answer: unknown): void;
  refused(row: Row): void;
  /** The server knows nobody of that log-in any more; what waits is kept. */
  loggedOut(): void;
  /** It has left the phone; the answer is awaited. */
  left(row: Row): void;
}

export type Outcome = "done" | "refused" | "waiting";

export class Outbox {
  private readonly rows = signal<readonly Row[]>([]);
  /** Not shown before it is answered: what a page might say of it, the covert left out. */
  readonly seen = computed(() => this.rows.value.filter((row) => !row.covert));
  readonly waiting = computed(() => this.seen.value.filter((row) => row.refused === null));
  /** What is worth a word: positions follow by themselves, and are worth none. */
  readonly told = computed(() => this.waiting.value.filter((row) => row.what !== "position"));
  readonly refused = computed(() => this.seen.value.filter((row) => row.refused !== null));
  /** The phone's own disk does not take it: what waits would not outlive the app. */
  readonly unkept = signal(false);
  private user: string | null = null;
  private shut = true;
  /** What was left from last time is known, or was waited for long enough. */
  private loaded = false;
  private sending = new Set<string>();
  private acting = false;
  /** How often the server itself failed over a row. Tries without a network do not count. */
  private readonly faults = new Map<string, number>();
  private readonly held = new Set<string>();
  private readonly awaited = new Map<string, (outcome: Outcome) => void>();
  private listener: Listener | null = null;
  private stopRetry: (() => void) | null = null;

  constructor(
    private readonly shelf: Shelf,
    private readonly wire: Wire,
    private readonly clock: Clock,
    /** The truest time there is for what goes to the server, in ms. */
    private readonly time: () => number,
    private readonly newId: () => string,
  ) {}

  listen(listener: Listener): void {
    this.listener = listener;
  }

  /** Whose rows these are from now on; reads what he left here. An alarm does not wait for that. */
  async load(user: string): Promise<void> {
    batch(() => {
      this.user = user;
      this.rows.value = this.rows.value.filter((row) => row.user === user);
    });
    this.loaded = false;
    const stop = this.clock.after(LOAD_MS, () => this.read());
    try {
      const found = (await this.shelf.all()).filter((row) => row.user === user && !this.find(row.id));
      const left = found.map((row) => ({ ...row, left_at: null }));
      if (this.user === user) this.rows.value = [...left, ...this.rows.value].toSorted((a, b) => a.made_at - b.made_at);
    } catch {
      this.unkept.value = true;
    }
    stop();
    this.read();
  }

  /** From now on rows are sent; somebody is logged in. */
  open(): void {
    this.shut = false;
    this.stopRetry ??= this.clock.every(RETRY_MS, () => this.nudge());
    this.nudge(true);
  }

  /** Nothing is sent until open(). */
  close(): void {
    this.shut = true;
    this.stopRetry?.();
    this.stopRetry = null;
  }

  /**
   * Keeps a row, then sends it. more: what may still be added to its body, such as a position; it waits for that, so it
   * must not take long.
   */
  async put(draft: Draft, more?: Promise<Readonly<Record<string, unknown>>>): Promise<Row> {
    if (this.user === null) throw new Error("the outbox of nobody");
    const row: Row = {
      rank: "act",
      stamped: false,
      covert: false,
      id: this.newId(),
      ...draft,
      user: this.user,
      made_at: this.time(),
      tries: 0,
      tried_at: null,
      left_at: null,
      refused: null,
    };
    if (more) this.held.add(row.id);
    this.rows.value = [...this.rows.value, row];
    await this.keep(row);
    if (more) {
      const added = await more.catch(() => ({}));
      this.change(row.id, (one) => ({ ...one, body: { ...one.body, ...added } }));
      this.held.delete(row.id);
      const now = this.find(row.id);
      if (now) void this.keep(now);
    }
    this.nudge();
    return row;
  }

  /** What became of a row, as far as it is known after so long. */
  outcome(id: string, withinMs: number): Promise<Outcome> {
    const row = this.find(id);
    if (!row) return Promise.resolve("done");
    if (row.refused) return Promise.resolve("refused");
    return new Promise((resolve) => {
      const stop = this.clock.after(withinMs, () => settle("waiting"));
      const settle = (outcome: Outcome) => {
        stop();
        this.awaited.delete(id);
        resolve(outcome);
      };
      this.awaited.set(id, settle);
    });
  }

  /** Its owner has read why it was refused. */
  dismiss(id: string): void {
    if (this.find(id)?.refused) this.drop(id);
  }

  /** Tries now what waits; what was tried just now as well, where something has changed for the better. */
  nudge(better = false): void {
    if (this.shut) return;
    const covertWaits = this.rows.value.some((row) => row.rank === "alarm" && row.covert);
    for (const row of this.rows.value) {
      // What follows a covert alarm goes by itself as well: it holds up nothing that is seen.
      const alone = row.rank === "alarm" || (row.covert && !covertWaits);
      if (alone && this.ready(row, better)) void this.send(row);
    }
    void this.act(better);
  }

  /** All but alarms, one after the other, once no alarm waits. */
  private async act(better = false): Promise<void> {
    if (this.acting) return;
    this.acting = true;
    try {
      for (;;) {
        // A covert alarm holds up nothing: what is shown of the rest must be as if it were not there.
        if (this.shut || !this.loaded || this.waiting.value.some((row) => row.rank === "alarm")) return;
        const next = this.rows.value.find((row) => row.rank === "act" && !row.covert && row.refused === null);
        if (!next || !this.ready(next, better) || !(await this.send(next))) return;
      }
    } finally {
      this.acting = false;
    }
  }

  private read(): void {
    this.loaded = true;
    this.nudge(true);
  }

  private ready(row: Row, better: boolean): boolean {
    const rested = better || row.tried_at === null || this.time() - row.tried_at >= RETRY_MS - SLACK_MS;
    return rested && row.refused === null && !this.held.has(row.id) && !this.sending.has(row.id);
  }

  /** True when it is settled, one way or the other. */
  private async send(row: Row): Promise<boolean> {
    this.sending.add(row.id);
    const now = this.time();
    this.change(row.id, (one) => ({ ...one, tries: one.tries + 1, tried_at: now, left_at: null }));
    try {
      const answer = await this.wire(row.method, row.url, bodyOf(row, now), () => this.hasLeft(row.id));
      if (row.stamped && !isReceipt(answer)) throw new Unreachable(row.url); // somebody between us answered, and not the centre
      const last = this.find(row.id) ?? row;
      this.drop(row.id);
      this.listener?.done(last, answer);
      this.awaited.get(row.id)?.("done");
      return true;
    } catch (error) {
      return this.failed(row, error);
    } finally {
      this.sending.delete(row.id);
      if (row.rank === "alarm") this.nudge();
    }
  }

  private failed(row: Row, error: unknown): boolean {
    const refusal = error instanceof Refusal && ours(error) ? error : null; // a stranger between us refuses nothing
    if (refusal?.status === 401) {
      if (!row.covert) {
        this.close();
        this.listener?.loggedOut();
      }
      this.awaited.get(row.id)?.("waiting");
      return false;
    }
    const last = this.find(row.id) ?? row;
    if (refusal && refusal.status >= 500) this.faults.set(row.id, (this.faults.get(row.id) ?? 0) + 1);
    if (refusal && !passes(refusal, last, this.faults.get(row.id) ?? 0)) {
      const body = hasPin(last) ? null : last.body; // a PIN is kept no longer than it takes
      this.change(row.id, (one) => ({ ...one, body, refused: { status: refusal.status, problem: refusal.problem } }));
      const refused = this.find(row.id);
      if (refused) void this.keep(refused);
      if (refused && !row.covert) this.listener?.refused(refused);
      this.awaited.get(row.id)?.("refused");
      return true;
    }
    void this.keep(last);
    this.awaited.get(row.id)?.("waiting");
    return false;
  }

  private hasLeft(id: string): void {
    this.change(id, (one) => ({ ...one, left_at: this.time() }));
    const row = this.find(id);
    if (row && !row.covert) this.listener?.left(row);
  }

  private find(id: string): Row | undefined {
    return this.rows.value.find((row) => row.id === id);
  }

  private change(id: string, how: (row: Row) => Row): void {
    this.rows.value = this.rows.value.map((row) => (row.id === id ? how(row) : row));
  }

  private drop(id: string): void {
    this.rows.value = this.rows.value.filter((row) => row.id !== id);
    this.shelf.remove(id).catch(() => undefined); // it comes again after a reload, and the server takes repeats
  }

  /** Writes a row to the phone's disk; a disk that does not answer must not hold up an alarm. */
  private keep(row: Row): Promise<void> {
    return new Promise((kept) => {
      const end = (unkept: boolean) => {
        stop();
        if (!row.covert) this.unkept.value = unkept;
        kept();
      };
      const stop = this.clock.after(KEEP_MS, () => end(true));
      this.shelf.put(row).then(
        () => end(false),
        () => end(true),
      );
    });
  }
}

function bodyOf(row: Row, now: number): unknown {
  if (!row.stamped) return row.body ?? undefined;
  return { ...row.body, sent_at: new Date(now).toISOString(), buffered: row.tries > 0 };
}

/** What the server alone says of a signal: when it was put on its disk. */
const isReceipt = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && typeof (answer as { received_at?: unknown }).received_at === "string";

const hasPin = (row: Row): boolean => row.body !== null && typeof row.body.pin === "string";

/** Whether the centre itself refused: it gives a reason in its own form, where others between us send a page. */
const ours = (refusal: Refusal): boolean => !refusal.problem.reason.startsWith("http_");

/** Refusals that say nothing about the request itself: too many at once, or the house has trouble. An alarm is never given up for those. */
function passes(refusal: Refusal, row: Row, faults: number): boolean {
  if (refusal.status === 429) return !hasPin(row); // PINs are closed for minutes: whoever gave one must be told
  if (refusal.status === 503 || refusal.status === 502 || refusal.status === 504) return true;
  return refusal.status >= 500 && (row.rank === "alarm" || faults < TRIES_OF_A_FAULT);
}
