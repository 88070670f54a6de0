import { expect, test } from "vitest";
import { Refusal } from "../../shared/api";
import type { Dossier } from "../../shared/shapes_persons";
import { Speech } from "../words/speech";
import { DossierDesk, dial, kin } from "./dossier";

const sv = new Speech("sv");
const dossier = (wish: Partial<Dossier> = {}): Dossier => ({
  person_id: "p", name: "Anna", unit: null, teams: [], employer: null, phone: null, photo: false, notes: "", may_see_kin: true,
  next_of_kin: [{ name: "Göran", relation: "make", phone: "070-174 06 91" }], ...wish,
});

test("nothing is fetched before somebody opens it, and it names the alarm on whose ground it is opened", async () => {
  const asked: string[] = [];
  const desk = new DossierDesk({ dossier: async (person, incident) => (asked.push(`${person} ${incident}`), dossier()) }, "p", "a");
  expect(asked).toEqual([]);
  await Promise.all([desk.open(), desk.open()]);
  expect([asked, desk.dossier.value?.name]).toEqual([["p a"], "Anna"]);
  desk.close();
  expect(desk.dossier.value).toBeNull();
});

test("a refusal is kept in the server's words, and it can be tried again", async () => {
  let refuse = true;
  const desk = new DossierDesk({ dossier: async () => { if (refuse) throw new Refusal(403, { reason: "forbidden", detail: "", fields: {} }); return dossier(); } }, "p", "a");
  await desk.open();
  expect([desk.failed.value?.problem?.reason, desk.opening.value]).toEqual(["forbidden", false]);
  refuse = false;
  await desk.open();
  expect([desk.failed.value, desk.dossier.value?.name]).toEqual([null, "Anna"]);
});

test("the next of kin are listed, and where there are none to see it is said why", () => {
  expect(kin(dossier(), sv)).toEqual({ lines: [{ name: "Göran", relation: "make", phone: "070-174 06 91", dial: "0701740691" }], instead: null });
  expect(kin(dossier({ next_of_kin: [] }), sv).instead).toBe("Inga närstående angivna");
  expect(kin(dossier({ next_of_kin: null, may_see_kin: false }), sv).instead).toBe("Närstående visas bara medan ett verkligt larm är öppet.");
});

test("one press rings only a number that is long enough to be somebody's own", () => {
  expect([dial("114 14"), dial("+46 77 11"), dial("90 000"), dial("ingen")]).toEqual([null, null, null, null]);
  expect([dial("070-174 06 91"), dial("+46 8 174 06 00"), dial("08-17 406")]).toEqual(["0701740691", "+4681740600", null]);
});
