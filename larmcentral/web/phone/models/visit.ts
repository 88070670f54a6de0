// A session of working alone: when the next sign of life is due, what cannot be missed, and what one may do about it.
import { computed, signal } from "@preact/signals-core";
import type { OwnSession, SessionBegin } from "../../shared/shapes_work";
import type { Row } from "./outbox";
import type { Part, Phone } from "./phone";
import type { Work } from "./work";

const REMINDERS_MS: readonly number[] = [0, 120_000, 300_000];
const EARLY_MS = 120_000;
const END_REMINDERS_MS: readonly number[] = [-300_000, 0, 120_000];
const ASIDE_MS = 60_000;
const BASE = "/api/me/session";

export type Awaited = "welfare" | "check_in" | "end";

export interface Reminder {
  what: Awaited;
  dueAt: number;
  /** Negative: still to come. */
  lateMs: number;
  mayPutOff: boolean;
}

/** told: hears of it if something happens. linked: goes there too, with a session of his own. */
export type Going = "told" | "linked";

/** until: hh:mm, or empty. going: colleagues, by id. */
export interface Draft {
  readonly purpose: string;
  readonly place_id: string | null;
  readonly until: string;
  readonly check_in_every_s: number | null;
  readonly going: Readonly<Record<string, Going>>;
  readonly memo: string;
}

const EMPTY: Draft = { purpose: "", place_id: null, until: "", check_in_every_s: 1800, going: {}, memo: "" };

/** When one is reminded, in ms from what is due. After the last nothing puts it off any more. */
export function momentsOf(everyMs: number | null): readonly number[] {
  return [-Math.min(EARLY_MS, (everyMs ?? Infinity) / 4), ...REMINDERS_MS]; // a short interval is not all reminder
}

/** The reminder that stands now: the last one whose moment has come, unless it was put off or answered after that. */
export function reminderOf(what: Awaited, dueAt: number, moments: readonly number[], putOffAt: number, answeredAt: number, now: number): Reminder | null {
  const last = moments.filter((one) => dueAt + one <= now).at(-1);
  if (last === undefined || answeredAt >= dueAt + (moments[0] ?? 0)) return null;
  const mayPutOff = last !== moments.at(-1);
  if (mayPutOff && putOffAt >= dueAt + last) return null;
  return { what, dueAt, lateMs: now - dueAt, mayPutOff };
}

export class Visit implements Part {
  /** What is being filled in; it outlives a refusal, and a look at another page. */
  readonly draft = signal<Draft>(EMPTY);
  private readonly time = signal(0);
  private readonly putOffAt = signal(0);
  /** The alarm's page was asked for: no reminder stands before it. */
  private readonly asideUntil = signal(0);
  /** A word on its way answers a reminder: it is no use to shout at somebody who has no network. */
  private readonly wordAt = computed(() =>
    Math.max(0, ...this.phone.outbox.waiting.value.filter((row) => ["check_in", "welfare", "extend", "end"].includes(row.what)).map((row) => row.made_at)),
  );
  readonly session = computed<OwnSession | null>(() => this.work.now.value?.session ?? null);
  readonly pinSet = computed(() => this.work.now.value?.pin_set ?? false);
  /** What waits of one kind, newest last. */
  readonly waits = (what: string) => this.phone.outbox.waiting.value.filter((row) => row.what === what);
  readonly reminder = computed<Reminder | null>(() => {
    const session = this.session.value;
    const now = this.time.value;
    if (!session || now < this.asideUntil.value) return null;
    const put = this.putOffAt.value;
    const word = this.wordAt.value;
    if (session.answer_by !== null && word === 0) {
      return { what: "welfare", dueAt: Date.parse(session.answer_by), lateMs: now - Date.parse(session.answer_by), mayPutOff: false };
    }
    if (session.check_in_due_at !== null) {
      const moments = momentsOf(session.check_in_every_s === null ? null : session.check_in_every_s * 1000);
      const found = reminderOf("check_in", Date.parse(session.check_in_due_at), moments, put, word, now);
      if (found) return found;
    }
    return session.ends_at === null ? null : reminderOf("end", Date.parse(session.ends_at), END_REMINDERS_MS, put, word, now);
  });
  /** The start that the server refused, until it is looked at or tried again. */
  readonly refusedStart = computed<Row | null>(() => this.phone.outbox.refused.value.filter((row) => row.what === "start").at(-1) ?? null);

