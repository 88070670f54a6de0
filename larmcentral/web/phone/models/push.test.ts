import { expect, test } from "vitest";
import { BO, point, Responder } from "./testing/responder";

const HOUR_MS = 3_600_000;

async function on(bo = new Responder()): Promise<Responder> {
  await bo.opened();
  await bo.house.run(1000);
  await bo.push.turnOn();
  bo.points = bo.points.map((one) => ({ ...one, verified_at: "2026-11-22T02:00:01Z", health: "reached" as const }));
  bo.push.said({ what: "proven" });
  await bo.house.settle();
  return bo;
}

test("until its owner asks for it a phone is not subscribed, and it says how else the centre reaches him", async () => {
  const bo = new Responder();
  bo.points = [point("s", { channel: "sms" }), point("v", { channel: "voice", retired_at: "2026-11-01T00:00:00Z" })];
  await bo.opened();
  await bo.house.run(1000);
  expect([bo.push.state.value, bo.door.made, bo.push.others.value]).toEqual(["off", 0, ["sms"]]);
});

test("turned on: subscribed with the house's key, added, and proven by what comes back through the push", async () => {
  const bo = new Responder();
  await bo.opened();
  await bo.house.run(1000);
  await bo.push.turnOn();
  expect([bo.push.state.value, bo.door.key]).toEqual(["unproven", "key-1"]);
  expect(bo.sent).toEqual(["POST /api/me/points", `POST /api/me/points/${bo.points[0]?.id}/proof`]);
  bo.points = bo.points.map((one) => ({ ...one, verified_at: "2026-11-22T02:00:01Z", health: "reached" as const }));
  bo.push.said({ what: "proven" });
  await bo.house.settle();
  expect(bo.push.state.value).toBe("on");
});

test("refused by its owner it is said to be denied, and nothing is added", async () => {
  const bo = new Responder();
  bo.door.leaves = "ask";
  bo.door.will = "denied";
  await bo.opened();
  await bo.house.run(1000);
  await bo.push.turnOn();
  expect([bo.push.state.value, bo.sent]).toEqual(["denied", []]);
});

test("a browser that cannot, an iPhone's page and a house without a key are each said plainly", async () => {
  for (const [can, key, state] of [
    ["missing", "key-1", "missing"],
    ["home_screen", "key-1", "home_screen"],
    ["able", null, "no_key"],
  ] as const) {
    const bo = new Responder();
    bo.door.can = can;
    bo.house.answers.set("GET /api/setup", () => ({ organisation: "o", map: null, push_key: key, call_back: null }));
    await bo.opened();
    await bo.house.run(1000);
    expect(bo.push.state.value).toBe(state);
  }
});

test("each hour it is compared with the server's, and a point that was taken away is added again", async () => {
  const bo = await on();
  const first = bo.points[0]?.id;
  bo.points = [point(String(first), { retired_at: "2026-11-22T02:10:00Z" })];
  await bo.house.run(HOUR_MS + 1000, 250_000);
  expect(bo.sent.filter((one) => one === "POST /api/me/points").length).toBe(2);
  expect(bo.points.length).toBe(2);
});

test("a subscription that the browser has replaced is told to the server", async () => {
  const bo = await on();
  bo.door.address = "address-2";
  const first = bo.points[0]?.id;
  bo.push.said({ what: "subscribed" });
  await bo.house.settle();
  expect(bo.house.sent.filter((one) => one.url === "/api/me/points").map((one) => one.body.address)).toEqual(["address-1", "address-2"]);
  expect(bo.sent).toContain(`DELETE /api/me/points/${first}`); // a chain does not wait for a dead address
});

test("a server that does not answer changes nothing of what was known, and is asked again in a minute", async () => {
  const bo = await on();
  let asked = 0;
  bo.house.online = false;
  await bo.push.look();
  expect(bo.push.state.value).toBe("on");
  bo.house.online = true;
  bo.house.answers.set("GET /api/me/points", () => (asked++, bo.points));
  await bo.house.run(62_000, 10_000);
  expect(asked).toBeGreaterThan(0);
});

test("logged out, the phone is no longer reached: the point is removed while the log-in stands, the subscription ended", async () => {
  const bo = await on();
  const id = bo.points[0]?.id;
  await bo.house.phone.logOut();
  expect(bo.sent.slice(-1)).toEqual([`DELETE /api/me/points/${id}`]);
  expect([bo.door.dropped, bo.push.state.value]).toEqual([1, "looking"]);
});

test("a log-out that does not reach the server leaves the phone reached, as its owner is still logged in", async () => {
  const bo = await on();
  bo.house.online = false;
  expect(await bo.house.phone.logOut()).not.toBeNull();
  expect([bo.door.dropped, bo.push.state.value, bo.house.phone.session.value]).toEqual([0, "on", "in"]);
});

test("another person on the same phone does not get the calls of whoever had it before", async () => {
  const bo = await on();
  const other = new Responder(bo.disk);
  other.house.me = { ...BO, user_id: "u-eva", person_id: "p-Eva" };
  await other.opened();
  await other.house.run(1000);
  expect([other.door.dropped, other.push.state.value]).toEqual([1, "off"]);
});

test("a test is said to have arrived when the worker has it, and not before", async () => {
  const bo = await on();
  await bo.push.test();
  expect([bo.push.tested.value, bo.sent.at(-1)]).toEqual(["asked", `POST /api/me/points/${bo.points[0]?.id}/test`]);
  bo.push.said({ what: "pushed", about: "alarm" });
  expect(bo.push.tested.value).toBe("asked");
  bo.push.said({ what: "pushed", about: "service" });
  expect(bo.push.tested.value).toBe("arrived");
});

test("a proof that the server refuses is told in words, and the point stays unproven", async () => {
  const bo = new Responder();
  await bo.opened();
  await bo.house.run(1000);
  await bo.push.turnOn();
  bo.house.refuse(`POST /api/me/points/${bo.points[0]?.id}/proof`, 429, "too_many", { seconds: "40" });
  await bo.push.test();
  expect(bo.push.refusal.value).toContain("40");
  expect([bo.push.state.value, bo.push.tested.value]).toEqual(["unproven", "none"]);
});

test("turned off, nothing arrives here any more", async () => {
  const bo = await on();
  await bo.push.turnOff();
  expect([bo.push.state.value, bo.door.dropped, bo.sent.at(-1)?.startsWith("DELETE")]).toEqual(["off", 1, true]);
  await bo.house.run(HOUR_MS + 1000, 250_000);
  expect(bo.push.state.value).toBe("off");
});
