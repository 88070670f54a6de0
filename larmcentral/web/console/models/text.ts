// One text under the hand: written, counted and shown as it would read, and let go live only when nothing is wrong.
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { WaysApi } from "../../shared/api_ways";
import type { Clock } from "../../shared/clock";
import type { TemplatePreview, TemplateWords } from "../../shared/shapes_templates";
import { Errand } from "./errand";
import { TITLED, type Choice, type TextPicture } from "./texts";

const REST_MS = 300;

export class TextDesk {
  readonly title: Signal<string>;
  readonly body: Signal<string>;
  readonly preview = signal<TemplatePreview | null>(null);
  /** The preview shown is of older words. */
  readonly stale = signal(false);
  readonly errand = new Errand();
  readonly titled: boolean;
  private asked = 0;
  private stop: (() => void) | null = null;

  constructor(
    private readonly api: Pick<WaysApi, "previewText" | "saveText" | "removeText">,
    private readonly clock: Clock,
    readonly choice: Choice,
    readonly opened: TextPicture,
  ) {
    this.titled = TITLED.has(opened.medium);
    this.title = signal(opened.begin.title);
    this.body = signal(opened.begin.body);
    if (!this.empty.value) this.previewSoon(0);
  }

  /** Nothing is written: our own words hold. */
  readonly empty: ReadonlySignal<boolean> = computed(() => this.title.value.trim() === "" && this.body.value.trim() === "");

  write(part: "title" | "body", text: string): void {
    this[part].value = text;
    if (!this.empty.value) return this.previewSoon(REST_MS);
    this.stop?.();
    batch(() => {
      this.asked += 1;
      this.preview.value = null;
      this.stale.value = false;
    });
  }

  /** True when it is live. */
  async save(): Promise<boolean> {
    if (this.empty.value) return false;
    const version = this.opened.kept?.version ?? 0;
    return (await this.errand.run("save", () => this.api.saveText({ ...this.words, committee_id: this.choice.committee, version }))) !== null;
  }

  /** Lets our own words hold again, or those for all kinds; true when they do. */
  async remove(): Promise<boolean> {
    const kept = this.opened.kept;
    return kept !== null && (await this.errand.run("remove", () => this.api.removeText(kept.id))) !== null;
  }

  close(): void {
    this.stop?.();
    this.asked += 1;
  }

  private get words(): TemplateWords {
    return {
      medium: this.opened.medium,
      kind: this.choice.kind,
      silent: this.opened.silent,
      language: this.choice.language,
      title: this.titled ? this.title.value.trim() || null : null,
      body: this.body.value.trim(),
    };
  }

  private previewSoon(rest: number): void {
    this.stop?.();
    this.stale.value = true;
    this.asked += 1;
    const number = this.asked;
    this.stop = this.clock.after(rest, () => void this.look(number));
  }

  private async look(number: number): Promise<void> {
    try {
      const found = await this.api.previewText(this.words);
      if (number !== this.asked) return; // the words went on meanwhile
      batch(() => {
        this.preview.value = found;
        this.stale.value = false;
      });
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
    }
  }
}
