import { expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import type { PositionView } from "../../shared/shapes";
import { at, detail, incident } from "../../shared/testing/made";
import { Replay } from "./replay";

const point = (second: number): PositionView => ({ lat: 61 + second / 1000, lon: 14, accuracy_m: 10, fix_at: at(second - 5), received_at: at(second), valid: true });
const ms = (second: number) => Date.parse(at(second));

function replay(wish: { seconds?: number; points?: number[]; lines?: number[]; open?: boolean } = {}) {
  const clock = new FakeClock();
  const over = wish.open ? {} : { state: "stood_down" as const, stood_down_at: at(wish.seconds ?? 100) };
  const one = { ...detail(incident("a", over)), trail: (wish.points ?? [10, 50]).map(point) };
  return { clock, replay: new Replay(one, (wish.lines ?? [0, 10, 10, 50, 100]).map((s) => ({ at: ms(s) })), clock, ms(400)) };
}

test("it begins where it ended: at the end, with the last position", () => {
  const { replay: one } = replay();
  expect([one.at.value, one.ended.value, one.line.value, one.position.value?.lat]).toEqual([ms(100), true, 4, 61.05]);
});

test("at a moment it shows what had been received by then, not what had been measured", () => {
  const { replay: one } = replay();
  one.move(ms(48));
  expect([one.position.value?.lat, one.trail.value.length, one.line.value]).toEqual([61.01, 0, 2]);
  one.move(ms(5));
  expect(one.position.value).toBeNull();
});

test("a moment outside the incident is brought inside", () => {
  const { replay: one } = replay();
  one.move(ms(-900));
  expect(one.at.value).toBe(ms(0));
  one.move(ms(9000));
  expect(one.at.value).toBe(ms(100));
});

test("an incident that is not over lasts until now", () => {
  expect(replay({ open: true }).replay.until).toBe(ms(400));
});

test("played from the end it starts over, runs at its pace and stops by itself", () => {
  const { replay: one, clock } = replay({ seconds: 400 });
  one.play();
  expect([one.at.value, one.pace]).toEqual([ms(0), 10]);
  clock.run(4000);
  expect([one.at.value, one.line.value]).toEqual([ms(40), 2]);
  clock.run(60_000);
  expect([one.at.value, one.playing.value]).toEqual([ms(400), false]);
});

test("a short incident is played no slower than it was", () => {
  expect(replay({ seconds: 12, points: [1], lines: [0, 12] }).replay.pace).toBe(1);
});

test("a hand on the slider stops it", () => {
  const { replay: one, clock } = replay();
  one.play();
  one.move(ms(20));
  clock.run(5000);
  expect([one.at.value, one.playing.value]).toEqual([ms(20), false]);
});

test("a step leads to the next moment that has a line, though several lines share one", () => {
  const { replay: one } = replay();
  const seen = [-1, -1, -1, -1, 1].map((by) => {
    one.step(by as -1 | 1);
    return (one.at.value - ms(0)) / 1000;
  });
  expect(seen).toEqual([50, 10, 0, 0, 10]);
});

test("a long way is thinned for drawing, and the newest position is never left out", () => {
  const points = Array.from({ length: 2000 }, (_, index) => index / 20);
  const { replay: one } = replay({ points });
  expect(one.trail.value.length).toBeLessThanOrEqual(200);
  expect(one.position.value?.received_at).toBe(at(99.95));
});

test("without a position there is nothing that moves", () => {
  expect(replay({ points: [] }).replay.moves).toBe(false);
});
