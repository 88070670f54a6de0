import { expect, test } from "vitest";
import type { OwnWork } from "../../shared/shapes_work";
import { House, IDLE } from "./testing/house";

const at_work = (pin_set = true): OwnWork => ({
  ...IDLE,
  pin_set,
  session: {
    place_id: null,
    place: null,
    purpose: "x",
    companions: [],
    started_at: "2026-11-22T02:00:00Z",
    check_in_every_s: null,
    shortened: false,
    check_in_due_at: null,
    ends_at: null,
    answer_by: null,
    stage: "running",
  },
});

async function working(pin_set = true): Promise<House> {
  const house = new House();
  house.work = at_work(pin_set);
  await house.opened();
  await house.run(500);
  return house;
}

test("in a session a fall that the phone feels begins a countdown", async () => {
  const house = await working();
  let at = 0;
  for (const [ms, g] of [[300, 0.1], [40, 3], [10_100, 1]] as const) {
    for (const end = at + ms; at < end; at += 20) house.jolt({ at, x: 0, y: 0, z: g });
  }
  await house.settle();
  expect(house.countdown.picture.value?.kind).toBe("fall");
});

test("stillness is asked about after the minutes chosen, and not at all where none are", async () => {
  const house = await working();
  house.watching.stillMin.value = 0;
  for (let at = 0; at <= 700_000; at += 1000) house.jolt({ at, x: 0, y: 0, z: 1 });
  expect(house.countdown.picture.value).toBeNull();
  house.watching.stillMin.value = 2;
  for (let at = 700_000; at <= 821_000; at += 1000) house.jolt({ at, x: 0, y: 0, z: 1 });
  await house.settle();
  expect(house.countdown.picture.value?.kind).toBe("no_motion");
});

test("without a session, or without a PIN to cancel with, nothing is felt", async () => {
  expect((await working(false)).watching.feels.value).toBe(false);
  const idle = await new House().opened();
  await idle.run(500);
  expect(idle.watching.on.value).toBe(false);
});

test("the position goes to the centre once a minute while a session runs, and no longer", async () => {
  const house = await working();
  const fix = { lat: 61, lon: 14, accuracy_m: 9 };
  for (let i = 0; i < 130; i++) {
    house.positionListener?.(fix);
    await house.run(1000, 1000);
  }
  expect(house.told).toEqual(["position", "position", "position"]);
  expect(house.disk.rows.size).toBe(0);
  house.work = IDLE;
  await house.run(11_000);
  expect(house.positionListener).toBeNull();
});
