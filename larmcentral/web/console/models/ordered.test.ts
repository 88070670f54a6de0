import { expect, test } from "vitest";
import type { IncidentView } from "../../shared/shapes";
import { Ordered } from "./ordered";
import { at, incident } from "../../shared/testing/made";

const mapOf = (list: readonly IncidentView[]) => new Map(list.map((one) => [one.id, one]));
const ids = (list: ReturnType<Ordered["take"]>) => list.map((one) => one.incident.id);

test("what comes, changes and goes leaves the same order as sorting all of it anew", () => {
  const kept = new Ordered();
  const open = new Map<string, IncidentView>();
  let seed = 7;
  const chance = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below; // a fixed row of numbers: no test may differ from the last
  for (let turn = 0; turn < 400; turn++) {
    const id = `i${chance(60)}`;
    if (chance(4) === 0) open.delete(id);
    else open.set(id, incident(id, { gravity: 1 + chance(4), opened_at: at(-chance(900)), purpose: chance(9) === 0 ? "drill" : "real", version: turn }));
    expect(ids(kept.take(open))).toEqual(ids(new Ordered().take(mapOf([...open.values()].toReversed()))));
  }
});

test("nothing new is the very same list, so that nothing is drawn again", () => {
  const kept = new Ordered();
  const open = mapOf([incident("a"), incident("b")]);
  expect(kept.take(open)).toBe(kept.take(new Map(open)));
});

test("five thousand rows take a change without being sorted anew", () => {
  const list = Array.from({ length: 5000 }, (_, i) => incident(`i${i}`, { gravity: 1 + (i % 4), opened_at: at(-i) }));
  const open = mapOf(list);
  const kept = new Ordered();
  kept.take(open);
  open.set("i77", incident("i77", { gravity: 1, opened_at: at(-9999), version: 2 }));
  expect(kept.take(open)[0]?.incident.version).toBe(2);
  expect(kept.take(open)).toHaveLength(5000);
});
