import { expect, test } from "vitest";
import { Heights } from "./heights";

test("only lines near the eye are drawn, and the room of the others is kept", () => {
  const heights = new Heights(5000, 30);
  const stretch = heights.stretch(60_000, 900);
  expect([stretch.from, stretch.to]).toEqual([1980, 2051]);
  expect(stretch.abovePx + (stretch.to - stretch.from) * 30 + stretch.belowPx).toBe(150_000);
});

test("the ends of the list are drawn whole", () => {
  const heights = new Heights(10, 30);
  expect(heights.stretch(0, 900)).toEqual({ from: 0, to: 10, abovePx: 0, belowPx: 0 });
  expect(heights.stretch(9000, 900)).toMatchObject({ to: 10, belowPx: 0 });
  expect(new Heights(0, 30).stretch(0, 900)).toEqual({ from: 0, to: 0, abovePx: 0, belowPx: 0 });
});

test("a line that was measured moves what lies below it, once", () => {
  const heights = new Heights(3, 30);
  expect(heights.measured(0, 100)).toBe(true);
  expect(heights.measured(0, 100.2)).toBe(false);
  expect([heights.top(1), heights.top(3), heights.top(99)]).toEqual([100, 160, 160]);
});

test("a line that is not drawn, or not there, measures nothing", () => {
  const heights = new Heights(3, 30);
  expect([heights.measured(1, 0), heights.measured(7, 50)]).toEqual([false, false]);
  expect(heights.top(3)).toBe(90);
});
