import { expect, test } from "vitest";
import { START, at } from "../../shared/testing/made";
import type { SessionView } from "../../shared/shapes_work";
import { Speech } from "../words/speech";
import { NOTHING_YET, aloneRows, begun, missing } from "./alone";

const sv = new Speech("sv");
const session = (wish: Partial<SessionView> = {}): SessionView => ({
  id: "s",
  committee_id: "c",
  person_id: "anna",
  person: "Anna Lindqvist",
  phone: "070-174 06 05",
  place_id: "p",
  place: "Björkgatan 7",
  purpose: "Hembesök",
  memo: null,
  companions: [],
  started_at: at(-1200),
  check_in_due_at: null,
  ends_at: at(2400),
  answer_by: null,
  stage: "running",
  recording: false,
  ...wish,
});
const [shown] = [(wish: Partial<SessionView>) => aloneRows([session(wish)], START, sv)[0]];

test("a row counts down to what comes first, and says which that is", () => {
  expect(shown({})).toMatchObject({ tone: "calm", clock: "40:00", due: expect.stringContaining("slutar"), stage: "pågår" });
  expect(shown({ check_in_due_at: at(200) })).toMatchObject({ tone: "near", clock: "3:20", due: expect.stringContaining("incheckning") });
  expect(shown({ ends_at: null })).toMatchObject({ clock: "–", due: "inget avtalat", tone: "calm" });
});

test("whoever is missed is told apart in words and counts upwards", () => {
  expect(shown({ stage: "missed", check_in_due_at: at(-90) })).toMatchObject({ tone: "missed", clock: "+1:30", stage: "utebliven incheckning" });
  expect(shown({ stage: "lost_contact" })?.tone).toBe("missed");
  expect(shown({ stage: "welfare", answer_by: at(60) })).toMatchObject({ tone: "near", asked: true, due: expect.stringContaining("svar senast") });
});

test("the order is the server's, and what has ended is gone", () => {
  const rows = aloneRows([session({ id: "b", companions: ["Bo", "Eva"] }), session({ id: "a" }), session({ id: "c", stage: "ended" })], START, sv);
  expect(rows.map((row) => row.id)).toEqual(["b", "a"]);
  expect(rows[0]?.companions).toBe("med Bo och Eva");
});

test("a session begun for somebody needs a person, a purpose, and something to watch", () => {
  expect(missing({ ...NOTHING_YET, lasts: "" })).toEqual(["begin_who", "begin_purpose", "begin_end"]);
  const whole = { ...NOTHING_YET, personId: "anna", purpose: " Hembesök ", lasts: "90", every: "15" };
  expect(missing(whole)).toEqual([]);
  expect(begun(whole, START)).toEqual({ person_id: "anna", purpose: "Hembesök", place_id: null, ends_at: new Date(START + 5_400_000).toISOString(), check_in_every_s: 900, memo: null });
});
