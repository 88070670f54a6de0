import { expect, test } from "vitest";
import type { OwnAlarm } from "../../shared/shapes_work";
import { Disk, House, IDLE } from "./testing/house";
import { HOLD_MS } from "./hold";
import { BUZZES, COVERT_BUZZ, type Stage } from "./signs";

const own = (stage: OwnAlarm["stage"], wish: Partial<OwnAlarm> = {}): OwnAlarm => ({
  id: "i-1",
  kind: "panic",
  purpose: "real",
  opened_at: "2026-11-22T02:00:03Z",
  stage,
  ...wish,
});

/** All that a screen could show of a phone: what its views read. */
const screen = ({ phone, alarms, duty, visit, countdown, own: mine }: House) =>
  JSON.stringify([
    phone.outbox.waiting.value,
    phone.outbox.told.value,
    phone.outbox.refused.value,
    phone.outbox.unkept.value,
    phone.session.value,
    phone.silentMs.value,
    phone.route.value,
    alarms.call.value,
    alarms.ring.value,
    alarms.overAt.value,
    alarms.hold.early.value,
    duty.now.value,
    visit.reminder.value,
    countdown.picture.value,
    mine.tested.value,
  ]);

test("three seconds on the button call for help; what was pressed has its own id, time and battery", async () => {
  const house = await new House().opened();
  const pressedAt = house.clock.now() + HOLD_MS;
  house.alarms.hold.press();
  await house.run(HOLD_MS, 50);
  await house.settle();
  expect(house.sent[0]).toMatchObject({
    method: "POST",
    url: "/api/me/signals",
    body: { kind: "panic", silent: false, confirmed: true, battery_pct: 80, event_at: new Date(pressedAt).toISOString(), buffered: false },
  });
});

test("let go before that nothing is sent, and the screen says so", async () => {
  const house = await new House().opened();
  house.alarms.hold.press();
  await house.run(2900, 50);
  house.alarms.hold.release();
  await house.run(5000);
  expect(house.sent).toEqual([]);
  expect(house.alarms.hold.early.value).toBe(true);
  expect(house.alarms.call.value).toBeNull();
});

test("stored, sent, received and taken are told apart, each when it is true and not before", async () => {
  const house = await new House().opened();
  const stages: (Stage | undefined)[] = [];
  house.online = false;
  await house.alarms.raise("panic");
  await house.run(2500);
  stages.push(house.alarms.call.value?.stage);
  house.lost.add("/api/me/signals");
  house.online = true;
  await house.run(5000);
  stages.push(house.alarms.call.value?.stage);
  house.lost.clear();
  house.work = { ...IDLE, alarms: [own("received")] };
  await house.run(5000);
  stages.push(house.alarms.call.value?.stage);
  house.work = { ...IDLE, alarms: [own("taken")] };
  await house.run(3500);
  stages.push(house.alarms.call.value?.stage);
  expect(stages).toEqual(["stored", "sent", "received", "taken"]);
  const told = (["stored", "sent", "received", "taken"] as const).map((stage) => house.buzzes.filter((one) => one === BUZZES[stage]).length);
  expect(told[0]).toBe(1);
  expect(told.slice(2)).toEqual([1, 1]);
  expect(told[1]).toBeGreaterThanOrEqual(1);
});

test("the steps say when each was reached, and which is waited for", async () => {
  const house = await new House().opened();
  await house.alarms.raise("panic");
  await house.settle();
  const call = house.alarms.call.value;
  expect(call?.steps.map((step) => step.state)).toEqual(["done", "done", "now"]);
  expect(call?.steps[1]?.at).toBe(house.clock.now());
});

test("the four buzzes differ", () => {
  expect(new Set(Object.values(BUZZES).map(String)).size).toBe(4);
});

test("after ten seconds in vain the desk's telephone is offered, and not before", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.alarms.raise("panic");
  await house.run(4000);
  expect(house.alarms.ring.value).toBe(false);
  await house.run(7000);
  expect(house.alarms.ring.value).toBe(true);
});

test("a position that is known goes with the alarm; a better one follows as a signal of its own", async () => {
  const house = await new House().opened();
  house.position = { lat: 61.2, lon: 14, accuracy_m: 40 };
  await house.alarms.raise("panic");
  house.positionListener?.({ lat: 61.2001, lon: 14, accuracy_m: 6 });
  await house.settle();
  expect(house.told).toEqual(["panic", "position"]);
  expect(house.sent[0]?.body.position).toEqual({ lat: 61.2, lon: 14, accuracy_m: 40 });
  expect(house.sent[1]?.body.position).toEqual({ lat: 61.2001, lon: 14, accuracy_m: 6 });
  await house.run(61_000);
  expect(house.positionListener).toBeNull();
});

test("when the centre stands it down the screen says that it is over", async () => {
  const house = await new House().opened();
  house.work = { ...IDLE, alarms: [own("received")] };
  await house.alarms.raise("panic");
  await house.settle();
  house.work = IDLE;
  await house.run(3500);
  expect(house.alarms.call.value).toBeNull();
  expect(house.alarms.overAt.value).not.toBeNull();
  await house.run(61_000);
  expect(house.alarms.overAt.value).toBeNull();
});

test("a drill of one's own is marked as one", async () => {
  const house = new House();
  house.work = { ...IDLE, alarms: [own("received", { purpose: "drill" })] };
  await house.opened();
  expect(house.alarms.drill.value).toBe(true);
});

test("a covert alarm goes out as panic and silent, and one very short buzz is all there is", async () => {
  const house = await new House().opened();
  await house.alarms.covert();
  await house.settle();
  expect(house.sent[0]?.body).toMatchObject({ kind: "panic", silent: true });
  expect(house.buzzes).toEqual([COVERT_BUZZ]);
});

test("beside a covert alarm the screen is the same as without it: online, offline, refused, answered, after a reload", async () => {
  const scenes: ((house: House) => Promise<void>)[] = [
    async (house) => house.run(6000),
    async (house) => {
      house.online = false;
      await house.run(22_000);
      house.online = true;
      await house.run(6000);
    },
    async (house) => {
      house.refuse("POST /api/me/signals", 422, "invalid");
      await house.run(6000);
    },
    async (house) => {
      house.refuse("POST /api/me/signals", 401, "session_over");
      await house.run(6000);
    },
    async (house) => {
      house.disk.broken = true;
      await house.run(6000);
    },
  ];
  for (const scene of scenes) {
    const seen: string[] = [];
    for (const covert of [false, true]) {
      const disk = new Disk();
      const house = await new House(disk).opened();
      // Something visible waits too: its tries, its order and its count must not tell.
      house.online = false;
      await house.phone.outbox.put({ id: "c", what: "check_in", method: "POST", url: "/api/me/session/check-in", body: { pin: null } });
      if (covert) await house.alarms.covert();
      const first = screen(house);
      await scene(house);
      const again = new House(disk, house.clock.now());
      again.online = house.online;
      await again.opened();
      seen.push([first, screen(house), screen(again)].join("\n"));
    }
    expect(seen[1]).toBe(seen[0]);
  }
});
