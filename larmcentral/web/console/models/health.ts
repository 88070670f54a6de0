// The state of everything that can raise an alarm, worst first.
import type { Speech } from "../../shared/say";
import type { DeviceHealth } from "../../shared/shapes";
import { BATTERY_LOW_PCT, QUIET_MS, type DevicePicture, device } from "./incident";

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
}

export function health(devices: readonly DeviceHealth[], filter: string, now: number, speech: Speech): HealthRow[] {
  const words = filter.toLowerCase().split(/\s+/);
  return devices
    .map((one) => ({ one, rank: rank(one, now) }))
    .sort((a, b) => a.rank - b.rank || name(a.one).localeCompare(name(b.one), speech.language))
    .map(({ one }) => healthRow(one, now, speech))
    .filter((row) => {
      const hay = [row.device.name, row.device.account, row.device.model, row.person, row.unit].join(" ").toLowerCase();
      return words.every((word) => hay.includes(word));
    });
}

function rank(one: DeviceHealth, now: number): number {
  const seen = one.device.last_seen_at;
  if (!seen) return 0;
  if (now - Date.parse(seen) >= QUIET_MS) return 1;
  if (one.device.battery_pct !== null && one.device.battery_pct <= BATTERY_LOW_PCT) return 2;
  return one.supervised ? 4 : 3;
}

function name(one: DeviceHealth): string {
  return one.person?.name ?? one.device.label ?? one.device.account;
}

function healthRow(one: DeviceHealth, now: number, speech: Speech): HealthRow {
  const picture = device(one.device, now, speech);
  const condition: HealthRow["condition"] = [];
  const seen = one.device.last_seen_at;
  if (!seen) condition.push({ words: speech.say("devices_never"), poor: true });
  else if (picture.quiet) condition.push({ words: speech.say("devices_silent", { age: speech.age(now - Date.parse(seen)) }), poor: true });
  if (picture.batteryLow) condition.push({ words: speech.say("devices_low"), poor: one.charging !== true });
  if (!one.supervised) condition.push({ words: speech.say("devices_unsupervised"), poor: false });
  if (one.charging) condition.push({ words: speech.say("devices_charging"), poor: false });
  if (condition.length === 0) condition.push({ words: speech.say("devices_ok"), poor: false });
  return {
    key: one.device.id ?? `${one.device.protocol} ${one.device.account}`,
    id: one.device.id,
    device: picture,
    person: one.person?.name ?? null,
    unit: one.person ? [one.person.unit, one.person.team].filter(Boolean).join(" · ") : null,
    condition,
    poor: condition.some((c) => c.poor),
  };
}
