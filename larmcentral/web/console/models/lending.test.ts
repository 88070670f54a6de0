import { expect, test } from "vitest";
import type { PoolRow } from "../../shared/shapes_desk";
import { START, at } from "../../shared/testing/made";
import { Speech } from "../words/speech";
import { dueBack, poolLines } from "./lending";

const sv = new Speech("sv");
const device = (label: string, due: number | null, wish: Partial<PoolRow> = {}): PoolRow => ({
  device_id: label,
  committee_id: "c",
  tag: `TAG-${label}`,
  label,
  battery_pct: 80,
  last_seen_at: at(-10),
  tested_at: at(-3600),
  loan: due === null ? null : { person_id: "anna", person: "Anna", out_at: at(-7200), due_back_at: at(due) },
  ...wish,
});

test("what should be back stands first, then what is out, then what lies in", () => {
  const lines = poolLines([device("inne", null), device("ute", 3600), device("sen", -60)], START, sv);
  expect(lines.map((line) => `${line.label}: ${line.state}`)).toEqual(["sen: skulle ha varit tillbaka", "ute: utlånad", "inne: inne"]);
  expect(lines[1]).toMatchObject({ holder: "Anna", due: expect.stringMatching(/^åter \d\d:\d\d:\d\d$/) });
});

test("a battery too low to go out and a test that was never made are seen", () => {
  expect(poolLines([device("a", null, { battery_pct: 12, tested_at: null })], START, sv)[0]).toMatchObject({ battery: "12 %", batteryLow: true, tested: "aldrig" });
  expect(poolLines([device("a", null, { battery_pct: null })], START, sv)[0]).toMatchObject({ battery: "–", batteryLow: false });
});

test("a device is lent for hours from now", () => {
  expect(dueBack(8, START)).toBe(new Date(START + 8 * 3_600_000).toISOString());
});
