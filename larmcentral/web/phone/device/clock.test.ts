import { expect, test } from "vitest";
import { PhoneClock } from "./clock";

test("an hour asleep is an hour; a wall clock that is set back changes nothing", () => {
  let [steady, wall] = [1_000_000, 1_000_000];
  const clock = new PhoneClock(
    () => steady,
    () => wall,
  );
  expect(clock.now()).toBe(1_000_000);
  [steady, wall] = [1_005_000, 1_005_900];
  expect(clock.now()).toBe(1_005_000);
  [steady, wall] = [1_006_000, 4_606_000];
  expect(clock.now()).toBe(4_606_000);
  [steady, wall] = [1_007_000, 3_000_000];
  expect(clock.now()).toBe(4_607_000);
});
