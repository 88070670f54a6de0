import { expect, test } from "vitest";
import type { DeviceHealth } from "../../shared/shapes_registers";
import { Speech } from "../words/speech";
import { fleet, use } from "./fleet";

const EN = new Speech("en");
const NOW = Date.parse("2026-11-22T12:00:00Z");

function health(account: string, wish: Partial<DeviceHealth> = {}, device: Partial<DeviceHealth["device"]> = {}): DeviceHealth {
  return {
    device: { id: account, protocol: "watch", account, label: `Watch ${account}`, model: null, battery_pct: 60, last_seen_at: "2026-11-22T11:59:00Z", ...device },
    person: null,
    charging: false,
    supervised: true,
    silent: false,
    low_battery: false,
    tested_at: "2026-11-20T12:00:00Z",
    test_due: false,
    pool: false,
    supervision: "watched",
    ...wish,
  };
}

test("devices that need somebody are listed, the most troubled first, and the others counted", () => {
  const found = fleet([health("1"), health("2", { test_due: true }), health("3", { silent: true, low_battery: true })], null, NOW, EN);
  expect([found.all, found.lines.map((line) => line.key), found.counts]).toEqual([3, ["3", "2"], { silent: 1, low: 1, test_due: 1 }]);
});

test("one that charges is not low, and one that was never heard is silent", () => {
  const found = fleet([health("1", { low_battery: true, charging: true }), health("2", {}, { last_seen_at: null })], null, NOW, EN);
  expect(found.lines.map((line) => [line.key, line.faults, line.heard])).toEqual([["2", ["silent"], "never heard"]]);
});

test("a single fault can be looked at alone, and the counts stay", () => {
  const found = fleet([health("1", { silent: true }), health("2", { test_due: true, tested_at: null })], "test_due", NOW, EN);
  expect([found.lines.map((line) => [line.key, line.tested]), found.counts.silent]).toEqual([[["2", "never"]], 1]);
});

test("a unit's use is told with shares, and one without alarms has none", () => {
  const unit = { unit_id: "u", unit: "Nord", persons: 8, trained: 6, sessions: 40, worked_alone: 5, idle: 1, devices: 9, silent: 1, low_battery: 0, tests_due: 2, alarms: 4, false_alarms: 3 };
  const found = use({ from_day: "", until_day: "", units: [unit, { ...unit, unit_id: null, unit: null, silent: 0, tests_due: 0, alarms: 0, false_alarms: 0 }], bad_actors: [], causes: [] }, EN);
  expect(found.lines.map((line) => [line.unit, line.trained, line.devices, line.wrong])).toEqual([
    ["Nord", "6 (75%)", "9 (1 silent, 2 untested)", "3 (75%)"],
    ["Without a unit", "6 (75%)", "9", "0"],
  ]);
});

test("causes are shares of all that were none, and one without an answer says so", () => {
  const found = use({ from_day: "", until_day: "", units: [], bad_actors: [{ what: "device", name: "Button 7", alarms: 5, false_alarms: 5 }], causes: [{ cause: "by_mistake", alarms: 3 }, { cause: null, alarms: 1 }] }, EN);
  expect(found.causes.map((one) => [one.cause, one.share])).toEqual([["By mistake", "75%"], ["No cause given", "25%"]]);
  expect(found.actors[0]).toMatchObject({ what: "device", name: "Button 7", wrong: "5 (100%)" });
});
