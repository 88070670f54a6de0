import { expect, test } from "vitest";
import type { ForwarderView } from "../../shared/shapes_forwarders";
import type { PersonChoice } from "../../shared/shapes_registers";
import { at, incident, responder } from "../../shared/testing/made";
import { Speech } from "../words/speech";
import { extras, lengthWords, recipients, standsAs, targetsOf } from "./telling";

const sv = new Speech("sv");
const position = { lat: 57.9, lon: 12.1, accuracy_m: 12, fix_at: at(0), received_at: at(0), valid: true };
const centre = { name: "larmbolaget", label: "Larmbolaget" } as ForwarderView;
const person = (id: string): PersonChoice => ({ id, name: id, committee_id: "c", unit: null });

test("a message goes to those who were told and may still come, or to the wearer", () => {
  const told = recipients(incident("a", { responders: [responder("Bo", "going"), responder("Eva", "declined")] }), sv);
  expect(told.map((one) => [one.to, one.aside, one.able])).toEqual([["responders", "Bo", true], ["wearer", "Anna a", true]]);
});

test("the wearer of a silent alarm is never written to, nor a device without a wearer", () => {
  const wearer = (wish: Parameters<typeof incident>[1]) => recipients(incident("a", wish), sv)[1];
  expect([wearer({ silent: true })?.able, wearer({ silent: true })?.aside]).toEqual([false, "Tyst larm: inget får synas eller höras hos bäraren."]);
  expect(wearer({ person: null })?.able).toBe(false);
});

test("a text message that will be cut is told of while one writes", () => {
  expect(lengthWords("hej", sv)).toBe("3 av 300 tecken");
  expect(lengthWords("x".repeat(151), sv)).toBe("151 av 300 tecken; ett sms visar bara de första 150");
});

test("the house offers whom it can reach from here: the near only with a position, the building only with a place", () => {
  const offered = (wish: Parameters<typeof incident>[1], centres = [centre]) => extras(incident("a", wish), centres, sv).map((one) => one.words);
  expect(offered({})).toEqual(["Chefen", "Larmmottagaren Larmbolaget"]);
  expect(offered({ position, place: "Kvarngården" }, [])).toEqual(["De 3 närmaste inom 2,0 km", "Alla i byggnaden", "Chefen"]);
  expect(offered({ purpose: "drill" })).toEqual(["Chefen"]);
});

test("what is sent names each one chosen, once and as the server wants it", () => {
  const extra = extras(incident("a", { position }), [centre], sv).filter((one) => !one.target.manager);
  expect(targetsOf([person("p1")], extra)).toEqual([{ person: "p1" }, { nearest: { count: 3, within_m: 2000 } }, { receiver: "larmbolaget" }]);
});

test("whoever was told already is marked, and so is the wearer", () => {
  const one = incident("a", { responders: [responder("Bo", "going")] });
  expect([standsAs(one, person("p-Bo"), sv), standsAs(one, person("p-a"), sv), standsAs(one, person("p-x"), sv)]).toEqual(["på väg", "larmet gäller personen", null]);
});
