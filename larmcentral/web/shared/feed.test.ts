import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "./clock";
import { Feed, type Source } from "./feed";

class FakeSource implements Source {
  readyState = 0;
  closed = false;
  private listeners = new Map<string, ((event: MessageEvent<string>) => void)[]>();
  constructor(readonly url: string) {}
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }
  close(): void {
    this.closed = true;
    this.readyState = 2;
  }
  say(type: string, body: unknown, id = ""): void {
    const event = { data: body === null ? "" : JSON.stringify(body), lastEventId: id } as MessageEvent<string>;
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }
}

let clock: FakeClock;
let sources: FakeSource[];
let heard: string[];
let feed: Feed;
const last = () => sources.at(-1) as FakeSource;
const tick = { server_time: "2026-11-22T02:00:00Z", ready: true };

beforeEach(() => {
  clock = new FakeClock();
  sources = [];
  heard = [];
  feed = new Feed(
    (url) => {
      sources.push(new FakeSource(url));
      return last();
    },
    clock,
    {
      incident: (e) => heard.push(`incident ${e.incident.id}`),
      system: (e) => heard.push(`system ${e.system_alarms.length}`),
      tick: () => heard.push("tick"),
      resync: () => heard.push("resync"),
      broken: () => heard.push("broken"),
    },
  );
});

test("the first connection asks for what came after the queue's cursor", () => {
  feed.start("41/7");
  expect(last().url).toBe("/api/feed?after=41%2F7");
});

test("events reach the listener by name", () => {
  feed.start("1");
  last().say("incident", { incident: { id: "a" }, entries: [] }, "2");
  last().say("system", { system_alarms: [] });
  last().say("tick", tick);
  last().say("resync", null);
  expect(heard).toEqual(["incident a", "system 0", "tick", "resync"]);
});

test("a silent connection is given up after seven seconds and resumed after the last event it had", () => {
  feed.start("1");
  last().say("incident", { incident: { id: "a" }, entries: [] }, "9");
  clock.run(6000);
  expect(sources).toHaveLength(1);
  clock.run(1000);
  expect(heard.at(-1)).toBe("broken");
  clock.run(1000);
  expect(sources).toHaveLength(2);
  expect(sources[0]?.closed).toBe(true);
  expect(last().url).toBe("/api/feed?after=9");
});

test("ticks keep a connection alive", () => {
  feed.start("1");
  for (let i = 0; i < 30; i++) {
    clock.run(2000);
    last().say("tick", tick);
  }
  expect(sources).toHaveLength(1);
});

test("a refused connection is tried again, slower and slower but never slower than eight seconds", () => {
  feed.start("1");
  const tries: number[] = [];
  for (let i = 0; i < 6; i++) {
    last().close();
    last().say("error", null);
    const from = clock.now();
    const count = sources.length;
    while (sources.length === count) clock.run(500);
    tries.push(clock.now() - from);
  }
  expect(tries).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
});

test("a connection that was given up is not listened to", () => {
  feed.start("1");
  const old = last();
  clock.run(9000);
  old.say("incident", { incident: { id: "ghost" }, entries: [] }, "99");
  expect(heard).toEqual(["broken"]);
});

test("it starts and stops twice in a row and in any order", () => {
  feed.stop();
  feed.start("1");
  feed.start();
  expect(sources.map((s) => s.closed)).toEqual([true, false]);
  feed.stop();
  feed.stop();
  clock.run(60_000);
  expect(sources).toHaveLength(2);
});
