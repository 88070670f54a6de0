import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import type { IncidentView } from "../../shared/shapes";
import { Ordered, gravestUntaken } from "./ordered";
import { groupRow, queue, row, step, stopOf, stops } from "./queue";
import { START, at, incident, responder } from "../../shared/testing/made";

const sv = new Speech("sv");
const ordered = (list: readonly IncidentView[]) => new Ordered().take(new Map(list.map((one) => [one.id, one])));
const ids = (...list: Parameters<typeof incident>[]) =>
  queue(ordered(list.map((l) => incident(...l))), [], "", null, sv).lines.map((line) => line.incident.id);

test("the gravest stand first, and among equals the oldest", () => {
  expect(ids(["young", { opened_at: at(-5) }], ["mild", { gravity: 3, opened_at: at(-900) }], ["old", { opened_at: at(-60) }], ["grave", { gravity: 2 }])).toEqual([
    "old",
    "young",
    "grave",
    "mild",
  ]);
});

test("a drill or a test never stands above a call for help", () => {
  expect(ids(["test", { purpose: "test" }], ["drill", { purpose: "drill" }], ["real", { gravity: 3 }])).toEqual(["real", "drill", "test"]);
});

test("a taken incident keeps its place: rows do not jump when somebody acts", () => {
  expect(ids(["taken", { state: "acknowledged", opened_at: at(-60) }], ["open", { opened_at: at(-5) }])).toEqual(["taken", "open"]);
});

test("a row says kind, who, age, owner and who moves, in words", () => {
  const one = row(
    incident("a", {
      state: "acknowledged",
      owner: { user_id: "u", name: "Karin Öberg" },
      responders: [responder("Bo", "going"), responder("Eva", "notified")],
    }),
    START + 83_000,
    sv,
  );
  expect(one).toMatchObject({ kind: "Nödlarm", who: "Anna a", age: "1:23", owner: "Har Karin Öberg", response: "1 på väg", where: "Hemtjänsten Norr · Natt 2" });
});

test("a row counts down to the next step, and an incident in hand is quiet until its time is nearly up", () => {
  const next = { what: "next_step" as const, due_at: at(90), step: 1, targets: [] };
  expect(row(incident("a", { next }), START + 43_000, sv)).toMatchObject({ next: "steg 2 om 0:47", nextSoon: false });
  expect(row(incident("a", { next }), START + 80_000, sv)).toMatchObject({ next: "steg 2 om 0:10", nextSoon: true });
  expect(row(incident("a", { next }), START + 91_000, sv).next).toBe("steg 2 nu");
  const lapse = { ...next, what: "lapse" as const, step: null };
  expect(row(incident("a", { next: lapse }), START, sv).next).toBeNull();
  expect(row(incident("a", { next: lapse }), START + 50_000, sv).next).toBe("öppnas om 0:40");
});

test("marks: silent, late, unknown device, drill, test, fault, round", () => {
  const words = (wish: Parameters<typeof incident>[1]) => row(incident("a", wish), START, sv).marks.map((m) => m.words);
  expect(words({ silent: true })).toEqual(["TYST"]);
  expect(words({ lateness_s: 242 })).toEqual(["SENT 4 min 02 s"]);
  expect(words({ lateness_s: 9 })).toEqual([]);
  const device = { id: null, protocol: "dc09", account: "4711", label: null, model: null, battery_pct: null, last_seen_at: null };
  expect(words({ person: null, device })).toEqual(["OKÄND ENHET"]);
  expect(words({ person: null, device: { ...device, id: "a fixed button without a wearer" } })).toEqual([]);
  expect(words({ purpose: "drill" })).toEqual(["ÖVNING"]);
  expect(words({ purpose: "test" })).toEqual(["PROV"]);
  expect(words({ system_faults: ["no_chain"], round: 2 })).toEqual(["SYSTEMFEL", "VARV 2"]);
});

test("an unknown device tells whom it is about", () => {
  const device = { id: null, protocol: "dc09", account: "4711", label: null, model: null, battery_pct: null, last_seen_at: null };
  expect(row(incident("a", { person: null, device }), START, sv).who).toBe("dc09 4711");
  expect(row(incident("a", { person: null, device: null }), START, sv).who).toBe("Okänd person");
});

test("a filter says how much it hides, and how much of that nobody has taken", () => {
  const list = [incident("a"), incident("b", { kind: "fall", gravity: 2 }), incident("c", { kind: "fall", state: "acknowledged" })];
  const picture = queue(ordered(list), [], "nödl", null, sv);
  expect(picture.lines.map((line) => line.incident.id)).toEqual(["a"]);
  expect(picture).toMatchObject({ open: 3, untaken: 2, hidden: 2, hiddenUntaken: 1 });
});

test("stepping stops at both ends and starts at the top", () => {
  expect([step(["a", "b"], null, 1), step(["a", "b"], "a", 1), step(["a", "b"], "b", 1), step(["a", "b"], "a", -1), step([], "a", 1)]).toEqual(["a", "b", "b", "a", null]);
});

test("the gravest untaken alarm passes over those in hand", () => {
  expect(gravestUntaken(ordered([incident("a", { state: "acknowledged" }), incident("b", { gravity: 2 }), incident("c", { gravity: 3 })]))).toBe("b");
});

test("40 alarms keep one order whatever order they came in", () => {
  const list = Array.from({ length: 40 }, (_, i) => incident(`i${i}`, { gravity: 1 + (i % 3), opened_at: at(-((i * 7) % 40)) }));
  const order = (from: typeof list) => ordered(from).map((one) => one.incident.id);
  expect(order(list.toReversed())).toEqual(order(list));
});

test("what is taken and left lying says so", () => {
  const idle = incident("a", { state: "acknowledged", owner: { user_id: "u", name: "Bo" }, system_faults: ["owner_idle"] });
  expect([row(idle, START, sv).idle, row(incident("b"), START, sv).idle]).toEqual(["inget görs", null]);
});

const lost = (id: string, second: number) => incident(id, { kind: "lost_contact", gravity: 3, place: "Solgården", opened_at: at(second) });

test("on the way down one stops at a closed group once, and at each of its alarms where it stands open", () => {
  const list = ordered([lost("a", 0), lost("b", 5), lost("c", 9), incident("panic", { opened_at: at(20) })]);
  const closed = queue(list, [incident("over", { state: "stood_down" })], "", new Set(), sv);
  expect(stops(closed)).toEqual(["panic", "a", "over"]);
  expect([stopOf(closed, "c"), stopOf(closed, "panic"), stopOf(closed, null)]).toEqual(["a", "panic", null]);
  const group = closed.lines[1];
  if (group?.what !== "group") throw new Error("no group");
  expect(groupRow(group, START + 60_000, sv)).toMatchObject({ count: "3 larm av samma orsak", kind: "Tappad kontakt under ensamarbete", where: "Solgården", age: "1:00", newest: "senaste för 51 s sedan" });
  const open = queue(list, [], "", new Set(["real/lost_contact/c/Solgården"]), sv);
  expect(open.lines.map((line) => line.what)).toEqual(["row", "group", "row", "row", "row"]);
  expect(stops(open)).toEqual(["panic", "a", "b", "c"]);
});

test("drills are counted, so that every page can say that one goes on", () => {
  expect(queue(ordered([incident("a"), incident("b", { purpose: "drill" })]), [], "", null, sv)).toMatchObject({ open: 2, drills: 1 });
});
