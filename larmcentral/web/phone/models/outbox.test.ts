import { expect, test } from "vitest";
import { Disk, House } from "./testing/house";

const CHECK_IN = { what: "check_in", method: "POST", url: "/api/me/session/check-in", body: { pin: null } } as const;
const END = { what: "end", method: "POST", url: "/api/me/session/end", body: { pin: "2468" } } as const;
const ALARM = { what: "alarm", rank: "alarm", method: "POST", url: "/api/me/signals", body: { kind: "panic" }, stamped: true } as const;

test("what is done without network waits in its order, and an alarm goes before it all", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.phone.outbox.put(CHECK_IN);
  await house.phone.outbox.put(END);
  await house.phone.outbox.put(ALARM);
  await house.run(2000);
  expect(house.phone.outbox.waiting.value.map((row) => row.what)).toEqual(["check_in", "end", "alarm"]);
  house.online = true;
  await house.run(6000);
  expect(house.told).toEqual(["panic", "session/check-in", "session/end"]);
  expect(house.phone.outbox.waiting.value).toEqual([]);
  expect(house.disk.rows.size).toBe(0);
});

test("two alarms go oldest first, and each says that it had to wait", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.phone.outbox.put({ ...ALARM, body: { kind: "fall" } });
  await house.phone.outbox.put(ALARM);
  await house.run(1000);
  house.online = true;
  await house.run(6000);
  expect(house.told).toEqual(["fall", "panic"]);
  expect(house.sent.map((one) => one.body.buffered)).toEqual([true, true]);
});

test("it tries every five seconds, and says how often and since when", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.phone.outbox.put(ALARM);
  await house.run(20_100);
  const [row] = house.phone.outbox.waiting.value;
  expect(row?.tries).toBe(5);
  expect((row?.tried_at ?? 0) - (row?.made_at ?? 0)).toBe(20_000);
});

test("an answer without the centre's receipt is no answer: a hotel's network says yes to everything", async () => {
  const house = await new House().opened();
  house.answers.set("POST /api/me/signals", () => null);
  await house.phone.outbox.put(ALARM);
  await house.run(1000);
  expect(house.phone.outbox.waiting.value.map((row) => row.what)).toEqual(["alarm"]);
  house.answers.clear();
  await house.run(6000);
  expect(house.phone.outbox.waiting.value).toEqual([]);
  expect(house.told).toEqual(["panic", "panic"]);
});

test("no page of a stranger ends an alarm, nor does a fault of the house that lasts", async () => {
  const house = await new House().opened();
  for (const [status, reason] of [[403, "http_403"], [401, "http_401"], [500, "internal"]] as const) {
    house.refuse("POST /api/me/signals", status, reason);
    await house.phone.outbox.put(ALARM);
    await house.run(40_000, 5000);
    expect(house.phone.outbox.waiting.value.map((row) => row.what)).toEqual(["alarm"]);
    house.refusals.clear();
    await house.run(6000);
    expect(house.phone.outbox.waiting.value).toEqual([]);
  }
});

test("tries without network do not count among the faults for which an act is given up", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.phone.outbox.put(CHECK_IN);
  await house.run(40_000, 5000);
  house.refuse("POST /api/me/session/check-in", 500, "internal");
  house.online = true;
  await house.run(6000);
  expect(house.phone.outbox.refused.value).toEqual([]);
  await house.run(40_000, 5000);
  expect(house.phone.outbox.refused.value.map((row) => row.what)).toEqual(["check_in"]);
});

test("what follows a covert alarm holds up nothing that is seen", async () => {
  const house = await new House().opened();
  house.lost.add("/api/me/signals");
  await house.phone.outbox.put({ ...ALARM, what: "position", rank: "act", covert: true, body: { kind: "position" } });
  await house.phone.outbox.put(CHECK_IN);
  await house.run(1000);
  expect(house.told).toEqual(["session/check-in"]);
});

