import { expect, test } from "vitest";
import { BLOW_STILL_MS, CALM, FALL_STILL_MS, type FallKind, type FallState, felt } from "./fall";

/** Readings every 20 ms: [how long in ms, how heavy in g]. */
function kinds(course: readonly (readonly [number, number])[]): FallKind[] {
  let state: FallState = CALM;
  let at = 0;
  const found: FallKind[] = [];
  for (const [ms, g] of course) {
    for (const end = at + ms; at < end; at += 20) {
      const next = felt(state, { at, x: 0, y: 0, z: g });
      state = next.state;
      if (next.kind) found.push(next.kind);
    }
  }
  return found;
}

const STILL = FALL_STILL_MS + 100;

test("weightless, an impact, and ten seconds of stillness are a fall", () => {
  expect(kinds([[1000, 1], [400, 0.2], [60, 3.1], [STILL, 1]])).toEqual(["fall"]);
});

test("whoever gets up again has not fallen", () => {
  expect(kinds([[400, 0.2], [60, 3.1], [4000, 1], [200, 1.6], [STILL, 1]])).toEqual([]);
});

test("a stumble without an impact is nothing", () => {
  expect(kinds([[400, 0.2], [60, 2], [STILL, 1]])).toEqual([]);
});

test("an impact long after the fall does not belong to it, and is a blow", () => {
  expect(kinds([[300, 0.2], [1500, 1], [60, 3.1], [BLOW_STILL_MS + 100, 1]])).toEqual(["man_down"]);
});

test("a phone put hard on a table and taken up again is nothing", () => {
  expect(kinds([[60, 2.8], [15_000, 1], [100, 1.5], [20_000, 1]])).toEqual([]);
});

test("a bounce begins the stillness anew", () => {
  expect(kinds([[400, 0.2], [60, 3.1], [300, 1], [60, 2.7], [FALL_STILL_MS - 300, 1]])).toEqual([]);
  expect(kinds([[400, 0.2], [60, 3.1], [300, 1], [60, 2.7], [STILL, 1]])).toEqual(["fall"]);
});

test("one fall is told once", () => {
  expect(kinds([[400, 0.2], [60, 3.1], [60_000, 1]])).toEqual(["fall"]);
});
