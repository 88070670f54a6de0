// Devices that need somebody, how units use their protection, and who raises most alarms that were none.
import { device } from "../../shared/account/incident";
import type { DeviceHealth } from "../../shared/shapes_registers";
import type { UnitUse, UsageReport } from "../../shared/shapes_reports";
import type { Speech } from "../words/speech";
import { share } from "./response";

export const CONDITIONS = ["silent", "low", "test_due"] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface FleetLine {
  key: string;
  device: string;
  account: string | null;
  who: string | null;
  unit: string | null;
  faults: string[];
  heard: string;
  battery: string;
  tested: string;
}

export interface Fleet {
  all: number;
  counts: Readonly<Record<Condition, number>>;
  /** Those that need somebody, the most troubled first. */
  lines: FleetLine[];
}

export function fleet(devices: readonly DeviceHealth[], only: Condition | null, now: number, speech: Speech): Fleet {
  const poor = devices.map((one) => ({ one, faults: faultsOf(one) })).filter(({ faults }) => faults.length > 0);
  const counts = Object.fromEntries(CONDITIONS.map((name) => [name, poor.filter(({ faults }) => faults.includes(name)).length])) as Record<Condition, number>;
  const lines = poor
    .filter(({ faults }) => only === null || faults.includes(only))
    .toSorted((a, b) => b.faults.length - a.faults.length || nameOf(a.one).localeCompare(nameOf(b.one), speech.language))
    .map(({ one, faults }) => line(one, faults, now, speech));
  return { all: devices.length, counts, lines };
}

function faultsOf(one: DeviceHealth): Condition[] {
  const found: Condition[] = [];
  if (one.silent || one.device.last_seen_at === null) found.push("silent");
  if (one.low_battery && one.charging !== true) found.push("low");
  if (one.test_due) found.push("test_due");
  return found;
}

const nameOf = (one: DeviceHealth) => one.person?.name ?? one.device.label ?? one.device.account;

function line(one: DeviceHealth, faults: readonly Condition[], now: number, speech: Speech): FleetLine {
  const picture = device(one.device, now, speech);
  return {
    key: one.device.id ?? `${one.device.protocol} ${one.device.account}`,
    device: picture.name,
    account: picture.account,
    who: one.person?.name ?? null,
    unit: one.person?.unit ?? null,
    faults: faults.map((fault) => speech.sayOr("fault_is", fault)),
    heard: picture.lastSeen ?? speech.say("never_heard"),
    battery: picture.battery ?? "–",
    tested: one.tested_at ? speech.date(one.tested_at) : speech.say("never"),
  };
}

export interface UseLine {
  key: string;
  unit: string;
  persons: number;
  trained: string;
  sessions: number;
  idle: number;
  devices: string;
  alarms: number;
  wrong: string;
}

export interface Use {
  lines: UseLine[];
  actors: { key: string; what: string; name: string; alarms: number; wrong: string }[];
  causes: { key: string; cause: string; alarms: number; share: string }[];
}

export function use(report: UsageReport, speech: Speech): Use {
  const none = report.causes.reduce((sum, one) => sum + one.alarms, 0);
  return {
    lines: report.units.map((unit) => useLine(unit, speech)),
    actors: report.bad_actors.map((one, index) => ({
      key: `${index} ${one.name}`,
      what: speech.sayOr("actor", one.what),
      name: one.name,
      alarms: one.alarms,
      wrong: ofThem(one.false_alarms, one.alarms, speech),
    })),
    causes: report.causes.map((one) => ({
      key: one.cause ?? "",
      cause: one.cause ? speech.sayOr("closing_cause", one.cause) : speech.say("cause_not_given"),
      alarms: one.alarms,
      share: share(none === 0 ? 0 : one.alarms / none, speech),
    })),
  };
}

function useLine(unit: UnitUse, speech: Speech): UseLine {
  const troubled = [
    ...(unit.silent > 0 ? [speech.say("use_silent", { n: unit.silent })] : []),
    ...(unit.low_battery > 0 ? [speech.say("use_low", { n: unit.low_battery })] : []),
    ...(unit.tests_due > 0 ? [speech.say("use_tests_due", { n: unit.tests_due })] : []),
  ];
  return {
    key: unit.unit_id ?? "",
    unit: unit.unit ?? speech.say("no_unit"),
    persons: unit.persons,
    trained: ofThem(unit.trained, unit.persons, speech),
    sessions: unit.sessions,
    idle: unit.idle,
    devices: troubled.length === 0 ? String(unit.devices) : `${unit.devices} (${troubled.join(", ")})`,
    alarms: unit.alarms,
    wrong: ofThem(unit.false_alarms, unit.alarms, speech),
  };
}

/** 3 (25 %). */
function ofThem(part: number, all: number, speech: Speech): string {
  return all === 0 ? String(part) : `${part} (${share(part / all, speech)})`;
}
