// Pool devices: who has which, when it is due back, and what the gate looks at before it goes out.
import type { PoolRow } from "../../shared/shapes_desk";
import { BATTERY_LOW_PCT } from "../../shared/account/incident";
import type { Speech } from "../words/speech";

export interface PoolLine {
  id: string;
  tag: string;
  label: string;
  out: boolean;
  late: boolean;
  state: string;
  holder: string | null;
  due: string | null;
  battery: string;
  batteryLow: boolean;
  tested: string;
}

/** What is late stands first, then what is out, then what lies in. */
export function poolLines(rows: readonly PoolRow[], now: number, speech: Speech): PoolLine[] {
  const rank = (line: PoolLine) => (line.late ? 0 : line.out ? 1 : 2);
  return rows
    .map((row): PoolLine => {
      const dueMs = row.loan ? Date.parse(row.loan.due_back_at) - now : null;
      const late = dueMs !== null && dueMs < 0;
      return {
        id: row.device_id,
        tag: row.tag,
        label: row.label,
        out: row.loan !== null,
        late,
        state: speech.say(late ? "pool_late" : row.loan ? "pool_out" : "pool_in"),
        holder: row.loan?.person ?? null,
        due: row.loan ? speech.say("pool_due", { time: speech.moment(row.loan.due_back_at, now) }) : null,
        battery: row.battery_pct === null ? "–" : speech.say("battery_pct", { pct: row.battery_pct }),
        batteryLow: row.battery_pct !== null && row.battery_pct <= BATTERY_LOW_PCT,
        tested: row.tested_at === null ? speech.say("devices_untested") : speech.say("devices_tested", { time: speech.moment(row.tested_at, now) }),
      };
    })
    .toSorted((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label, speech.language));
}

/** Due back that many hours from now. */
export const dueBack = (hours: number, now: number): string => new Date(now + hours * 3_600_000).toISOString();
