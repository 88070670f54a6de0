import { expect, test } from "vitest";
import { Speech } from "../../shared/say";
import type { DeviceHealth } from "../../shared/shapes";
import { health } from "./health";
import { START, at } from "./testing/made";

const sv = new Speech("sv");
const device = (label: string, wish: Partial<DeviceHealth["device"]> = {}, more: Partial<DeviceHealth> = {}): DeviceHealth => ({
  device: { id: label, protocol: "watch", account: "864", label, model: null, battery_pct: 80, last_seen_at: at(-10), ...wish },
  person: null,
  charging: null,
  supervised: true,
  ...more,
});

test("the worst condition stands first and says why", () => {
  const rows = health([device("fine"), device("low", { battery_pct: 9 }), device("silent", { last_seen_at: at(-4000) }), device("never", { last_seen_at: null })], "", START, sv);
  expect(rows.map((r) => `${r.device.name}: ${r.condition.map((c) => c.words).join(", ")}`)).toEqual([
    "never: aldrig hörd",
    "silent: tyst 1 h 06 min",
    "low: lågt batteri",
    "fine: i ordning",
  ]);
  expect(rows.map((r) => r.poor)).toEqual([true, true, true, false]);
});

test("a low battery on its charger needs nobody", () => {
  expect(health([device("a", { battery_pct: 5 }, { charging: true })], "", START, sv)[0]).toMatchObject({ poor: false });
});

test("the filter finds by name, account and model", () => {
  expect(health([device("Klocka 7"), device("Klocka 8", { model: "TMT250" })], "tmt", START, sv).map((r) => r.device.name)).toEqual(["Klocka 8"]);
});
