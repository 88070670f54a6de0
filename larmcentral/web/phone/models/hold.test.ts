import { expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import { Hold } from "./hold";
import { Taps, WITHIN_MS } from "./taps";

function made() {
  const clock = new FakeClock();
  const said: string[] = [];
  const hold = new Hold(
    clock,
    () => said.push("done"),
    () => said.push("tick"),
  );
  return { clock, said, hold };
}

test("it ticks each half second and is done after three, once", () => {
  const { clock, said, hold } = made();
  hold.press();
  clock.run(10_000);
  expect(said).toEqual(["tick", "tick", "tick", "tick", "tick", "tick", "done"]);
  expect(hold.holding.value).toBe(false);
  expect(hold.early.value).toBe(false);
});

test("half held, the ring is half full", () => {
  const { clock, hold } = made();
  hold.press();
  clock.run(1500);
  expect(hold.part.value).toBe(0.5);
});

test("let go too early it says so, and the next press begins at nothing", () => {
  const { clock, said, hold } = made();
  hold.press();
  clock.run(2950);
  hold.release();
  expect([hold.early.value, hold.part.value]).toEqual([true, 0]);
  hold.press();
  clock.run(2950);
  expect(said).not.toContain("done");
  clock.run(50);
  expect(said.at(-1)).toBe("done");
});

test("whoever cannot hold presses twice: the second press counts only after the first", () => {
  const { said, hold } = made();
  hold.confirm();
  expect(said).toEqual([]);
  hold.touch();
  expect(hold.early.value).toBe(true);
  hold.confirm();
  expect(said).toEqual(["done"]);
  hold.confirm();
  expect(said).toEqual(["done"]);
});

test("a key that repeats is one press", () => {
  const { clock, said, hold } = made();
  hold.press();
  clock.run(1000);
  hold.press();
  clock.run(2000);
  expect(said.filter((one) => one === "done")).toEqual(["done"]);
});

test("three taps within a second and a half are the covert way in; slower ones are not", () => {
  let times = 0;
  const taps = new Taps(() => times++);
  for (const at of [0, 800, WITHIN_MS, 3100]) taps.tap(at);
  expect(times).toBe(0);
  for (const at of [10_000, 10_500, 11_400]) taps.tap(at);
  expect(times).toBe(1);
  taps.tap(11_500);
  expect(times).toBe(1);
});
