import { expect, test } from "vitest";
import { KEYED, faultPage, keyed, opens, sections, tabs, under } from "./pages";

const who = (role: "worker" | "responder" | "operator" | "manager" | "admin", person_id: string | null = null) => ({ role, person_id });

test("each role is offered the pages that the server would give it", () => {
  expect(tabs(who("operator"))).toEqual(["queue", "desk", "alone", "reach", "devices", "ways"]);
  expect(sections("centres", who("operator"))).toEqual(["ways", "centres", "points"]);
  expect(sections("ways", who("manager"))).toEqual(["ways", "centres", "texts", "points"]);
  expect(sections("pool", who("operator"))).toEqual(["devices", "pool", "unknown"]);
  expect(sections("queue", who("operator"))).toEqual([]);
  expect(tabs(who("worker", "anna"))).toEqual(["queue", "points"]);
  expect(tabs(null)).toEqual([]);
});

test("somebody who is no person of the house and keeps nobody has no contact points to see", () => {
  expect(opens("points", who("responder"))).toBe(false);
  expect(opens("points", who("responder", "bosse"))).toBe(true);
  expect(opens("points", who("admin"))).toBe(true);
});

test("a fault leads to the page where one sees what it is about", () => {
  expect([faultPage("way_out_dead"), faultPage("receiver_unreachable"), faultPage("rota_gap")]).toEqual(["ways", "centres", "reach"]);
});

test("a page that shares a tab lights that tab", () => {
  const me = who("operator");
  expect([under("devices", "pool", me), under("ways", "points", me), under("queue", "pool", me), under("desk", "desk", me)]).toEqual([true, true, false, true]);
});

test("a figure key leads to the same page for everybody, or to the nearest that he may see", () => {
  expect(KEYED.map((page) => keyed(page, who("operator")))).toEqual([...KEYED]);
  expect(KEYED.map((page) => keyed(page, who("worker", "anna")))).toEqual(["queue", undefined, undefined, undefined, undefined, undefined, undefined, "points"]);
});
