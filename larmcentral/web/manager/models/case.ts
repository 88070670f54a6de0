// One incident under the hand: fetched when it is opened, with its account, its replay and its number.
import { batch, computed, signal } from "@preact/signals-core";
import { closingWords } from "../../shared/account/timeline";
import type { IncidentDetail } from "../../shared/shapes";
import { account, type Told } from "./account";
import { Asked } from "./asked";
import { caseNumber, type Digest } from "./number";
import type { Office } from "./office";
import { Replay } from "./replay";

export class Case {
  readonly asked = new Asked<IncidentDetail>();
  readonly number = signal<string | null>(null);
  readonly replay = signal<Replay | null>(null);

  constructor(
    private readonly office: Office,
    readonly id: string,
    private readonly digest: Digest,
  ) {}

  readonly lines = computed<readonly Told[]>(() => {
    const detail = this.asked.value.value;
    return detail ? account(detail, this.office.speech.value) : [];
  });
  /** It has gone on since it was fetched. Fetching anew is left to the reader: each look is recorded. */
  readonly old = computed(() => {
    const detail = this.asked.value.value;
    return detail !== null && this.office.moved(detail.incident);
  });

  async open(): Promise<void> {
    if (!(await this.asked.ask(() => this.office.api.detail(this.id), false))) return;
    const detail = this.asked.value.value;
    if (detail === null) return;
    const before = this.replay.value;
    batch(() => {
      before?.pause();
      this.replay.value = new Replay(detail, this.lines.value, this.office.clock, this.office.now.value);
    });
    this.number.value = await caseNumber(detail.incident.id, this.digest);
  }

  readonly closing = computed(() => {
    const detail = this.asked.value.value;
    return detail ? detail.closing.map((given) => closingWords(given, this.office.speech.value)) : [];
  });

  close(): void {
    this.replay.value?.pause();
    this.asked.drop();
  }
}
