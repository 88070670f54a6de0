import { expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import { START, at, detail, entry, incident, queueOf } from "../../shared/testing/made";
import { Desk } from "./desk";
import { FirstWindow, SecondWindow, type Word } from "./windows";

function windows() {
  const clock = new FakeClock(START);
  const ears: ((word: Word) => void)[] = [];
  const wire = () => {
    const own: ((word: Word) => void)[] = [];
    return { post: (word: Word) => ears.filter((ear) => !own.includes(ear)).forEach((ear) => ear(structuredClone(word))), hear: (call: (word: Word) => void) => (own.push(call), void ears.push(call)) };
  };
  const [one, two] = [new Desk(clock), new Desk(clock)];
  const first = new FirstWindow("w", wire(), one, clock);
  const open = () => new SecondWindow(wire(), two, clock);
  return { clock, one, two, first, open };
}

test("a second window draws what is chosen in the first, from its first moment on", () => {
  const { one, two, first, open } = windows();
  one.takeQueue(queueOf(incident("a"), incident("b")));
  one.select("a");
  one.takeDetail(detail(incident("a"), [entry(1, "opened")]));
  expect(first.open.value).toBe(false);
  open();
  expect(first.open.value).toBe(true);
  expect([two.selected.value?.id, two.detail.value?.timeline.length]).toEqual(["a", 1]);
  one.select("b");
  expect([two.selected.value?.id, two.detail.value]).toEqual(["b", null]);
});

test("what changes in the first window changes in the second, and what was stood down stays in view", () => {
  const { one, two, open } = windows();
  one.takeQueue(queueOf(incident("a")));
  one.select("a");
  open();
  one.take(incident("a", { version: 2, state: "stood_down" }));
  expect(two.selected.value?.state).toBe("stood_down");
});

test("the server's ticks go on to the second window, so that its picture is as old as the first one's", () => {
  const { clock, two, first, open } = windows();
  first.tick({ server_time: at(0), ready: true });
  open();
  expect(two.heardAt.value).toBe(clock.now());
  clock.run(3000);
  first.tick({ server_time: at(3), ready: false });
  expect([two.heardAt.value, two.ready.value]).toEqual([clock.now(), false]);
});

test("a second window that is closed, hidden or dead gives the zones back", () => {
  const { clock, first, open } = windows();
  const second = open();
  second.seen(false);
  expect(first.open.value).toBe(false);
  clock.run(10_000);
  expect(first.open.value).toBe(false);
  second.seen(true);
  expect(first.open.value).toBe(true);
  clock.run(30_000);
  expect(first.open.value).toBe(true);
  second.gone();
  expect(first.open.value).toBe(false);
});

test("a second window that dies without a word is missed within some seconds", () => {
  const clock = new FakeClock(START);
  let say: (word: Word) => void = () => undefined;
  const first = new FirstWindow("w", { post: () => undefined, hear: (call) => void (say = call) }, new Desk(clock), clock);
  say({ say: "here" });
  clock.run(4000);
  expect(first.open.value).toBe(true);
  clock.run(4000);
  expect(first.open.value).toBe(false);
});
