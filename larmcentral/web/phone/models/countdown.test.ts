import { expect, test } from "vitest";
import { House, IDLE } from "./testing/house";

const counting = (house: House, leftMs = 30_000) => ({
  ...IDLE,
  pre_alarm: { kind: "fall" as const, began_at: new Date(house.clock.now()).toISOString(), alarm_at: new Date(house.clock.now() + leftMs).toISOString() },
});

test("a fall that is felt is told to the centre at once, and the screen counts thirty seconds", async () => {
  const house = await new House().opened();
  await house.countdown.begin("fall");
  await house.settle();
  expect(house.sent[0]).toMatchObject({ url: "/api/me/pre-alarm", body: { kind: "fall" } });
  expect(house.countdown.picture.value).toMatchObject({ kind: "fall", leftMs: 30_000, counted: false });
});

test("without network the phone itself sends the alarm when the time is up, as confirmed", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.countdown.begin("no_motion");
  await house.run(29_500);
  expect(house.phone.outbox.waiting.value.map((row) => row.what)).toEqual(["pre_alarm"]);
  await house.run(1000);
  expect(house.phone.outbox.waiting.value.map((row) => row.what)).toEqual(["pre_alarm", "alarm"]);
  expect(house.countdown.picture.value).toBeNull();
  expect(house.phone.route.value.page).toBe("alarm");
  house.online = true;
  await house.run(6000);
  expect(house.sent[0]?.body).toMatchObject({ kind: "no_motion", confirmed: true, buffered: true });
});

test("where the centre counts, its count decides and the phone sends nothing of its own", async () => {
  const house = await new House().opened();
  house.work = counting(house);
  await house.countdown.begin("fall");
  await house.run(10_500);
  expect(house.countdown.picture.value?.counted).toBe(true);
  await house.run(20_500);
  house.work = { ...IDLE, alarms: [{ id: "i", kind: "fall", purpose: "real", opened_at: new Date(house.clock.now()).toISOString(), stage: "received" }] };
  await house.run(6000);
  expect(house.told).toEqual(["fall"]);
  expect(house.alarms.call.value?.stage).toBe("received");
});

test("a PIN that the centre takes ends it; a wrong one is said on the pad and the time goes on", async () => {
  const house = await new House().opened();
  house.work = counting(house);
  await house.countdown.begin("fall");
  await house.run(2000);
  house.refuse("POST /api/me/pre-alarm/cancel", 403, "wrong_pin");
  await house.countdown.cancel("1111");
  expect(house.countdown.refusal.value).toBe("Wrong PIN.");
  expect(house.countdown.picture.value).not.toBeNull();
  expect(house.phone.outbox.refused.value).toEqual([]);
  house.refusals.clear();
  house.work = IDLE;
  await house.countdown.cancel("2468");
  expect(house.countdown.picture.value).toBeNull();
});

test("a PIN without network quiets the phone and is judged by the centre when it is heard again", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.countdown.begin("fall");
  const cancelled = house.countdown.cancel("8642");
  await house.run(5000);
  await cancelled;
  expect(house.countdown.picture.value).toBeNull();
  await house.run(30_000);
  expect(house.phone.outbox.waiting.value.map((row) => row.what)).toEqual(["pre_alarm", "cancel"]);
  house.online = true;
  await house.run(6000);
  expect(house.sent.map((one) => one.url)).toEqual(["/api/me/pre-alarm", "/api/me/pre-alarm/cancel"]);
});

test("a PIN that turns out wrong when the centre hears of it brings the centre's count back on the screen", async () => {
  const house = await new House().opened();
  house.online = false;
  await house.countdown.begin("fall");
  const cancelled = house.countdown.cancel("1111");
  await house.run(60_000);
  await cancelled;
  house.refuse("POST /api/me/pre-alarm/cancel", 403, "wrong_pin");
  house.work = counting(house);
  house.online = true;
  await house.run(9000);
  expect(house.countdown.picture.value?.counted).toBe(true);
  expect(house.phone.outbox.refused.value.map((row) => row.what)).toEqual(["cancel"]);
});

test("help wanted now does not wait: through the centre's own count, or as an alarm where it does not count", async () => {
  const house = await new House().opened();
  house.work = counting(house);
  await house.countdown.begin("fall");
  await house.run(10_500);
  await house.countdown.confirm();
  expect(house.sent.map((one) => one.url)).toEqual(["/api/me/pre-alarm", "/api/me/pre-alarm/confirm"]);
  const alone = await new House().opened();
  alone.online = false;
  await alone.countdown.begin("fall");
  await alone.countdown.confirm();
  expect(alone.phone.outbox.waiting.value.map((row) => row.what)).toEqual(["pre_alarm", "alarm"]);
});

test("a pre-alarm that the centre refuses is counted by the phone alone, and leads to an alarm all the same", async () => {
  const house = await new House().opened();
  house.refuse("POST /api/me/pre-alarm", 422, "invalid");
  await house.countdown.begin("man_down");
  await house.run(31_000);
  expect(house.told).toEqual(["man_down"]);
});
