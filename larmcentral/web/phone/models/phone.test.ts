import { expect, test } from "vitest";
import { ANNA, Disk, House, IDLE } from "./testing/house";
import { pagesOf, routeOf } from "./routes";

test("without network the app opens as whoever was logged in last, and sends once the centre is heard", async () => {
  const disk = new Disk();
  await new House(disk).opened();
  const house = new House(disk);
  house.online = false;
  await house.opened();
  expect(house.phone.session.value).toBe("in");
  expect(house.phone.me.value?.name).toBe("Anna Lindqvist");
  await house.alarms.raise("panic");
  await house.run(1000);
  expect(house.sent).toEqual([]);
  house.online = true;
  await house.run(6000);
  expect(house.told).toEqual(["panic"]);
});

test("a session is remembered without network, and said to be remembered until the centre confirms it", async () => {
  const disk = new Disk();
  const first = new House(disk);
  first.work = { ...IDLE, shift_until: "2026-11-22T06:00:00Z" };
  await first.opened();
  const house = new House(disk);
  house.online = false;
  await house.opened();
  expect([house.duty.now.value?.shift_until, house.duty.remembered.value]).toEqual(["2026-11-22T06:00:00Z", true]);
  house.online = true;
  await house.run(31_000);
  expect([house.duty.now.value?.shift_until, house.duty.remembered.value]).toEqual([null, false]);
});

test("a log-in that the server does not know any more leads to the log-in page, which says so", async () => {
  const house = await new House().opened();
  house.me = null;
  await house.duty.fetch();
  expect([house.phone.session.value, house.phone.ended.value]).toEqual(["out", true]);
});

test("whoever works at a desk is told that this is not for him, and is not logged in", async () => {
  const house = new House();
  house.me = null;
  await house.opened();
  house.me = { ...ANNA, role: "operator" };
  expect(await house.phone.logIn("karin", "x")).toBe(house.phone.speech.value.say("not_a_phone_user"));
  expect(house.phone.session.value).toBe("out");
});

test("logging out leaves nothing of the person behind but what waits to be sent", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.visit.checkIn();
  await house.settle();
  house.online = true;
  expect(await house.phone.logOut()).toBeNull();
  expect([...house.disk.memory.keys()].filter((key) => key.startsWith("larm.phone"))).toEqual([]);
  expect(house.disk.rows.size).toBe(1);
});

test("a log-out that does not reach the server is no log-out", async () => {
  const house = await new House().opened();
  house.online = false;
  expect(await house.phone.logOut()).toBe("Logging out did not reach the server. You are still logged in.");
  expect(house.phone.session.value).toBe("in");
});

test("the screen says for how long the centre has been silent", async () => {
  const house = await new House().opened();
  expect(house.phone.silentMs.value).toBe(0);
  house.online = false;
  await house.run(20_000);
  expect(house.phone.silentMs.value).toBe(20_000);
  house.online = true;
  await house.run(9000);
  expect(house.phone.silentMs.value).toBe(0);
});

test("event times follow the centre's clock where the phone's own is wrong", async () => {
  const house = await new House().opened();
  house.feed("tick", { server_time: new Date(house.clock.now() + 300_000).toISOString(), ready: true });
  await house.alarms.raise("panic");
  await house.settle();
  expect(house.sent[0]?.body.event_at).toBe(new Date(house.clock.now() + 300_000).toISOString());
});

test("the address names the page; one that this role does not have is the alarm's", () => {
  const worker = pagesOf("worker");
  expect(routeOf("#/visit", worker)).toEqual({ page: "visit", rest: null });
  expect(routeOf("#/calls/i-1", worker)).toEqual({ page: "alarm", rest: null });
  expect(routeOf("#/calls/i-1", pagesOf("responder"))).toEqual({ page: "calls", rest: "i-1" });
  expect(routeOf("", worker).page).toBe("alarm");
  expect(pagesOf("operator")).toEqual([]);
});
