// A phone without a browser for the models' tests: its disk, its senses, a network that can be cut, and a scripted centre.
import { Asker, Refusal, Unreachable } from "../../../shared/ask";
import { FakeClock } from "../../../shared/clock";
import type { Source } from "../../../shared/feed";
import type { Me } from "../../../shared/shapes";
import type { AppPosition, OwnWork } from "../../../shared/shapes_work";
import { Alarms } from "../alarms";
import { PhoneApi } from "../api";
import { Countdown } from "../countdown";
import type { Row, Shelf } from "../outbox";
import { Own } from "../own";
import { Phone } from "../phone";
import type { Charge, Jolt, Leave, Senses } from "../senses";
import { Settings } from "../settings";
import { Visit } from "../visit";
import { Watching } from "../watching";
import { Work } from "../work";

export const ANNA: Me = { user_id: "u-anna", name: "Anna Lindqvist", role: "worker", person_id: "p-anna", committees: [], language: "en" };
export const IDLE: OwnWork = { session: null, pre_alarm: null, alarms: [], shift_until: null, pin_set: true };

/** What is on a phone outlives the app: hand the same one to a second House and the app was killed and opened again. */
export class Disk implements Shelf {
  readonly rows = new Map<string, Row>();
  readonly memory = new Map<string, string>();
  broken = false;

  async all(): Promise<readonly Row[]> {
    if (this.broken) throw new Error("no disk");
    return [...this.rows.values()];
  }

  async put(row: Row): Promise<void> {
    if (this.broken) throw new Error("no disk");
    this.rows.set(row.id, row);
  }

  async remove(id: string): Promise<void> {
    this.rows.delete(id);
  }
}

export interface Sent {
  method: string;
  url: string;
  body: Record<string, unknown>;
}

export class House {
  readonly clock: FakeClock;
  readonly sent: Sent[] = [];
  readonly buzzes: (readonly number[])[] = [];
  readonly hashes: string[] = [];
  online = true;
  /** What the centre says of one's own work. */
  work: OwnWork = IDLE;
  me: Me | null = ANNA;
  position: AppPosition | null = null;
  charge: Charge | null = { pct: 80, charging: false };
  motion: Leave = "granted";
  /** Refusals by "METHOD url". */
  readonly refusals = new Map<string, Refusal>();
  /** What the centre answers, by "METHOD url", where a test wishes something of its own. */
  readonly answers = new Map<string, (body: Record<string, unknown>) => unknown>();
  /** Requests that leave the phone and are never answered. */
  readonly lost = new Set<string>();
  private joltListener: ((jolt: Jolt) => void) | null = null;
  positionListener: ((position: AppPosition) => void) | null = null;
  private sources: Map<string, (event: MessageEvent<string>) => void>[] = [];
  private ids = 0;
  readonly phone: Phone;
  readonly duty: Work;
  readonly alarms: Alarms;
  readonly countdown: Countdown;
  readonly visit: Visit;
  readonly watching: Watching;
  readonly own: Own;

