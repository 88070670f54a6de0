import { expect, test } from "vitest";
import { FakeClock, ServerTime } from "./clock";

const at = (ms: number) => new Date(ms).toISOString();

test("the server's time is ours until it has spoken", () => {
  const clock = new FakeClock();
  expect(new ServerTime(clock).now()).toBe(clock.now());
});

test("the quickest message of the last minute sets the offset", () => {
  const clock = new FakeClock();
  const time = new ServerTime(clock);
  time.heard(at(clock.now() + 60_000 - 400)); // 400 ms under way
  time.heard(at(clock.now() + 60_000 - 5)); // 5 ms under way
  time.heard(at(clock.now() + 60_000 - 900));
  expect(time.offsetMs).toBe(60_000 - 5);
  clock.run(1000);
  expect(time.now()).toBe(clock.now() + 60_000 - 5);
});

test("a drift is followed once the old samples are gone", () => {
  const clock = new FakeClock();
  const time = new ServerTime(clock);
  time.heard(at(clock.now() + 5000));
  for (let i = 0; i < 30; i++) time.heard(at(clock.now() - 2000));
  expect(time.offsetMs).toBe(-2000);
});

test("nonsense is not believed", () => {
  const time = new ServerTime(new FakeClock());
  time.heard("yesterday");
  expect(time.offsetMs).toBe(0);
});
