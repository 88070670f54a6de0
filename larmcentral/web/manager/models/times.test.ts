import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import type { Office } from "./office";
import type { Query } from "./routes";
import { report } from "./testing/made";
import { Times } from "./times";

function times(answers: Record<string, number>) {
  const asked: Query[] = [];
  const response = async (query: Query) => {
    asked.push(query);
    return report({ alarms: answers[query.unit_id ?? ""] ?? 0 });
  };
  const office = { api: { response }, speech: { value: new Speech("en") } } as unknown as Office;
  return { asked, one: new Times(office) };
}

const unit = (id: string) => ({ id, name: `Unit ${id}`, committee_id: "c" });

test("one report is asked for what the address says", async () => {
  const { asked, one } = times({ "": 4 });
  await one.show({ from: "2026-11-01", unit: "u" });
  expect([asked, one.report.value.value?.alarms]).toEqual([[{ from_day: "2026-11-01", until_day: "", unit_id: "u" }], 0]);
});

test("units are compared over the same days, and those without an alarm are left out", async () => {
  const { asked, one } = times({ a: 3, c: 1 });
  await one.show({ from: "2026-11-01" });
  await one.compare([unit("a"), unit("b"), unit("c")]);
  expect(one.lines.value.map((line) => [line.unit, line.alarms])).toEqual([["Unit a", 3], ["Unit c", 1]]);
  expect(asked.every((query) => query.from_day === "2026-11-01")).toBe(true);
});

test("a comparison is forgotten when other days are chosen, also one that is under way", async () => {
  const { one } = times({ a: 3 });
  await one.show({});
  const comparing = one.compare([unit("a"), unit("a2")]);
  await one.show({ from: "2026-11-02" });
  await comparing;
  expect(one.lines.value).toEqual([]);
});