  constructor(
    readonly disk = new Disk(),
    startMs?: number,
  ) {
    this.clock = new FakeClock(startMs);
    const memory = disk.memory;
    const settings = new Settings(
      {
        getItem: (key) => memory.get(key) ?? null,
        setItem: (key, value) => void memory.set(key, value),
        removeItem: (key) => void memory.delete(key),
      },
      "dark",
    );
    const asker = new Asker(async (url, init) => {
      const answer = await this.answer(init.method ?? "GET", url, init.body ? JSON.parse(init.body as string) : {}, () => undefined);
      return new Response(JSON.stringify(answer), { headers: { "X-Larm": "1" } });
    }, "phone");
    // Refusals are thrown as the wire throws them; a fetch would have to be parsed again.
    asker.ask = ((method: string, url: string, body?: unknown) => this.answer(method, url, (body ?? {}) as Record<string, unknown>, () => undefined)) as Asker["ask"];
    this.phone = new Phone(
      new PhoneApi(asker),
      () => this.source(),
      this.clock,
      settings,
      disk,
      (method, url, body, left) => this.answer(method, url, (body ?? {}) as Record<string, unknown>, left),
      () => `${disk.rows.size}-${++this.ids}-${this.clock.now()}`,
      (hash) => {
        this.hashes.push(hash);
        this.phone.turned(hash);
      },
    );
    const senses: Senses = {
      whereabouts: {
        leave: async () => "granted",
        fix: async () => this.position,
        watch: (on) => {
          this.positionListener = on;
          return () => (this.positionListener = null);
        },
      },
      battery: { charge: () => this.charge },
      buzz: (pattern) => this.buzzes.push(pattern),
      motion: {
        leave: () => this.motion,
        ask: async () => this.motion,
        watch: (on) => {
          this.joltListener = on;
          return () => (this.joltListener = null);
        },
      },
    };
    this.duty = new Work(this.phone);
    this.alarms = new Alarms(this.phone, this.duty, senses);
    this.countdown = new Countdown(this.phone, this.duty, this.alarms);
    this.visit = new Visit(this.phone, this.duty);
    this.watching = new Watching(this.phone, this.duty, this.countdown, senses);
    this.own = new Own(this.phone, this.alarms);
    this.phone.join(this.duty, this.alarms, this.countdown, this.visit, this.watching, this.own);
  }

  /** What reached the centre to change something, without what is only asked. */
  get told(): string[] {
    return this.sent.map((one) => String(one.body.kind ?? one.url.replace("/api/me/", "")));
  }

  async opened(): Promise<this> {
    await this.phone.start();
    await this.settle();
    this.tick();
    return this;
  }

  /** Lets time pass in steps, and promises settle between them; the feed ticks while there is a network. */
  async run(ms: number, stepMs = 500): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.clock.run(Math.min(stepMs, left));
      if (this.online) this.tick();
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 30; i++) await Promise.resolve();
  }

  tick(): void {
    this.feed("tick", { server_time: new Date(this.clock.now()).toISOString(), ready: true });
  }

  feed(type: string, body: unknown): void {
    this.sources.at(-1)?.get(type)?.({ data: JSON.stringify(body), lastEventId: "" } as MessageEvent<string>);
  }

  jolt(jolt: Jolt): void {
    this.joltListener?.(jolt);
  }

  refuse(what: string, status: number, reason: string, fields: Record<string, string> = {}): void {
    this.refusals.set(what, new Refusal(status, { reason, detail: "", fields }));
  }

  private source(): Source {
    const listeners = new Map<string, (event: MessageEvent<string>) => void>();
    this.sources.push(listeners);
    return { readyState: 1, addEventListener: (type, listener) => void listeners.set(type, listener), close: () => undefined };
  }

  private async answer<T>(method: string, url: string, body: Record<string, unknown>, left: () => void): Promise<T> {
    if (!this.online) throw new Unreachable(url);
    left();
    if (this.lost.has(url)) throw new Unreachable(url);
    const refusal = this.refusals.get(`${method} ${url}`);
    if (refusal) throw refusal;
    if (this.me === null && url !== "/api/session") throw new Refusal(401, { reason: "session_over", detail: "", fields: {} });
    if (method !== "GET" && url !== "/api/session") this.sent.push({ method, url, body });
    const wished = this.answers.get(`${method} ${url}`);
    return (wished ? wished(body) : this.said(method, url)) as T;
  }

  private said(method: string, url: string): unknown {
    if (url === "/api/me" || (url === "/api/session" && method === "POST")) return this.me;
    if (url === "/api/me/work") return this.work;
    if (url === "/api/setup") return { organisation: "o", map: null, push_key: null, call_back: "0980-319 200" };
    if (url === "/api/me/signals") return { received_at: new Date(this.clock.now()).toISOString() };
    return null;
  }
}
