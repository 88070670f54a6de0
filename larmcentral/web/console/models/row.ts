// One row of a centre's table under the hand: what it would say, what is wrong with it, tried, and answered for.
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { RowKey, WaysApi } from "../../shared/api_ways";
import type { Clock } from "../../shared/clock";
import type { RowDraft, RowRehearsal, RowView } from "../../shared/shapes_forwarders";
import { Errand } from "./errand";
import { Trial } from "./trial";

const REST_MS = 350; // a pause in the typing, not each letter

/** Each field of a draft; where it stands in a form is the view's business. */
export const ROW_FIELDS = ["event_code", "sia", "cid", "area", "section", "detector", "section_text", "detector_text", "text"] as const;
export type RowField = (typeof ROW_FIELDS)[number];
export type RowText = Readonly<Record<RowField, string>>;

export type RowsApi = Pick<WaysApi, "rows" | "saveRow" | "removeRow" | "rehearse" | "testRow" | "signRow" | "message">;

export class RowDesk {
  readonly draft: Signal<RowText>;
  /** The row as it stands on disk. */
  readonly kept: Signal<RowView>;
  /** Rehearse the end of the alarm instead of its beginning. */
  readonly over = signal(false);
  readonly rehearsal = signal<RowRehearsal | null>(null);
  /** The rehearsal shown is of older words. */
  readonly stale = signal(false);
  readonly errand = new Errand();
  readonly trial: Trial;
  /** The picture that this desk was opened on is no longer the server's: whoever shows it asks again. */
  readonly changes = signal(0);
  private asked = 0;
  private stop: (() => void) | null = null;

  constructor(
    private readonly api: RowsApi,
    private readonly clock: Clock,
    readonly centre: string,
    opened: RowView,
  ) {
    this.trial = new Trial(api, clock);
    this.draft = signal(textOf(opened));
    this.kept = signal(opened);
    this.rehearseSoon(0);
  }

  readonly dirty: ReadonlySignal<boolean> = computed(() => {
    const kept = textOf(this.kept.value);
    return ROW_FIELDS.some((field) => kept[field] !== this.draft.value[field].trim());
  });

  /** The test that the centre has taken; its row may be signed. */
  readonly taken: ReadonlySignal<string | null> = computed(() => {
    const message = this.trial.message.value;
    return message && (message.state === "sent" || message.state === "delivered") ? message.id : null;
  });

  write(field: RowField, text: string): void {
    this.draft.value = { ...this.draft.value, [field]: text };
    this.rehearseSoon(REST_MS);
  }

  showEnd(over: boolean): void {
    this.over.value = over;
    this.rehearseSoon(0);
  }

  async save(): Promise<void> {
    const kept = this.kept.value;
    await this.change("save", () => this.api.saveRow(this.key, { ...this.draft.value, version: kept.version }));
  }

  /** Lets our proposal hold again. */
  async propose(): Promise<void> {
    await this.change("propose", () => this.api.removeRow(this.key));
  }

  /** The row as it stands on disk is what is tried: words that are not saved yet are not. */
  async test(): Promise<void> {
    if (!this.dirty.value) await this.trial.begin(() => this.api.testRow(this.key));
  }

  async sign(note: string): Promise<void> {
    const id = this.taken.value;
    if (id !== null) await this.change("sign", () => this.api.signRow(this.key, { test_id: id, note: note.trim() }));
  }

  close(): void {
    this.stop?.();
    this.asked += 1;
    this.trial.close();
  }

  private get key(): RowKey {
    return { centre: this.centre, kind: this.kept.value.kind, silent: this.kept.value.silent };
  }

  /** Sends, then takes the row as the server has it now. */
  private async change(what: string, call: () => Promise<unknown>): Promise<void> {
    const { kind, silent } = this.kept.value;
    const done = await this.errand.run(what, async () => {
      await call();
      return (await this.api.rows(this.centre)).find((row) => row.kind === kind && row.silent === silent);
    });
    const row = done?.answer;
    if (!row) return;
    batch(() => {
      this.kept.value = row;
      this.changes.value += 1;
      if (what === "sign") return;
      this.draft.value = textOf(row);
      this.trial.close();
      this.trial.message.value = null; // it was of other words
    });
    this.rehearseSoon(0);
  }

  private rehearseSoon(rest: number): void {
    this.stop?.();
    this.stale.value = true;
    this.asked += 1;
    const number = this.asked;
    this.stop = this.clock.after(rest, () => void this.rehearse(number));
  }

  private async rehearse(number: number): Promise<void> {
    try {
      const found = await this.api.rehearse(this.key, this.over.value, draftOf(this.draft.value));
      if (number !== this.asked) return; // the words went on meanwhile
      this.rehearsal.value = found;
      this.stale.value = false;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
    }
  }
}

const draftOf = (text: RowText): RowDraft => ({ ...text });

export function textOf(row: RowView): RowText {
  return Object.fromEntries(ROW_FIELDS.map((field) => [field, row[field]])) as RowText;
}
