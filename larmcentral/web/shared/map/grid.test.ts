import { expect, test } from "vitest";
import { account } from "../testing/account";
import { direction, near, place } from "../account/place";
import { START, at } from "../testing/made";
import { graticule, rangeRings, stepFor } from "./grid";
import { INSET, insetPoint } from "./inset";
import packed from "./outline.json";
import { TOWNS } from "./towns";
import { unpack } from "./unpack";

const en = account("en");

test("the grid has a few lines of round degrees at every scale", () => {
  for (const span of [0.003, 0.02, 0.3, 4, 30]) expect(span / stepFor(span)).toBeLessThanOrEqual(5);
  const lines = graticule({ south: 57.91, north: 57.93, west: 12.1, east: 12.14 });
  expect(lines.filter((l) => l.along === "parallel").map((l) => l.label)).toEqual(["57.910° N", "57.915° N", "57.920° N", "57.925° N", "57.930° N"]);
});

test("two rings fit between the middle and the edge", () => {
  expect(rangeRings(620)).toEqual([200, 500]);
  expect(rangeRings(40)).toEqual([]);
});

test("the outline is Sweden and its neighbours, in their places", () => {
  const outline = unpack(packed);
  expect(Object.keys(outline).sort()).toEqual(["AX", "DK", "FI", "NO", "SE"]);
  const all = Object.values(outline).flat(2);
  expect(Math.min(...all.map((p) => p[0]))).toBeGreaterThan(53);
  expect(Math.max(...all.map((p) => p[1]))).toBeLessThan(33);
});

test("every town lies in the country's box and inside the inset", () => {
  for (const town of TOWNS) {
    const [x, y] = insetPoint(town.lat, town.lon);
    expect(x > 0 && x < INSET.width && y > 0 && y < INSET.height, town.name).toBe(true);
  }
});

test("a place is told by distance and direction from the nearest town", () => {
  expect(near({ lat: 57.71, lon: 11.98 }, en)).toMatch(/Göteborg$/);
  expect(near({ lat: 57.5, lon: 13.6 }, en)).toBe("43 km north-west of Värnamo");
  expect(near({ lat: 40, lon: 0 }, en)).toBeNull();
  expect(direction({ lat: 57, lon: 12 }, { lat: 57.5, lon: 11 })).toBe("nw");
});

test("an old, rough or borrowed position says so", () => {
  const position = { lat: 57.92, lon: 12.1, accuracy_m: 1240, fix_at: at(-600), received_at: at(0), valid: false };
  expect(place(position, START, en)).toMatchObject({ coordinates: "57.92000, 12.10000", accuracy: "± 1.2 km", age: "10 min old", old: true, lastKnown: true });
  expect(place({ ...position, accuracy_m: null }, START, en).accuracy).toBe("accuracy unknown");
});
