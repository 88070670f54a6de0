import { expect, test } from "vitest";
import type { ReachRow, ReachSlot } from "../../shared/shapes_desk";
import { START, at } from "../../shared/testing/made";
import { Speech } from "../words/speech";
import { reachBoard } from "./reach";

const sv = new Speech("sv");
const slot = (from: number, until: number, ...persons: string[]): ReachSlot => ({ from_at: at(from * 60), until_at: at(until * 60), persons, nobody: persons.length === 0 });
const row = (unit: string, ...slots: ReachSlot[]): ReachRow => ({ committee_id: "c", unit_id: unit, unit, chain: "Natt", slots });
const states = (...slots: ReachSlot[]) => reachBoard([row("Norr", ...slots)], 3, START, sv).lines[0]?.cells.map((cell) => `${cell.state} ${cell.sign}`);

test("an hour is told by its worst part: nobody, nobody for a while, only one, or more", () => {
  expect(states(slot(0, 60, "Bo", "Eva"), slot(60, 120, "Bo"), slot(120, 180))).toEqual(["some 2", "one 1", "nobody 0"]);
  expect(states(slot(0, 90, "Bo", "Eva"), slot(90, 100), slot(100, 180, "Bo", "Eva", "Per"))).toEqual(["some 2", "gap 0", "some 3"]);
  expect(states(slot(0, 60, "Bo"))).toEqual(["one 1", "unknown –", "unknown –"]);
});

test("units with gaps stand first, the nearest gap foremost, and say from when", () => {
  const board = reachBoard([row("Väst", slot(0, 180, "Bo")), row("Öst", slot(0, 120, "Bo"), slot(120, 180)), row("Norr", slot(0, 30), slot(30, 180, "Bo"))], 3, START, sv);
  expect(board.lines.map((line) => line.unit)).toEqual(["Norr", "Öst", "Väst"]);
  expect(board.lines[0]?.gap).toBe("ingen just nu");
  expect(board.lines[1]?.gap).toMatch(/^ingen från \d\d:\d\d$/);
  expect([board.lines[2]?.gap, board.gaps, board.hours.length]).toEqual([null, 2, 3]);
});

test("a cell says in full who would be told, and when nobody", () => {
  const words = reachBoard([row("Norr", slot(0, 30, "Bo", "Eva"), slot(30, 60))], 1, START, sv).lines[0]?.cells[0]?.words;
  expect(words).toMatch(/^\d\d:00–\d\d:30: Bo och Eva; \d\d:30–\d\d:00: ingen$/);
});

test("what has already passed of the running hour does not count", () => {
  expect(reachBoard([row("Norr", slot(0, 30), slot(30, 60, "Bo", "Eva"))], 1, START + 31 * 60_000, sv).lines[0]).toMatchObject({ gap: null, cells: [{ state: "some" }] });
});
