import { expect, test } from "vitest";
import { hashOf, keeps, pagesOf, routeOf } from "./routes";

const ALL = pagesOf("manager");

test("an address keeps page, incident and what was chosen, both ways", () => {
  const hash = hashOf("incidents", "a/b", { kind: "panic", text: "Åsa & co", outcome: "" });
  expect(hash).toBe("#/incidents/a%2Fb?kind=panic&text=%C3%85sa+%26+co");
  expect(routeOf(hash, ALL)).toEqual({ page: "incidents", id: "a/b", query: { kind: "panic", text: "Åsa & co" } });
});

test("an address that is not known, or not this user's, leads to the incidents", () => {
  expect(routeOf("#/nothing/7", ALL)).toEqual({ page: "incidents", id: null, query: {} });
  expect(routeOf("#/people/7", pagesOf("operator")).page).toBe("incidents");
  expect(routeOf("", ALL).page).toBe("incidents");
});

test("an address that was cut short by a mail is no fault", () => {
  expect(routeOf("#/incidents/%E2%82", ALL).id).toBe("%E2%82");
});

test("managers and the administration have every page, operators all but people, and nobody else any", () => {
  expect(pagesOf("admin")).toEqual(ALL);
  expect(pagesOf("operator")).toEqual(["incidents", "response", "fleet", "plans"]);
  expect([pagesOf("worker"), pagesOf("responder"), pagesOf(undefined)]).toEqual([[], [], []]);
  expect([keeps("manager"), keeps("admin"), keeps("operator")]).toEqual([true, true, false]);
});
