import { expect, test } from "vitest";
import { at, detail, entry, START } from "../../shared/testing/made";
import type { PlaceOfIncident } from "../../shared/shapes";
import { Speech } from "../words/speech";
import { answers, asks, head, inOrder, others, released, where, wordsFor } from "./call";
import { call } from "./testing/responder";

const ME = "p-Bo";
const say = new Speech("en");
const NOW = START + 90_000;
const PLACE: PlaceOfIncident = {
  id: "pl",
  name: "Solgården",
  address: "Björkgatan 4",
  floor: "3",
  door_code: "4711",
  notes: "Dog",
  lat: 67,
  lon: 20,
  risk: "evident",
  ground: "Threat in March",
  plan_type: null,
  plan_bounds: null,
};
const FIX = { lat: 67.1, lon: 20.2, accuracy_m: 12, fix_at: at(0), received_at: at(1), valid: true };

test("what waits for an answer comes first, then what one has said yes to, then the rest, and what is over last", () => {
  const rows = [
    call("over", "going", { state: "stood_down", opened_at: at(60) }),
    call("no", "declined", { gravity: 1 }),
    call("mild", "notified", { gravity: 3 }),
    call("going", "going", { gravity: 1 }),
    call("grave", "notified", { gravity: 1 }),
  ];
  expect(inOrder(rows, ME).map((one) => one.id)).toEqual(["grave", "mild", "going", "no", "over"]);
});

test("a test, a call that is over and a call of others ask nothing", () => {
  expect(asks(call("a", "notified"), ME)).toBe(true);
  expect(asks(call("a", "notified", { purpose: "test" }), ME)).toBe(false);
  expect(asks(call("a", "notified", { state: "stood_down" }), ME)).toBe(false);
  expect(asks(call("a", "notified"), "p-other")).toBe(false);
});

test("a head says who, since when, how late and whether it is a drill; the clock stops when it is over", () => {
  const running = head(call("1", "going", { purpose: "drill", lateness_s: 720 }), ME, NOW, say);
  expect(running).toMatchObject({ who: "Anna 1", age: "1 min", drill: true, late: "LATE 12 min", own: "going", over: false });
  const over = head(call("1", "going", { state: "stood_down", stood_down_at: at(30) }), ME, NOW + 3_600_000, say);
  expect([over.age, over.over]).toEqual(["30 s", true]);
  expect(head(call("1", "going", { person: null, device: null }), ME, NOW, say).who).toBe(say.say("unknown_person"));
});

test("where: the place with its dangers, the fix with its age and accuracy, and the way there from here", () => {
  const incident = call("1", "going", { position: FIX });
  const seen = where(incident, { ...detail(incident), place: PLACE }, { lat: 67.1, lon: 20.2 }, NOW, say);
  expect(seen).toMatchObject({ name: "Solgården", address: "Björkgatan 4", floor: "3", door: "4711", distance: "0 m", unknown: false });
  expect(seen.dangers).toEqual(["Evident risk of violence or threats: Threat in March", "Dog"]);
  expect(seen.fix).toEqual({ coordinates: "67.10000, 20.20000", age: "1 min old", accuracy: "± 12 m", old: false, lastKnown: false });
  expect(seen.routes).toEqual({
    geo: "geo:67.100000,20.200000?q=67.100000,20.200000",
    web: "https://www.openstreetmap.org/directions?route=%3B67.100000%2C20.200000",
  });
});

test("without a position the way leads to the address, and an old fix is said to be old", () => {
  const incident = call("1", "going");
  const seen = where(incident, { ...detail(incident), place: PLACE }, null, NOW, say);
  expect([seen.fix, seen.distance, seen.routes?.geo]).toEqual([null, null, "geo:67.000000,20.000000?q=67.000000,20.000000"]);
  expect(where(call("1", "going", { position: FIX }), null, null, START + 600_000, say).fix?.old).toBe(true);
  expect(where(call("1", "going"), null, null, NOW, say)).toMatchObject({ unknown: true, routes: null });
});

test("the detail of another call says nothing about this one", () => {
  const other = { ...detail(call("2", "going")), place: PLACE };
  expect(where(call("1", "going"), other, null, NOW, say).address).toBeNull();
});

test("an answer on its way is not said to be given, and hides the one before it", () => {
  expect(answers(call("1", "going"), ME, null).map((one) => one.state)).toEqual(["said", "none", "none"]);
  expect(answers(call("1", "going"), ME, "on_site").map((one) => one.state)).toEqual(["none", "none", "waits"]);
  expect(answers(call("1", "notified"), ME, null).map((one) => one.state)).toEqual(["none", "none", "none"]);
});

test("everybody who was told is listed, whoever is nearest first, oneself marked", () => {
  const one = (name: string, state: "going" | "on_site" | "declined" | "notified") => ({ person_id: `p-${name}`, name, state, since: at(30), step: 0 });
  const rows = others(call("1", "going", { responders: [one("Dag", "declined"), one("Bo", "going"), one("Eva", "on_site"), one("Åsa", "notified")] }), ME, NOW, say);
  expect(rows.map((row) => [row.name, row.self, row.age])).toEqual([
    ["Eva", false, "1 min"],
    ["Bo", true, "1 min"],
    ["Åsa", false, "1 min"],
    ["Dag", false, "1 min"],
  ]);
});

test("released and over are said with their reason", () => {
  expect(released(call("1", "going"), null, ME, say)).toBeNull();
  expect(released(call("1", "released"), null, ME, say)).toEqual({ title: say.say("call_released"), why: say.say("call_released_why") });
  const over = call("1", "going", { state: "stood_down", outcome: "false" });
  const told = detail(over, [entry(1, "opened"), entry(2, "stood_down", { detail: { outcome: "false", note: "Pressed by mistake." } })]);
  expect(released(over, told, ME, say)).toEqual({ title: "The alarm is over", why: "False alarm. Pressed by mistake." });
  expect(released(over, null, ME, say)?.why).toBe("False alarm.");
});

test("of the desk's words those to the responders of this call are shown, newest first", () => {
  const said = (text: string, seconds: number, to: "wearer" | "responders", incident_id = "1") => ({ incident_id, at: at(seconds), to, by: "Karin", text });
  const all = [said("first", 1, "responders"), said("to her", 2, "wearer"), said("other", 3, "responders", "2"), said("second", 4, "responders")];
  expect(wordsFor(call("1", "going"), all).map((one) => one.text)).toEqual(["second", "first"]);
});
