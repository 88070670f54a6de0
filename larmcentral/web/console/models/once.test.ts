import { expect, test } from "vitest";
import { Unreachable } from "../../shared/api";
import { Once } from "./once";

test("it is asked once, however many want it", async () => {
  let asked = 0;
  const once = new Once(async () => ++asked);
  await Promise.all([once.load(), once.load()]);
  await once.load();
  expect([once.value.value, asked]).toEqual([1, 1]);
});

test("where no answer came it says so, and asks again", async () => {
  let down = true;
  const once = new Once(async () => {
    if (down) throw new Unreachable("/api/closing");
    return "there";
  });
  await once.load();
  expect([once.failed.value, once.value.value]).toEqual([true, null]);
  down = false;
  await once.load();
  expect([once.failed.value, once.value.value]).toEqual([false, "there"]);
});
