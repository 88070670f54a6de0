import { expect, test } from "vitest";
import { account } from "../testing/account";
import type { IncidentDetail, PlaceOfIncident } from "../shapes";
import { device } from "./incident";
import { who } from "./marks";
import { floorPlan, indoor, premises, spot } from "./place";
import { START, at, detail, incident } from "../testing/made";

const sv = account("sv");
const en = account("en");
const HOME: PlaceOfIncident = {
  id: "pl",
  name: "Björkgatan 7, lägenhet 1203",
  address: "Björkgatan 7",
  floor: "Plan 2",
  door_code: "1974",
  notes: "Hund i hallen.",
  lat: 59.3342,
  lon: 18.0711,
  risk: "evident",
  ground: "Hot vid två besök",
  plan_type: null,
  plan_bounds: null,
};
const alarm = incident("a", { place: HOME.name });
const withPlace = (known: PlaceOfIncident | null): IncidentDetail => ({ ...detail(alarm), place: known });

test("whoever goes there reads address, floor, door code and what is dangerous", () => {
  expect(premises(alarm, withPlace(HOME), sv)).toEqual({
    name: "Björkgatan 7, lägenhet 1203",
    door: { address: "Björkgatan 7", floor: "Plan 2", code: "1974" },
    dangers: ["Uppenbar risk för våld eller hot: Hot vid två besök", "Hund i hallen."],
    instead: null,
  });
});

test("what nobody wrote down is not made up", () => {
  const bare = { ...HOME, floor: "", door_code: "", notes: "", risk: "none" as const, ground: null };
  expect(premises(alarm, withPlace(bare), sv)).toMatchObject({ door: { floor: null, code: null }, dangers: [] });
  expect(premises(alarm, withPlace({ ...HOME, notes: null, risk: null, ground: null }), sv)?.dangers).toEqual([]);
  expect(premises(alarm, withPlace({ ...HOME, notes: "", risk: "raised", ground: null }), en)?.dangers).toEqual(["Raised risk"]);
});

test("the name is there at once, and says why there is no more", () => {
  expect(premises(alarm, null, sv)).toEqual({ name: HOME.name, door: null, dangers: [], instead: "Hämtar …" });
  const over = incident("a", { place: HOME.name, state: "stood_down" });
  expect(premises(over, withPlace(null), en)?.instead).toBe("Address and door code are not shown once the alarm is stood down.");
  expect(premises(incident("b"), null, sv)).toBeNull();
});

test("another incident's place is not taken for this one's", () => {
  const other = incident("b", { place: "Solgården" });
  expect(premises(other, withPlace(HOME), sv)).toMatchObject({ name: "Solgården", door: null });
});

test("the map points at the position, else at the address, else nowhere", () => {
  const position = { lat: 57.92, lon: 12.1, accuracy_m: 12, fix_at: at(0), received_at: at(0), valid: true };
  expect(spot(incident("a", { position }), HOME)).toEqual({ by: "fix", position });
  expect(spot(alarm, HOME)).toEqual({ by: "address", lat: 59.3342, lon: 18.0711 });
  expect(spot(alarm, { ...HOME, lat: null, lon: null })).toBeNull();
  expect(spot(alarm, null)).toBeNull();
});

test("a person's own phone is not called by an id", () => {
  const phone = { id: null, protocol: "app", account: "a0000000-0000-7000-8000-000000000001", label: null, model: null, battery_pct: 60, last_seen_at: at(0) };
  expect(device(phone, START, sv)).toMatchObject({ name: "Egen telefon", account: null });
  expect(device(phone, START, en).name).toBe("Own phone");
  expect(who(incident("a", { person: null, device: phone }), en)).toBe("Own phone");
  expect(who(incident("a", { person: null, device: { ...phone, protocol: "dc09", account: "4711" } }), en)).toBe("dc09 4711");
});

test("a beacon that was heard says which floor, and when", () => {
  const heard = { place_id: "p", place: "Kvarngården", label: "Plan 3, korridor B", dbm: -61, at: at(-90) };
  const view = incident("a", { place: "Kvarngården" });
  const told = (label: string, place: string | null) => indoor({ ...detail(view), indoor: { ...heard, label } }, { ...view, place }, START, sv)?.where;
  expect(indoor({ ...detail(view), indoor: heard }, view, START, sv)).toEqual({ where: "Plan 3, korridor B", heard: "hördes för 1 min sedan" });
  expect([told("Plan 3", null), told("", "Kvarngården")]).toEqual(["Plan 3, Kvarngården", "Kvarngården"]);
  expect(indoor(detail(view), view, START, sv)).toBeNull();
  expect(indoor({ ...detail(incident("b")), indoor: heard }, view, START, sv)).toBeNull();
});

test("a floor plan lies on the map only as a picture with edges", () => {
  const bounds = { south: 57, west: 12, north: 58, east: 13 };
  const known = { id: "p", name: "", address: "", floor: "", door_code: "", notes: null, lat: null, lon: null, risk: null, ground: null, plan_type: "image/png", plan_bounds: bounds };
  expect(floorPlan(known)).toEqual({ place: "p", bounds });
  expect([floorPlan(null), floorPlan({ ...known, plan_type: "application/pdf" }), floorPlan({ ...known, plan_bounds: null }), floorPlan({ ...known, plan_type: null })]).toEqual([null, null, null, null]);
});
