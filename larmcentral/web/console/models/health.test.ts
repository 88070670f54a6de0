import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import type { DeviceHealth } from "../../shared/shapes_registers";
import { health } from "./health";
import { START, at } from "../../shared/testing/made";

const sv = new Speech("sv");
const device = (label: string, wish: Partial<DeviceHealth["device"]> = {}, more: Partial<DeviceHealth> = {}): DeviceHealth => ({
  device: { id: label, protocol: "watch", account: "864", label, model: null, battery_pct: 80, last_seen_at: at(-10), ...wish },
  person: null,
  charging: null,
  supervised: true,
  silent: false,
  low_battery: false,
  tested_at: null,
  test_due: false,
  pool: false,
  supervision: "wearable",
  ...more,
});

test("the worst condition stands first and says why", () => {
  const list = [
    device("fine"),
    device("due", {}, { test_due: true }),
    device("low", { battery_pct: 9 }, { low_battery: true }),
    device("silent", { last_seen_at: at(-4000) }, { silent: true }),
    device("never", { last_seen_at: null }),
  ];
  const { rows } = health(list, "", null, START, sv);
  expect(rows.map((r) => `${r.device.name}: ${r.condition.map((c) => c.words).join(", ")}`)).toEqual([
    "never: aldrig hörd",
    "silent: tyst 1 h 06 min",
    "low: lågt batteri",
    "due: provlarm försenat",
    "fine: i ordning",
  ]);
  expect(rows.map((r) => r.poor)).toEqual([true, true, true, true, false]);
});

test("a low battery on its charger needs nobody", () => {
  expect(health([device("a", { battery_pct: 5 }, { charging: true, low_battery: true })], "", null, START, sv).rows[0]).toMatchObject({ poor: false });
});

test("the filter finds by name, account and model", () => {
  expect(health([device("Klocka 7"), device("Klocka 8", { model: "TMT250" })], "tmt", null, START, sv).rows.map((r) => r.device.name)).toEqual(["Klocka 8"]);
});

test("one looks at a single condition alone, and sees how many there are of each", () => {
  const list = [device("a", {}, { silent: true }), device("b", {}, { pool: true, charging: true }), device("c", {}, { test_due: true, pool: true })];
  const picture = health(list, "", "pool", START, sv);
  expect(picture.rows.map((r) => r.device.name)).toEqual(["c", "b"]);
  expect(picture).toMatchObject({ all: 3, counts: { poor: 2, silent: 1, low: 0, test_due: 1, charging: 1, pool: 2 } });
});
