import { expect, test } from "vitest";
import { START, at, incident } from "../../shared/testing/made";
import type { DeskPicture } from "../../shared/shapes_desk";
import { Speech } from "../words/speech";
import { idleRows, leaving, seatRows } from "./seats";

const sv = new Speech("sv");
const seat = (id: string, name: string, load: number, seen = 0) => ({ user_id: id, name, since: at(-3600), seen_at: at(seen), load });
const picture = (...names: [string, number][]): DeskPicture => ({
  at: at(0),
  seats: names.map(([name, load]) => ({ user_id: name, name, since: at(-60), load, alarms_10_min: 3 })),
  opened_10_min: 0,
  untaken: 0,
  per_operator: 0,
  flood: false,
});
const taken = (id: string, by: string, wish = {}) => incident(id, { state: "acknowledged", owner: { user_id: by, name: by }, acknowledged_at: at(-90), ...wish });

test("whoever has most in hand stands first, with what lies idle and a screen that fell silent", () => {
  const open = [taken("a", "bo", { system_faults: ["owner_idle"] }), taken("b", "bo")];
  const rows = seatRows([seat("eva", "Eva", 0, -50), seat("bo", "Bo", 2)], picture(["bo", 2]), open, "bo", START, sv);
  expect(rows).toMatchObject([
    { name: "Bo", me: true, load: "2 i hand", rate: "tog 3 de senaste 10 min", idle: "1 taget utan att något görs", quiet: null },
    { name: "Eva", me: false, load: "0 i hand", rate: "tog 0 de senaste 10 min", idle: null, quiet: "skärmen tyst 50 s" },
  ]);
});

test("what was taken and left lying is listed with whose it is and since when", () => {
  expect(idleRows([taken("a", "Bo", { system_faults: ["owner_idle"] }), taken("b", "Bo"), incident("c", { system_faults: ["owner_idle"] })], START, sv)).toEqual([
    { id: "a", words: "Nödlarm: Anna a", owner: "Har Bo", since: "taget för 1 min sedan" },
  ]);
});

test("before one goes it is said what becomes of what one has in hand", () => {
  const open = [taken("a", "me"), taken("b", "bo"), incident("c")];
  expect(leaving(open, picture(["me", 1], ["bo", 2], ["eva", 0]), "me", sv)).toEqual({
    cases: [{ id: "a", words: "Nödlarm: Anna a" }],
    then: "De går till den som har minst i hand, just nu eva. Andra vid bordet: 2.",
  });
  expect(leaving(open, picture(["me", 1]), "me", sv)?.then).toBe("Ingen annan sitter vid bordet: larmen öppnas igen och kedjan går vidare.");
  expect(leaving(open, null, "me", sv)?.then).toContain("eller öppnas igen");
  expect(leaving(open, picture(), "eva", sv)).toBeNull();
});
