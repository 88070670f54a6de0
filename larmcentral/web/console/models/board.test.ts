import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import type { ChannelView } from "../../shared/shapes_points";
import type { WayBoard, WayFiguresView } from "../../shared/shapes_ways";
import { board, hour } from "./board";
import { START, at } from "../../shared/testing/made";
import { way } from "./testing/ways";

const sv = new Speech("sv");
const figures = (tries: number, lost: number): WayFiguresView => ({ tries, lost, lost_pct: 0, p50_ms: 20, p95_ms: 340, p99_ms: 900, worst_ms: 5000 });
const view = (...ways: WayBoard["ways"]): WayBoard => ({ server_time: at(0), dead_channels: [], ways });
const channel = (name: ChannelView["channel"], provider?: string): ChannelView => ({
  channel: name, providers: provider ? [{ provider, facts: { sender: "Larm", time_to_live_s: "3600.0", tls: "True", rare: "x" } }] : [], proven: 2, unproven: 3, failing: 1, retired: 0, last_test: null,
});

test("a way that carries says since when, and what became of the last hour", () => {
  const seen = board(view(way("46elks", { hour: figures(412, 3) })), [channel("sms", "46elks")], START, sv).ways[0];
  expect([seen?.name, seen?.stateWords, seen?.reason, seen?.lastGood]).toEqual(["46elks sms", "bär", null, "senast framgång nyss"]);
  expect(seen?.hourWords).toBe("412 försök · 3 förlorade · p95 340 ms");
  expect(seen?.waiting).toBe("inget väntar");
  expect(seen?.points).toBe("5 används, 2 bekräftade · 1 misslyckades senast");
});

test("a dead way says why, what waits for it, and when the next is expected to go", () => {
  const dead = way("apns", { channel: "apns", state: "dead", reason: "no answer in time", waiting: 3, oldest_at: at(-7), next_due_at: at(4), last_good_at: null, answered_at: at(-60) });
  const seen = board({ ...view(dead), dead_channels: ["apns", "fcm"] }, [], START, sv);
  expect([seen.counts, seen.passedOver]).toEqual(["1 döda, 0 långsamma av 1", "Larmkedjorna hoppar just nu över: app (iPhone) och app (Android)"]);
  expect([seen.ways[0]?.reason, seen.ways[0]?.waits]).toEqual(["inget svar i tid", true]);
  expect(seen.ways[0]?.waiting).toBe(`3 väntar · äldsta 7 s · väntas gå ${sv.time(at(4))}`);
  expect(seen.ways[0]?.lastGood).toBe("svarade på vår koll för 1 min sedan");
});

test("ways keep the order of the settings whatever becomes of them", () => {
  const seen = board(view(way("a"), way("b", { state: "dead" }), way("c")), [], START, sv);
  expect(seen.ways.map((one) => one.provider)).toEqual(["a", "b", "c"]);
});

test("a way that nobody reports on, and one that only some processes reach, say so", () => {
  const seen = board(view(way("a", { processes: 0, state: "unknown", since: null }), way("b", { processes: 3, say_dead: 1 })), [], START, sv);
  expect(seen.ways.map((one) => one.processes)).toEqual(["ingen process har rapporterat på sistone", "1 av 3 processer når den inte"]);
});

test("a channel that nobody has set up is named", () => {
  expect(board(view(way("46elks")), [channel("sms", "46elks"), channel("pager")], START, sv).unset).toBe("Inte uppsatta: sökare");
});

test("settings are told by name, in units", () => {
  const facts = board(view(way("46elks")), [channel("sms", "46elks")], START, sv).ways[0]?.facts.map((f) => `${f.name}: ${f.value}`);
  expect(facts).toEqual(["Avsändare: Larm", "Gäller i: 1 h 00 min", "TLS: ja", "rare: x"]);
});

test("an hour is sixty bars, up what got through and down what was lost, and older minutes are left out", () => {
  const bars = hour([{ minute: at(-120), figures: figures(16, 16) }, { minute: at(0), figures: figures(4, 0) }, { minute: at(-7200), figures: figures(99, 0) }], START);
  expect(bars.length).toBe(60);
  expect([bars[57], bars[58], bars[59]]).toEqual([{ up: 0, down: 1 }, { up: 0, down: 0 }, { up: 0.5, down: 0 }]);
});
