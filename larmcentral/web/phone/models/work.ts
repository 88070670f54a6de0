// What the centre knows of one's own work, asked for again and again; and what is new in it.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import type { FeedIncident } from "../../shared/shapes_feed";
import type { Me } from "../../shared/shapes";
import type { OwnAlarm, OwnWork } from "../../shared/shapes_work";
import type { Row } from "./outbox";
import type { Part, Phone } from "./phone";

const QUIET_MS = 30_000; // the feed tells of incidents; a session's course is asked for
const AT_WORK_MS = 10_000;
const CALLING_MS = 3000; // until a person has it, the feed alone is not enough

export interface News {
  /** A person has it now, and had not when it was looked at last. */
  taken: readonly OwnAlarm[];
  opened: readonly OwnAlarm[];
  over: readonly OwnAlarm[];
}

export class Work implements Part {
  readonly now = signal<OwnWork | null>(null);
  /** Remembered from before the app was opened, and not yet confirmed. */
  readonly remembered = signal(false);
  private asked = 0;
  private askedAt = 0;
  private listeners: readonly ((news: News) => void)[] = [];

  constructor(private readonly phone: Phone) {}

  /** Called after the picture has changed. */
  onNews(call: (news: News) => void): void {
    this.listeners = [...this.listeners, call];
  }

  entered(me: Me): void {
    if (this.now.value === null) {
      this.now.value = this.phone.settings.lastWork(me.user_id);
      this.remembered.value = this.now.value !== null;
    }
    void this.fetch();
  }

  left(): void {
    this.now.value = null;
    this.remembered.value = false;
    this.asked++; // an answer on its way belongs to nobody any more
  }

  incident(_event: FeedIncident): void {
    void this.fetch();
  }

  resync(): void {
    void this.fetch();
  }

  done(row: Row): void {
    if (!row.covert) void this.fetch();
  }

  beat(): void {
    if (this.phone.session.value === "in" && this.phone.clock.now() - this.askedAt >= this.every()) void this.fetch();
  }

  async fetch(): Promise<void> {
    const asked = ++this.asked;
    this.askedAt = this.phone.clock.now();
    try {
      const work = await this.phone.api.work();
      if (asked === this.asked) this.take(work); // an older answer may come after a newer one
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return this.phone.loggedOut();
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
    }
  }

  private take(work: OwnWork): void {
    const before = this.now.value?.alarms ?? [];
    this.now.value = work;
    this.remembered.value = false;
    const me = this.phone.me.value;
    if (me) this.phone.settings.keepWork(me.user_id, work);
    const was = (alarm: OwnAlarm) => before.find((one) => one.id === alarm.id);
    const news: News = {
      taken: work.alarms.filter((alarm) => alarm.stage === "taken" && was(alarm)?.stage !== "taken"),
      opened: work.alarms.filter((alarm) => !was(alarm)),
      over: before.filter((alarm) => !work.alarms.some((one) => one.id === alarm.id)),
    };
    for (const call of this.listeners) call(news);
  }

  private every(): number {
    const work = this.now.value;
    if (work?.alarms.some((alarm) => alarm.stage === "received")) return CALLING_MS;
    return work?.session || work?.pre_alarm || (work?.alarms.length ?? 0) > 0 ? AT_WORK_MS : QUIET_MS;
  }
}