  /** Somebody else is to come, or was asked for by the rule: who it is should be in view. */
  readonly together = computed(() => Object.keys(this.draft.value.going).length > 0 || this.refusedStart.value?.refused?.problem.reason === "two_person_rule");

  constructor(
    private readonly phone: Phone,
    private readonly work: Work,
  ) {}

  left(): void {
    this.putOffAt.value = 0;
    this.draft.value = EMPTY;
  }

  done(row: Row): void {
    if (row.what === "start") this.draft.value = EMPTY;
  }

  /** It runs: the answer to an earlier try of the same start was lost. */
  refused(row: Row): void {
    if (row.what === "start" && row.refused?.problem.reason === "session_runs") this.phone.outbox.dismiss(row.id);
  }

  write(part: Partial<Draft>): void {
    this.draft.value = { ...this.draft.value, ...part };
  }

  choose(colleague: string, how: Going | null): void {
    const { [colleague]: _, ...rest } = this.draft.value.going;
    this.write({ going: how ? { ...rest, [colleague]: how } : rest });
  }

  beat(now: number): void {
    this.time.value = now;
  }

  putOff(): void {
    this.putOffAt.value = this.phone.time.now();
  }

  /** To the alarm's page, where no reminder stands in the way for a minute. */
  toAlarm(): void {
    this.asideUntil.value = this.phone.time.now() + ASIDE_MS;
    this.phone.go("alarm");
  }

  async start(): Promise<Row> {
    const draft = this.draft.value;
    const refused = this.refusedStart.value;
    if (refused) this.phone.outbox.dismiss(refused.id);
    const until = nextTime(draft.until, this.phone.time.now());
    const those = (how: Going) => Object.keys(draft.going).filter((id) => draft.going[id] === how);
    const body: SessionBegin = {
      purpose: draft.purpose.trim(),
      place_id: draft.place_id,
      ends_at: until === null ? null : iso(until),
      check_in_every_s: draft.check_in_every_s,
      companions: those("told"),
      linked: those("linked"),
      memo: draft.memo.trim() || null,
    };
    return this.put("start", BASE, { ...body });
  }

  checkIn(pin: string | null = null): Promise<Row> {
    return this.put("check_in", `${BASE}/check-in`, { pin });
  }

  end(pin: string | null): Promise<Row> {
    return this.put("end", `${BASE}/end`, { pin });
  }

  extend(until: number): Promise<Row> {
    return this.put("extend", `${BASE}/extend`, { until: iso(until) });
  }

  memo(memo: string): Promise<Row> {
    return this.put("memo", `${BASE}/memo`, { memo }, "PUT");
  }

  answer(fine: boolean, pin: string | null): Promise<Row> {
    return this.put("welfare", "/api/me/welfare", { fine, pin });
  }

  private put(what: string, url: string, body: Record<string, unknown>, method: "POST" | "PUT" = "POST"): Promise<Row> {
    return this.phone.outbox.put({ what, method, url, body: { ...body, made_at: iso(this.phone.time.now()) } });
  }
}

/** Until when it lasts if so many minutes are added: to its end, or to now where it has none or it has passed. */
export function extended(session: OwnSession, minutes: number, now: number): number {
  const end = session.ends_at === null ? now : Math.max(now, Date.parse(session.ends_at));
  return end + minutes * 60_000;
}

/** The next time that a clock shows hh:mm, local time; null for anything else. */
export function nextTime(text: string, now: number): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!found) return null;
  const at = new Date(now);
  at.setHours(Number(found[1]), Number(found[2]), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

const iso = (ms: number) => new Date(ms).toISOString();
