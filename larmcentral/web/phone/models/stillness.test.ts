import { expect, test } from "vitest";
import { feltStill, type StillState } from "./stillness";

const ENOUGH = 120_000;

function told(readings: readonly (readonly [number, number])[]): number[] {
  let state: StillState | null = null;
  const found: number[] = [];
  for (const [at, x] of readings) {
    const next = feltStill(state, { at, x, y: 0, z: 1 }, ENOUGH);
    state = next.state;
    if (next.still) found.push(at);
  }
  return found;
}

const lying = (from: number, to: number, x = 0) => Array.from({ length: (to - from) / 1000 + 1 }, (_, i) => [from + i * 1000, x + (i % 2) * 0.03] as const);

test("two minutes without motion are told, and told again only after two more", () => {
  expect(told(lying(0, 250_000))).toEqual([120_000, 240_000]);
});

test("a movement begins the time anew", () => {
  expect(told([...lying(0, 100_000), ...lying(101_000, 200_000, 0.5)])).toEqual([]);
});

test("a slow turn is a movement too", () => {
  expect(told(Array.from({ length: 200 }, (_, i) => [i * 1000, i * 0.005] as const))).toEqual([]);
});

test("a phone that slept knows nothing of that time", () => {
  expect(told([...lying(0, 60_000), ...lying(130_000, 200_000)])).toEqual([]);
});
