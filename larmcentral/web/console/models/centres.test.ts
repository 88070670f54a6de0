import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import type { BeatView, PathView } from "../../shared/shapes_forwarders";
import { centre, rowComplaint, rowPictures } from "./centres";
import { START, at } from "../../shared/testing/made";
import { centreView, rowView } from "./testing/ways";

const sv = new Speech("sv");
const beat = (wish: Partial<BeatView> = {}): BeatView => ({ path: "primary", every_s: 60, tried_at: at(-8), heard_at: at(-8), missed: 0, words: "ACK", ...wish });
const path = (wish: Partial<PathView> = {}): PathView => ({ name: "primary", speaks: "dc09_sia", character_set: "ascii", beat: beat(), ...wish });
const signed = { signed_at: at(-60), signed_by: "u", tested_at: at(-90), path: "primary", note: "" };

test("a path tells whether it answers, when it was heard and what it said", () => {
  const paths = [path(), path({ name: "secondary", beat: beat({ missed: 2, heard_at: at(-200) }) }), path({ name: "number", speaks: "number", beat: null }), path({ beat: null })];
  const seen = centre(centreView({ paths }), START, sv).paths;
  expect(seen.map((one) => `${one.name} ${one.stateWords}`)).toEqual(["Primär svarar", "Sekundär svarar inte", "Telefon rings vid behov", "Primär ej prövad"]);
  expect(seen.map((one) => one.beat)).toEqual(["hörd för 8 s sedan · med 1 min mellanrum", "hörd för 3 min sedan · 2 missade · med 1 min mellanrum", null, null]);
  expect([seen[0]?.speaks, seen[0]?.answer, seen[2]?.speaks]).toEqual(["SIA DC-09, ascii", "ACK", "telefonnummer"]);
});

test("a test state says until when, and is over by the clock without another word from the server", () => {
  const view = centreView({ in_test: true, test_until: at(600) });
  expect(centre(view, START, sv)).toMatchObject({ inTest: true, testWords: `I PROVLÄGE till ${sv.time(at(600))}, 10 min kvar: de gör inget åt skarpa larm` });
  expect(centre(view, START + 600_000, sv).inTest).toBe(false);
});

test("a row says whose it is, whether it is signed, and what is wrong before anything else", () => {
  const fault = { fault: "code_form", field: "sia", path: "primary", fields: {} };
  const rows = [rowView({ version: 3, signed }), rowView({ kind: "fall" }), rowView({ kind: "duress", signed, complaints: [fault] })];
  expect(rowPictures(rows, false, START, sv).map((row) => [row.whose, row.stateWords])).toEqual([
    ["överenskommen, 3", `${sv.time(at(-60))}, Primär`],
    ["vårt förslag", "ej provad"],
    ["vårt förslag", "1 fel"],
  ]);
  expect(rowPictures(rows, true, START, sv).map((row) => row.kind)).toEqual(["Fall", "Tvångslarm"]);
});

test("a complaint names the field, the fault with its figures, and the path", () => {
  expect(rowComplaint({ fault: "too_long", field: "section_text", path: "secondary", fields: { limit: "40", length: "52" } }, sv)).toBe("Sektionstext: för lång, 52 tecken av högst 40 (Sekundär)");
  expect(rowComplaint({ fault: "placeholder_unknown", field: "text", path: null, fields: { placeholder: "namn" } }, sv)).toBe("Ytterligare text: {namn} finns inte att fylla i");
});
