// The page of response times: one report for what is chosen, and the units side by side where somebody asks for it.
import { batch, computed, signal } from "@preact/signals-core";
import type { ResponseReport, UnitChoice } from "../../shared/shapes_reports";
import { Errand, Asked } from "./asked";
import type { Office } from "./office";
import { type Period, periodOf } from "./period";
import { type UnitLine, unitLine } from "./response";
import type { Query } from "./routes";

export const UNITS_MOST = 40; // compared at a time: each is a report of its own

export class Times {
  readonly report = new Asked<ResponseReport>();
  readonly period = signal<Period>(periodOf({}));
  readonly unit = signal("");
  readonly compared = signal<readonly { unit: string; report: ResponseReport }[]>([]);
  readonly comparing = new Errand();

  constructor(private readonly office: Office) {}

  readonly lines = computed<readonly UnitLine[]>(() => this.compared.value.map((one) => unitLine(one.unit, one.report, this.office.speech.value)));

  async show(query: Query): Promise<void> {
    batch(() => {
      this.period.value = periodOf(query);
      this.unit.value = query.unit ?? "";
      this.compared.value = [];
    });
    const { from, until } = this.period.value;
    await this.report.ask(() => this.office.api.response({ from_day: from, until_day: until, unit_id: this.unit.value }));
  }

  /** One unit after the other, so that the house has room for alarms in between. Those without an alarm are left out. */
  async compare(units: readonly UnitChoice[]): Promise<void> {
    const period = this.period.value;
    await this.comparing.run("compare", async () => {
      const lines: { unit: string; report: ResponseReport }[] = [];
      for (const unit of units.slice(0, UNITS_MOST)) {
        const report = await this.office.api.response({ from_day: period.from, until_day: period.until, unit_id: unit.id });
        if (this.period.value !== period) return; // another time was chosen meanwhile
        if (report.alarms > 0) lines.push({ unit: unit.name, report });
      }
      this.compared.value = lines;
    });
  }
}
