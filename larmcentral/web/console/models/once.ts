// Something the server says once, for as long as the page is open; asked for again only where no answer came.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";

export class Once<T> {
  /** Null until it is there. */
  readonly value = signal<T | null>(null);
  readonly failed = signal(false);
  private asking: Promise<void> | null = null;

  constructor(private readonly ask: () => Promise<T>) {}

  /** Repeatable; those who ask at the same time share one answer. */
  load(): Promise<void> {
    if (this.value.value !== null) return Promise.resolve();
    return (this.asking ??= this.fetch().finally(() => (this.asking = null)));
  }

  private async fetch(): Promise<void> {
    this.failed.value = false;
    try {
      this.value.value = await this.ask();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.failed.value = true;
    }
  }
}
