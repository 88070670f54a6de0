import { expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import { Gather } from "./gather";

test("a single word is passed on at once, a torrent in heaps, in order and without loss", () => {
  const clock = new FakeClock();
  const heaps: number[][] = [];
  const news = new Gather<number>(clock, (all) => heaps.push([...all]));
  news.add(0);
  expect(heaps).toEqual([[0]]);
  for (let i = 1; i <= 100; i++) {
    clock.run(10);
    news.add(i);
  }
  clock.run(100);
  expect(heaps.flat()).toEqual(Array.from({ length: 101 }, (_, i) => i));
  expect(heaps.length).toBeLessThan(25);
});

test("what waits at a log-out is forgotten", () => {
  const clock = new FakeClock();
  const heaps: number[][] = [];
  const news = new Gather<number>(clock, (all) => heaps.push([...all]));
  news.add(1);
  news.add(2);
  news.clear();
  clock.run(1000);
  expect(heaps).toEqual([[1]]);
});
