import { expect, test } from "vitest";
import type { PersonChoice } from "../../shared/shapes_registers";
import { found } from "./persons";

const person = (name: string, unit: string | null = "Hemtjänsten Norr"): PersonChoice => ({ id: name, name, unit, committee_id: "c" });

test("every word of the search must stand in the name or the unit", () => {
  const all = [person("Anna Ek"), person("Anna Lind", "Boendestöd"), person("Bo Ek", null)];
  expect(found(all, "anna  norr").first.map((one) => one.name)).toEqual(["Anna Ek"]);
  expect(found(all, "ek").first.map((one) => one.name)).toEqual(["Anna Ek", "Bo Ek"]);
  expect(found(all, "zz")).toEqual({ first: [], more: 0 });
});

test("what is more than a glance takes in is counted", () => {
  const all = Array.from({ length: 9 }, (_, i) => person(`Anna ${i}`));
  expect([found(all, "anna").first.length, found(all, "anna").more]).toEqual([6, 3]);
});
