// Past and present incidents by filters: what stands in the address is what is asked for, a page at a time.
import { batch, computed, signal } from "@preact/signals-core";
import type { IncidentRow } from "../../shared/shapes_reports";
import type { ManagerApi } from "./api";
import { Asked } from "./asked";
import { PERIOD, type Period, periodOf } from "./period";
import type { Query } from "./routes";

const MOST = 10_000; // the server counts no further

/** Each "" for any; from and until are local days. */
export interface Filters extends Period {
  kind: string;
  purpose: string;
  outcome: string;
  state: string;
  unit: string;
  text: string;
}

export const ANY: Filters = { ...PERIOD, kind: "", purpose: "", outcome: "", state: "", unit: "", text: "" };

export function filtersOf(query: Query): Filters {
  const said = (name: keyof Filters) => query[name] ?? "";
  return { ...periodOf(query), kind: said("kind"), purpose: said("purpose"), outcome: said("outcome"), state: said("state"), unit: said("unit"), text: said("text") };
}

export const queryOf = (filters: Filters): Query => ({ ...filters });

/** The same as the server's route names it. */
export function wanted(filters: Filters): Query {
  const { from, until, unit, text, ...same } = filters;
  return { from_day: from, until_day: until, unit_id: unit, text: text.trim(), ...same };
}

export class Search {
  readonly filters = signal<Filters>(ANY);
  readonly rows = signal<readonly IncidentRow[]>([]);
  readonly total = signal<number | null>(null);
  /** What a further page comes behind; null where there is none. */
  private readonly next = signal<string | null>(null);
  readonly first = new Asked<unknown>();
  readonly further = new Asked<unknown>();
  private shown: string | null = null;

  constructor(private readonly api: Pick<ManagerApi, "incidents">) {}

  readonly more = computed(() => this.next.value !== null);
  readonly atLeast = computed(() => this.total.value === MOST);

  /** Shows what the address asks for; the same again only where it is wanted anew. */
  async show(query: Query, anew = false): Promise<void> {
    const filters = filtersOf(query);
    const same = JSON.stringify(filters) === this.shown;
    if (same && !anew) return;
    this.shown = JSON.stringify(filters);
    this.further.drop();
    batch(() => {
      this.filters.value = filters;
      if (same) return;
      this.rows.value = [];
      this.total.value = null;
      this.next.value = null;
    });
    await this.take(this.first, filters, null);
  }

  async showMore(): Promise<void> {
    const behind = this.next.value;
    if (behind === null || this.further.asking.value) return;
    await this.take(this.further, this.filters.value, behind);
  }

  /** Nobody is logged in any more. */
  drop(): void {
    this.shown = null;
    this.first.drop();
    this.further.drop();
    batch(() => {
      this.rows.value = [];
      this.total.value = null;
      this.next.value = null;
    });
  }

  private async take(asked: Asked<unknown>, filters: Filters, behind: string | null): Promise<void> {
    const query = wanted(filters);
    const page = this.api.incidents(behind === null ? query : { ...query, before: behind });
    if (!(await asked.ask(() => page))) return;
    const { rows, total, next } = await page;
    batch(() => {
      this.rows.value = behind === null ? rows : [...this.rows.value, ...rows];
      this.total.value = total;
      this.next.value = next;
    });
  }
}
