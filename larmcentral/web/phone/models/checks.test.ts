import { expect, test } from "vitest";
import { SV } from "../words/sv";
import { CHECKS, checks, type Found } from "./checks";

const GOOD: Found = {
  position: "granted",
  motion: "granted",
  notices: "granted",
  charge: { pct: 90, charging: false },
  screen: true,
  sound: true,
  buzz: true,
  kept: true,
  durable: true,
  pin: true,
};

const grades = (found: Partial<Found>) => checks({ ...GOOD, ...found }).filter((one) => one.grade !== "good").map((one) => `${one.name} ${one.says} ${one.grade}`);

test("a phone that can do all is good in all", () => {
  expect(grades({})).toEqual([]);
  expect(checks(GOOD).map((one) => one.name)).toEqual([...CHECKS]);
});

test("what is lacking is graded by what it costs", () => {
  expect(grades({ charge: { pct: 19, charging: false } })).toEqual(["battery low bad"]);
  expect(grades({ charge: { pct: 19, charging: true } })).toEqual([]);
  expect(grades({ charge: null })).toEqual(["battery missing doubt"]);
  expect(grades({ position: "denied" })).toEqual(["position denied bad"]);
  expect(grades({ motion: "missing", notices: "ask" })).toEqual(["motion missing doubt", "notices ask doubt"]);
  expect(grades({ kept: false })).toEqual(["kept no bad"]);
  expect(grades({ durable: false })).toEqual(["kept perhaps doubt"]);
});

test("there are words for whatever a check can say", () => {
  const leaves = ["granted", "denied", "ask", "missing"] as const;
  const found: Partial<Found>[] = [
    ...leaves.map((leave) => ({ position: leave, motion: leave, notices: leave })),
    ...[null, { pct: 5, charging: false }, { pct: 5, charging: true }, { pct: 40, charging: false }].map((charge) => ({ charge })),
    { screen: false, sound: false, buzz: false, kept: false, pin: false },
    { durable: false },
  ];
  const said = found.flatMap((one) => checks({ ...GOOD, ...one }).map((check) => `check_${check.name}_${check.says}`));
  expect(said.filter((key) => !(key in SV))).toEqual([]);
});

test("only what its owner can be asked for has a press that asks", () => {
  expect(checks({ ...GOOD, position: "ask", motion: "denied", sound: false }).filter((one) => one.ask).map((one) => one.name)).toEqual(["position", "sound"]);
});
