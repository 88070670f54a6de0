// A device's commissioning sheet: how it shall be set when it is handed out, as one writes it, saves it and sends it.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { OrdersApi } from "../../shared/api_orders";
import type { Speech } from "../words/speech";
import type { SheetView, SheetWritten } from "../../shared/shapes_orders";

const SEND_FOR_H = 24 * 7;

export const SWITCHES = ["fall_detection", "fall_calls", "in_utc"] as const;
export type Switch = (typeof SWITCHES)[number];
/** As a list offers it: left alone, on, off. */
export type Choice = "leave" | "yes" | "no";

/** What stands in the fields. numbers: one a line. */
export interface SheetDraft {
  numbers: string;
  switches: Record<Switch, Choice>;
  report_every_s: string;
  note: string;
  quiet_locate: boolean;
}

const choice = (value: boolean | null): Choice => (value === null ? "leave" : value ? "yes" : "no");
const chosen = (value: Choice): boolean | null => (value === "leave" ? null : value === "yes");

export function draftOf(sheet: SheetView): SheetDraft {
  return {
    numbers: (sheet.sos_numbers ?? []).join("\n"),
    switches: { fall_detection: choice(sheet.fall_detection), fall_calls: choice(sheet.fall_calls), in_utc: choice(sheet.in_utc) },
    report_every_s: sheet.report_every_s === null ? "" : String(sheet.report_every_s),
    note: sheet.note,
    quiet_locate: sheet.quiet_locate,
  };
}

/** What is left empty is left alone; figures that are none go as NaN would, and the server says so. */
export function writtenOf(draft: SheetDraft): SheetWritten {
  const numbers = draft.numbers.split("\n").map((line) => line.trim()).filter(Boolean);
  const every = draft.report_every_s.trim();
  return {
    sos_numbers: numbers.length === 0 ? null : numbers,
    fall_detection: chosen(draft.switches.fall_detection),
    fall_calls: chosen(draft.switches.fall_calls),
    in_utc: chosen(draft.switches.in_utc),
    report_every_s: every === "" ? null : Number(every),
    note: draft.note,
    quiet_locate: draft.quiet_locate,
  };
}

/** When it was written and by whom, or that it was not. */
export function changedWords(sheet: SheetView, speech: Speech, now: number): string {
  if (sheet.changed_at === null) return speech.say("sheet_none");
  return speech.say("sheet_changed", { time: speech.moment(sheet.changed_at, now), name: sheet.changed_by ?? speech.say("sheet_by_somebody") });
}

/** As a word stands inside a sentence; what it is short for keeps its capitals. */
const inside = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

/** What somebody has to set at the device itself; null where nothing is left. */
export function byHandWords(sheet: SheetView, speech: Speech): string | null {
  if (sheet.by_hand.length === 0) return null;
  return speech.say("sheet_by_hand", { what: speech.list(sheet.by_hand.map((one) => inside(speech.sayOr("setting", one)))) });
}

export class SheetDesk {
  readonly sheet = signal<SheetView | null>(null);
  readonly draft = signal<SheetDraft | null>(null);
  readonly done = signal<"saved" | "sent" | null>(null);
  readonly refused = signal<{ error: Refusal | null } | null>(null);
  readonly underWay = signal(false);

  constructor(
    private readonly api: Pick<OrdersApi, "sheet" | "keepSheet" | "sendSheet">,
    readonly device: string,
  ) {}

  load = (): Promise<boolean> => this.step(null, async () => this.show(await this.api.sheet(this.device)));

  change(part: Partial<SheetDraft>): void {
    if (this.draft.value) this.draft.value = { ...this.draft.value, ...part };
    this.done.value = null;
  }

  save = (): Promise<boolean> => this.step("saved", () => this.keep());

  /** What is sent is what stands in the fields: so it is saved first. */
  send = (): Promise<boolean> =>
    this.step("sent", async () => {
      await this.keep();
      await this.api.sendSheet(this.device, { good_for_h: SEND_FOR_H });
      this.show(await this.api.sheet(this.device));
    });

  close(): void {}

  private async keep(): Promise<void> {
    if (!this.draft.value) return;
    await this.api.keepSheet(this.device, writtenOf(this.draft.value));
    this.show(await this.api.sheet(this.device));
  }

  private show(sheet: SheetView): void {
    this.sheet.value = sheet;
    this.draft.value = draftOf(sheet);
  }

  private async step(done: "saved" | "sent" | null, work: () => Promise<void>): Promise<boolean> {
    if (this.underWay.value) return false;
    this.underWay.value = true;
    this.refused.value = null;
    this.done.value = null;
    try {
      await work();
      this.done.value = done;
      return true;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.refused.value = { error: error instanceof Refusal ? error : null };
      return false;
    } finally {
      this.underWay.value = false;
    }
  }
}
