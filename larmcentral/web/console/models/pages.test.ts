import { expect, test } from "vitest";
import { faultPage, opens, sections, tabs } from "./pages";

const who = (role: "worker" | "responder" | "operator" | "manager" | "admin", person_id: string | null = null) => ({ role, person_id });

test("each role is offered the pages that the server would give it", () => {
  expect(tabs(who("operator"))).toEqual(["queue", "devices", "unknown", "ways"]);
  expect(sections(who("operator"))).toEqual(["ways", "centres", "points"]);
  expect(sections(who("manager"))).toEqual(["ways", "centres", "texts", "points"]);
  expect(tabs(who("worker", "anna"))).toEqual(["queue", "points"]);
  expect(tabs(null)).toEqual([]);
});

test("somebody who is no person of the house and keeps nobody has no contact points to see", () => {
  expect(opens("points", who("responder"))).toBe(false);
  expect(opens("points", who("responder", "bosse"))).toBe(true);
  expect(opens("points", who("admin"))).toBe(true);
});

test("a fault of a way out leads to its page", () => {
  expect([faultPage("way_out_dead"), faultPage("receiver_unreachable"), faultPage("rota_gap")]).toEqual(["ways", "centres", undefined]);
});
