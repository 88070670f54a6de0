import { expect, test } from "vitest";
import { Unreachable } from "../../shared/api";
import { Speech } from "../words/speech";
import type { SosCard } from "../../shared/shapes_card";
import { CardDesk, about, dangers, done, stamped, where } from "./card";
import { at } from "../../shared/testing/made";

const sv = new Speech("sv");
const card = (wish: Partial<SosCard> = {}): SosCard => ({
  incident_id: "a", number: "7KQ2-M9XD", purpose: "real", state: "open", kind: "panic", silent: false, opened_at: at(0), lateness_s: 1, centre: "Älvmården", call_back: "0980-319 200",
  person: { name: "Anna", unit: "Hemtjänst Nord", employer: null, device: "Klocka 7", phone: "+46701740605", do_not_ring: false },
  place: { name: "Kvarngården", address: "Kvarngatan 2", floor: "3 tr", door_code: "1947", danger: "Hund", risk: "evident", ground: "Hot i mars", lat: null, lon: null },
  position: { lat: 57.93, lon: -12.09, accuracy_m: 12.4, age_s: 30, valid: true },
  responders: [{ name: "Bosse", state: "going", since: at(0) }], centres: [{ receiver: "larmbolaget", state: "took", at: at(4) }], calls: [], scripts: [], ...wish,
});
const lines = (facts: { name: string; value: string }[]) => facts.map((f) => `${f.name}: ${f.value}`);

test("the card says where to go, with floor and door code, and the position as one reads it out", () => {
  expect(lines(where(card(), sv))).toEqual(["Adress: Kvarngården, Kvarngatan 2", "Våning: 3 tr", "Portkod: 1947", "Position WGS84: 57,93000 N, 12,09000 W · ± 12 m · 30 s gammal"]);
  expect(where(card({ place: null, position: null }), sv)).toEqual([]);
  expect(lines(where(card({ place: null, position: { lat: 1, lon: 2, accuracy_m: null, age_s: 9, valid: false } }), new Speech("en")))).toEqual(["Position WGS84: 1.00000 N, 2.00000 E · accuracy unknown · Last known place, no fix of its own"]);
});

test("a silent alarm's number is not there to ring", () => {
  expect(lines(about(card(), sv))).toContain("Telefon: +46701740605");
  const silent = card({ person: { ...card().person, phone: null, do_not_ring: true } });
  expect(lines(about(silent, sv))).toContain("Telefon: Ring inte upp: tyst larm");
});

test("dangers stand together, the risk first, and what was done is told", () => {
  expect(dangers(card(), sv)).toEqual(["Uppenbar risk för våld eller hot", "Hot i mars", "Hund"]);
  expect(dangers(card({ place: null }), sv)).toEqual([]);
  expect(done(card(), sv)).toEqual(["Bosse: på väg", `larmbolaget: har tagit emot, ${sv.time(at(4))}`]);
});

test("the newest stamp of a moment counts", () => {
  const calls = [{ what: "dialled" as const, text: "", at: at(1), by: "Eva" }, { what: "dialled" as const, text: "", at: at(9), by: "Eva" }];
  expect(stamped(calls, "dialled")?.at).toBe(at(9));
  expect(stamped(calls, "answered")).toBeNull();
});

test("a card that cannot be fetched anew keeps what it said", async () => {
  let answers = true;
  const desk = new CardDesk({ card: async () => (answers ? card() : Promise.reject(new Unreachable("/"))) }, "a");
  await desk.load();
  answers = false;
  await desk.load();
  expect([desk.card.value?.number, desk.failed.value]).toEqual(["7KQ2-M9XD", { what: "card", problem: null }]);
});
