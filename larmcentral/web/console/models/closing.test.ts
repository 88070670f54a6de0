import { expect, test } from "vitest";
import type { ClosingForm } from "../../shared/shapes_plans";
import { incident } from "../../shared/testing/made";
import { answered, faultsOf, missing, questions } from "./closing";

const injury = { key: "injury", choices: ["none", "minor"], note_for: [] };
const police = { key: "police_report", choices: ["made", "not_made"], note_for: ["not_made"] };
const FORMS: ClosingForm[] = [{ kinds: ["panic"], outcome: "real", fields: [injury, police] }];
const given = (...pairs: [string, string, string?][]) => new Map(pairs.map(([key, choice, note = ""]) => [key, { choice, note }]));

test("only a real alarm of a kind that has a form is asked, and only once its outcome is chosen", () => {
  const keys = (wish: Parameters<typeof incident>[1], outcome: "real" | "false" | null) => questions(FORMS, incident("a", wish), outcome).map((field) => field.key);
  expect(keys({}, "real")).toEqual(["injury", "police_report"]);
  expect(keys({}, null)).toEqual([]);
  expect(keys({}, "false")).toEqual([]);
  expect(keys({ purpose: "drill" }, "real")).toEqual([]);
  expect(keys({ kind: "low_battery" }, "real")).toEqual([]);
});

test("what is missing is said by question, in the order they are asked", () => {
  expect([...missing([injury, police], new Map())]).toEqual([["injury", "missing"], ["police_report", "missing"]]);
  expect([...missing([injury, police], given(["injury", "none"], ["police_report", "not_made", "  "]))]).toEqual([["police_report", "note"]]);
  expect([...missing([injury], given(["injury", "of_another_outcome"]))]).toEqual([["injury", "missing"]]);
  expect(missing([injury, police], given(["injury", "none"], ["police_report", "made"])).size).toBe(0);
});

test("answers to questions of an outcome that was chosen before are not sent, nor words that nobody asked for", () => {
  const all = given(["injury", "minor", "left over"], ["cause", "misread"], ["police_report", "not_made", " Vill inte "]);
  expect(answered([injury, police], all)).toEqual([
    { key: "injury", choice: "minor", note: "" },
    { key: "police_report", choice: "not_made", note: "Vill inte" },
  ]);
});

test("the server's own faults are read, and words it does not use are left aside", () => {
  expect([...faultsOf({ injury: "missing", sent: "note", other: "strange" })]).toEqual([["injury", "missing"], ["sent", "note"]]);
});
