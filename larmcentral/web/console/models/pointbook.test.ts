import { beforeEach, expect, test } from "vitest";
import { Unreachable } from "../../shared/api";
import { FakeClock } from "../../shared/clock";
import { Speech } from "../words/speech";
import type { PointView } from "../../shared/shapes_points";
import { PointBook, type PointsApi } from "./pointbook";
import { byPerson, living, point } from "./points";
import { START, at } from "../../shared/testing/made";
import { message, pointView, refused, settle } from "./testing/ways";

const sv = new Speech("sv");
let clock: FakeClock;
let asked: string[];
let points: PointView[];
let refuse: Error | null;
let book: PointBook;

const api = {
  points: async () => {
    if (refuse) throw refuse;
    return points;
  },
  addPoint: async (_: unknown, body: { id: string; channel: string; address: string; label?: string }) => {
    asked.push(`add ${body.id} ${body.channel} ${body.address} ${body.label}`);
    if (body.address === "07") throw refused(422, "invalid", { address: "not_a_number" });
    points = [...points, pointView(body.id, { rank: 9 })];
    return { id: body.id };
  },
  orderPoints: async (_: unknown, body: { ids: readonly string[] }) => {
    asked.push(`order ${body.ids.join(" ")}`);
    points = body.ids.map((id, rank) => pointView(id, { rank }));
    return null;
  },
  removePoint: async (_: unknown, id: string) => (asked.push(`remove ${id}`), (points = points.filter((p) => p.id !== id)), { left: points.length }),
  askProof: async () => ({ message_id: "m", by: "code", expires_at: at(600) }),
  giveCode: async (_: unknown, id: string, body: { code: string }) => {
    asked.push(`code ${id} ${body.code}`);
    if (body.code !== "123456") throw refused(409, "wrong_code", { left: "4" });
    return null;
  },
  testPoint: async (_: unknown, id: string) => (asked.push(`test ${id}`), { message_id: "m" }),
  seenTest: async (id: string, body: { message_id: string }) => (asked.push(`seen ${id} ${body.message_id}`), null),
  message: async () => message({ state: "delivered" }),
} as unknown as PointsApi;

beforeEach(async () => {
  [clock, asked, refuse] = [new FakeClock(START), [], null];
  points = [pointView("b", { rank: 1 }), pointView("a"), pointView("c", { rank: 2 }), pointView("old", { retired_at: at(-60), health: "retired" })];
  book = new PointBook(api, clock, "mine", () => "new");
  await book.load();
});

test("points are moved by one place, the ends stay ends, and what is gone is no part of the order", async () => {
  expect(await book.move("b", -1)).toBe(true);
  expect(asked).toEqual(["order b a c"]);
  expect(living(book.points.value ?? []).map((p) => p.id)).toEqual(["b", "a", "c"]);
  expect(await book.move("b", -1)).toBe(false);
  expect(await book.move("c", 1)).toBe(false);
});

test("removing takes two presses, and the last one gone is said", async () => {
  points = [pointView("a")];
  await book.load();
  expect(await book.remove("a")).toBe(false);
  expect(book.armed.value).toBe("a");
  clock.run(4000);
  expect(book.armed.value).toBeNull();
  await book.remove("a");
  expect(await book.remove("a")).toBe(true);
  expect([asked, book.left.value]).toEqual([["remove a"], 0]);
});

test("a point is added under an id of our own, and a refused one is not there", async () => {
  expect(await book.add("sms", " 07 ", "")).toBe(false);
  expect(book.errand.denied.value?.problem?.fields.address).toBe("not_a_number");
  expect(await book.add("sms", "+46 70 174 06 05", " jobb ")).toBe(true);
  expect(asked.at(-1)).toBe("add new sms +46 70 174 06 05 jobb");
  expect(book.points.value?.some((p) => p.id === "new")).toBe(true);
});

test("a proof stays open until the right code was given", async () => {
  await book.askProof("a");
  expect(book.proof.value?.asked.by).toBe("code");
  expect(await book.giveCode("1")).toBe(false);
  expect(book.proof.value).not.toBeNull();
  expect(await book.giveCode(" 123456 ")).toBe(true);
  expect([book.proof.value, asked]).toEqual([null, ["code a 1", "code a 123456"]]);
});

test("what came back from a test is looked up in the list, and may be said to be seen", async () => {
  points = [pointView("a", { health: "reached" })];
  await book.test("a");
  await settle();
  expect(book.points.value?.[0]?.health).toBe("reached");
  expect(await book.seen()).toBe(true);
  expect(asked).toEqual(["test a", "seen a m"]);
});

test("a list that cannot be fetched keeps what was there", async () => {
  refuse = new Unreachable("/");
  await book.load();
  expect([book.failed.value?.problem, book.points.value?.length]).toEqual([null, 4]);
});

test("each point tells whether it ever worked, why not, and whether it is proven", () => {
  const told = (wish: Partial<PointView>) => {
    const seen = point(pointView("a", wish), START, sv);
    return `${seen.address}: ${seen.health}, ${seen.proof}`;
  };
  expect(told({})).toBe("+46701740605: aldrig nådd, obekräftad");
  expect(told({ health: "reached", last_reached_at: at(-120), verified_at: at(-60) })).toBe(`+46701740605: nådd för 2 min sedan, bekräftad ${sv.time(at(-60))}`);
  expect(told({ health: "failing", last_failed_at: at(-60), last_failed_why: "no_answer" })).toBe("+46701740605: misslyckades för 1 min sedan: inget svar, obekräftad");
  expect(told({ address: null, health: "retired", retired_at: at(-60), retired_why: "not registered" })).toBe("appens egen nyckel: borta för 1 min sedan: not registered, obekräftad");
});

test("troubled points are gathered by person in the server's order", () => {
  const people = byPerson([pointView("1", { person_id: "b", person: "Bo" }), pointView("2"), pointView("3", { person_id: "b", person: "Bo" })], START, sv);
  expect(people.map((one) => `${one.name} ${one.points.length}`)).toEqual(["Bo 2", "Anna 1"]);
});
