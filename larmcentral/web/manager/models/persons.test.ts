import { expect, test } from "vitest";
import { named } from "./persons";

const all = ["Anna Ek", "Bo Ek"].map((name, index) => ({ id: name, name, committee_id: "c", unit: index === 0 ? "Nord" : null }));

test("every word must stand somewhere in name or unit", () => {
  expect(named(all, "ek NORD").map((one) => one.name)).toEqual(["Anna Ek"]);
  expect(named(all, " ")).toHaveLength(2);
  expect(named(all, "x")).toEqual([]);
});
