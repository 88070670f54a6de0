import { expect, test } from "vitest";
import { START, at, incident } from "../../shared/testing/made";
import { Speech } from "../words/speech";
import { chainSteps, holdLeft, mates, seats, waits } from "./course";

const sv = new Speech("sv");
const seat = (user_id: string, load: number) => ({ user_id, name: user_id, since: at(0), seen_at: at(0), load });

test("it can be held ten minutes in all", () => {
  const able = (held_s: number) => waits(incident("a", { held_s }), sv).filter((one) => one.able).map((one) => one.words);
  expect(able(0)).toEqual(["1 min", "2 min", "5 min", "10 min"]);
  expect(able(301)).toEqual(["1 min", "2 min"]);
  expect([able(600), holdLeft(incident("a", { held_s: 700 }))]).toEqual([[], 0]);
});

test("it is offered to those at the desk who do not have it, the least burdened first", () => {
  const owned = incident("a", { owner: { user_id: "eva", name: "Eva" } });
  expect(seats(owned, [seat("bo", 3), seat("eva", 0), seat("me", 1)], "me", sv)).toEqual([
    { id: "me", name: "me (du tar över)", load: "1 i handen" },
    { id: "bo", name: "bo", load: "3 i handen" },
  ]);
});

test("it can go on in another open alarm of the same person and purpose, never a silent one in one that is not", () => {
  const anna = { person: incident("a").person };
  const offered = (one: ReturnType<typeof incident>, ...others: ReturnType<typeof incident>[]) => mates(one, others, START, sv).map((mate) => mate.id);
  const mine = incident("a", anna);
  expect(offered(mine, mine, incident("b", { ...anna, gravity: 2 }), incident("c"), incident("d", { ...anna, purpose: "drill" }), incident("e", { ...anna, state: "stood_down" }), incident("f", anna))).toEqual(["f", "b"]);
  expect(offered(incident("a", { ...anna, silent: true }), incident("b", anna), incident("c", { ...anna, silent: true }))).toEqual(["c"]);
});

test("alarms of nobody are of one device, or of one unknown account", () => {
  const of = (id: string | null, account: string) => ({ person: null, device: { id, protocol: "dc09", account, label: null, model: null, battery_pct: null, last_seen_at: null } });
  const offered = (one: ReturnType<typeof of>, other: ReturnType<typeof of>) => mates(incident("a", one), [incident("b", other)], START, sv).length;
  expect([offered(of("d", "1"), of("d", "2")), offered(of("d", "1"), of("e", "1"))]).toEqual([1, 0]);
  expect([offered(of(null, "1"), of(null, "1")), offered(of(null, "1"), of(null, "2"))]).toEqual([1, 0]);
  expect(mates(incident("a", { person: null, device: null }), [incident("b", { person: null, device: null })], START, sv)).toEqual([]);
});

test("each step of the chain can be gone to, and the one that runs says so", () => {
  expect(chainSteps(incident("a", { step: 1, steps: 3 }), sv).map((step) => [step.index, step.words])).toEqual([
    [0, "Steg 1"],
    [1, "Steg 2, pågår nu: kallas igen"],
    [2, "Steg 3"],
  ]);
});
