// The state of everything that can raise an alarm, worst first.
import type { Speech } from "../words/speech";
import type { DeviceHealth } from "../../shared/shapes_registers";
import { type DevicePicture, device } from "../../shared/account/incident";

/** What one may look at alone. poor: needs a person. */
export const CONDITIONS = ["poor", "silent", "low", "test_due", "charging", "pool"] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface HealthRow {
  key: string;
  /** null: not enrolled, so nothing is written down about it. */
  id: string | null;
  device: DevicePicture;
  person: string | null;
  unit: string | null;
  /** Each with its own weight: poor needs a person. */
  condition: { words: string; poor: boolean }[];
  poor: boolean;
  tested: string | null;
  supervision: string;
}

export interface FleetPicture {
  rows: HealthRow[];
  /** Of all that the words find, how many are in each condition. */
  counts: Readonly<Record<Condition, number>>;
  all: number;
}

export function health(devices: readonly DeviceHealth[], filter: string, only: Condition | null, now: number, speech: Speech): FleetPicture {
  const words = filter.toLowerCase().split(/\s+/);
  const found = devices
    .map((one) => ({ one, row: healthRow(one, now, speech) }))
    .filter(({ row }) => {
      const hay = [row.device.name, row.device.account, row.device.model, row.person, row.unit].join(" ").toLowerCase();
      return words.every((word) => hay.includes(word));
    });
  const counts = Object.fromEntries(CONDITIONS.map((name) => [name, found.filter(({ one, row }) => is(name, one, row)).length])) as Record<Condition, number>;
  const rows = found
    .filter(({ one, row }) => only === null || is(only, one, row))
    .toSorted((a, b) => rank(a.one) - rank(b.one) || name(a.one).localeCompare(name(b.one), speech.language))
    .map(({ row }) => row);
  return { rows, counts, all: found.length };
}

function is(condition: Condition, one: DeviceHealth, row: HealthRow): boolean {
  switch (condition) {
    case "poor":
      return row.poor;
    case "silent":
      return one.silent || one.device.last_seen_at === null;
    case "low":
      return one.low_battery;
    case "test_due":
      return one.test_due;
    case "charging":
      return one.charging === true;
    case "pool":
      return one.pool;
  }
}

function rank(one: DeviceHealth): number {
  if (one.device.last_seen_at === null) return 0;
  if (one.silent) return 1;
  if (one.low_battery && one.charging !== true) return 2;
  if (one.test_due) return 3;
  return one.supervised ? 5 : 4;
}

function name(one: DeviceHealth): string {
  return one.person?.name ?? one.device.label ?? one.device.account;
}

function healthRow(one: DeviceHealth, now: number, speech: Speech): HealthRow {
  const condition: HealthRow["condition"] = [];
  const seen = one.device.last_seen_at;
  if (!seen) condition.push({ words: speech.say("devices_never"), poor: true });
  else if (one.silent) condition.push({ words: speech.say("devices_silent", { age: speech.age(now - Date.parse(seen)) }), poor: true });
  if (one.low_battery) condition.push({ words: speech.say("devices_low"), poor: one.charging !== true });
  if (one.test_due) condition.push({ words: speech.say("devices_test_due"), poor: true });
  if (!one.supervised) condition.push({ words: speech.say("devices_unsupervised"), poor: false });
  if (one.charging) condition.push({ words: speech.say("devices_charging"), poor: false });
  if (one.pool) condition.push({ words: speech.say("devices_pool"), poor: false });
  if (condition.length === 0) condition.push({ words: speech.say("devices_ok"), poor: false });
  return {
    key: one.device.id ?? `${one.device.protocol} ${one.device.account}`,
    id: one.device.id,
    device: device(one.device, now, speech),
    person: one.person?.name ?? null,
    unit: one.person ? [one.person.unit, one.person.team].filter(Boolean).join(" · ") : null,
    condition,
    poor: condition.some((c) => c.poor),
    tested: one.tested_at ? speech.date(one.tested_at) : null,
    supervision: speech.sayOr("supervision", one.supervision),
  };
}
