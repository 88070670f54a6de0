import { expect, test } from "vitest";
import type { IncidentView, Kind } from "../../shared/shapes";
import { grouped, shares } from "./flood";
import { Ordered } from "./ordered";
import { at, incident, responder } from "../../shared/testing/made";

const lines = (list: readonly IncidentView[], opened: readonly string[] = []) => grouped(new Ordered().take(new Map(list.map((one) => [one.id, one]))), new Set(opened));
const lost = (id: string, second = 0, wish: Partial<IncidentView> = {}) => incident(id, { kind: "lost_contact", gravity: 3, place: "Solgården", opened_at: at(second), ...wish });
const said = (list: ReturnType<typeof lines>) => list.map((line) => (line.what === "group" ? `${line.ids.length}:${line.ids.join("")}` : line.incident.id));

test("three of a kind at one place within ten minutes share a line, in the place of the first", () => {
  expect(said(lines([incident("p"), lost("a"), lost("b", 30), lost("c", 599)]))).toEqual(["p", "3:abc"]);
});

test("two are two rows, and what came later than ten minutes after the first is another matter", () => {
  expect(said(lines([lost("a"), lost("b", 30)]))).toEqual(["a", "b"]);
  expect(said(lines([lost("a"), lost("b", 1), lost("c", 2), lost("d", 601)]))).toEqual(["3:abc", "d"]);
});

test("another kind, another place or an exercise is another cause", () => {
  const three = (make: (i: number) => IncidentView) => [0, 1, 2].map(make);
  expect(said(lines([...three((i) => lost(`a${i}`, i)), lost("x", 3, { place: "Björken" }), lost("y", 4, { kind: "overdue" }), lost("z", 5, { purpose: "drill" })]))).toEqual(["3:a0a1a2", "x", "y", "z"]);
});

test("a call for help is never grouped away, nor anything silent, taken, or that somebody is on his way to", () => {
  const calls: Kind[] = ["panic", "duress", "hold_up", "medical", "man_down", "fall", "no_motion", "unspecified_alarm", "group_alarm"];
  for (const kind of calls) expect(said(lines(["a", "b", "c", "d"].map((id, i) => lost(id, i, { kind }))))).toEqual(["a", "b", "c", "d"]);
  expect(shares(lost("a", 0, { silent: true }))).toBe(false);
  expect(shares(lost("a", 0, { state: "acknowledged" }))).toBe(false);
  expect(shares(lost("a", 0, { owner: { user_id: "u", name: "Bo" } }))).toBe(false);
  expect(shares(lost("a", 0, { responders: [responder("Eva", "going")] }))).toBe(false);
  expect(shares(lost("a", 0, { responders: [responder("Eva", "notified")] }))).toBe(true);
});

test("an open group shows its line and each of its alarms below it", () => {
  const found = lines([lost("a"), lost("b", 1), lost("c", 2)], ["real/lost_contact/c/Solgården"]);
  expect(said(found)).toEqual(["3:abc", "a", "b", "c"]);
  expect(found.slice(1).every((line) => line.what === "row" && line.inGroup)).toBe(true);
});

test("nothing is lost: every alarm is a row or in exactly one group", () => {
  const kinds: Kind[] = ["panic", "lost_contact", "low_battery", "silent_device", "fall"];
  const list = Array.from({ length: 500 }, (_, i) => incident(`i${i}`, { kind: kinds[i % 5] as Kind, gravity: 1 + (i % 4), place: `p${i % 7}`, opened_at: at(i * 3), silent: i % 11 === 0 }));
  const ids = lines(list).flatMap((line) => (line.what === "group" ? line.ids : [line.incident.id]));
  expect(ids.toSorted()).toEqual(list.map((one) => one.id).toSorted());
});
