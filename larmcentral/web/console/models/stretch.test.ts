import { expect, test } from "vitest";
import { drawn, scrollTo, tops } from "./stretch";

const long = tops(Array.from({ length: 5000 }, () => 100));

test("of five thousand lines those in view are drawn, and a few beyond on either side", () => {
  expect(drawn(long, 0, 600)).toEqual({ first: 0, last: 13 });
  expect(drawn(long, 250_000, 600)).toEqual({ first: 2494, last: 2513 });
  expect(drawn(long, 499_400, 600)).toEqual({ first: 4988, last: 5000 });
});

test("an empty list and a box without height draw nothing that is not there", () => {
  expect(drawn(tops([]), 0, 600)).toEqual({ first: 0, last: 0 });
  expect(drawn(tops([100, 40]), 900, 0)).toEqual({ first: 0, last: 2 });
});

test("lines of different heights lie one below the other", () => {
  expect(tops([101, 44, 82])).toEqual([0, 101, 145, 227]);
});

test("one scrolls no further than it takes to see a line whole", () => {
  expect(scrollTo(long, 3, 0, 600)).toBeNull();
  expect(scrollTo(long, 6, 0, 600)).toBe(100);
  expect(scrollTo(long, 2, 250, 600)).toBe(200);
});