test("a killed browser forgets nothing: the next start sends what the last one kept, with its own time", async () => {
  const disk = new Disk();
  const first = await new House(disk).opened();
  first.online = false;
  const row = await first.phone.outbox.put({ ...ALARM, body: { kind: "panic", event_at: "2026-11-22T02:00:00.000Z" } });
  await first.run(1000);
  const second = new House(disk, first.clock.now() + 242_000);
  await second.opened();
  await second.settle();
  expect(second.sent.map((one) => one.body)).toEqual([
    { kind: "panic", event_at: "2026-11-22T02:00:00.000Z", sent_at: new Date(second.clock.now()).toISOString(), buffered: true },
  ]);
  expect(disk.rows.has(row.id)).toBe(false);
});

test("what waits of another user is neither shown nor sent, and is still there", async () => {
  const disk = new Disk();
  const anna = await new House(disk).opened();
  anna.online = false;
  await anna.phone.outbox.put(CHECK_IN);
  const bosse = new House(disk);
  bosse.me = { ...bosse.me!, user_id: "u-bosse", name: "Bosse" };
  disk.memory.clear();
  await bosse.opened();
  expect(bosse.phone.outbox.waiting.value).toEqual([]);
  expect(bosse.sent).toEqual([]);
  expect(disk.rows.size).toBe(1);
});

test("a log-in that has ended keeps the queue, says so, and sends it after the next log-in", async () => {
  const house = await new House().opened();
  house.me = null;
  await house.phone.outbox.put(CHECK_IN);
  await house.settle();
  expect(house.phone.session.value).toBe("out");
  expect(house.phone.ended.value).toBe(true);
  expect(house.phone.outbox.told.value.length).toBe(1);
  house.me = { user_id: "u-anna", name: "Anna", role: "worker", person_id: "p", committees: [], language: "sv" };
  expect(await house.phone.logIn("anna", "x")).toBeNull();
  await house.settle();
  expect(house.told).toEqual(["session/check-in"]);
});

test("a refusal is shown with its reason until it is read, and does not hold up the rest", async () => {
  const house = await new House().opened();
  house.refuse("POST /api/me/session/check-in", 409, "no_session");
  const row = await house.phone.outbox.put(CHECK_IN);
  await house.phone.outbox.put(END);
  await house.settle();
  expect(house.told).toEqual(["session/end"]);
  expect(house.phone.outbox.refused.value.map((one) => one.refused?.problem.reason)).toEqual(["no_session"]);
  const later = await new House(house.disk).opened();
  expect(later.phone.outbox.refused.value.length).toBe(1);
  later.phone.outbox.dismiss(row.id);
  await later.settle();
  expect(later.phone.outbox.refused.value).toEqual([]);
  expect(house.disk.rows.size).toBe(0);
});

test("a refused PIN leaves the phone's disk at once", async () => {
  const house = await new House().opened();
  house.refuse("POST /api/me/session/end", 403, "wrong_pin");
  await house.phone.outbox.put(END);
  await house.settle();
  expect(JSON.stringify([...house.disk.rows.values()])).not.toContain("2468");
});

test("a house in trouble is asked again; a fault that stays is shown after five tries", async () => {
  const house = await new House().opened();
  house.refuse("POST /api/me/session/check-in", 503, "database");
  await house.phone.outbox.put(CHECK_IN);
  await house.run(60_000);
  expect(house.phone.outbox.waiting.value.length).toBe(1);
  house.refuse("POST /api/me/session/check-in", 500, "internal");
  await house.run(10_000);
  expect(house.phone.outbox.refused.value.length).toBe(1);
});

test("an alarm goes out although the phone's disk is broken, and that is said", async () => {
  const house = await new House().opened();
  house.disk.broken = true;
  await house.phone.outbox.put(ALARM);
  await house.settle();
  expect(house.told).toEqual(["panic"]);
  expect(house.phone.outbox.unkept.value).toBe(true);
});

test("the outcome is done, refused, or not known yet", async () => {
  const house = await new House().opened();
  const done = await house.phone.outbox.put(CHECK_IN);
  expect(await house.phone.outbox.outcome(done.id, 4000)).toBe("done");
  house.refuse("POST /api/me/session/end", 403, "wrong_pin");
  const refused = await house.phone.outbox.put(END);
  expect(await house.phone.outbox.outcome(refused.id, 4000)).toBe("refused");
  house.online = false;
  const waiting = await house.phone.outbox.put(CHECK_IN);
  const outcome = house.phone.outbox.outcome(waiting.id, 4000);
  await house.run(4000);
  expect(await outcome).toBe("waiting");
});
