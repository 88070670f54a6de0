import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import { countdown, targetWords, waitingSince } from "./countdown";
import { freshness } from "./freshness";
import { clocks, device, responders, stateWords } from "../../shared/account/incident";
import { START, at, incident, responder } from "../../shared/testing/made";

const sv = new Speech("sv");
const next = { what: "next_step" as const, due_at: at(90), step: 1, targets: ["Team Älven", "desk"] };

test("the countdown says when, what and to whom", () => {
  expect(countdown(incident("a", { next }), START, START + 43_000, sv)).toEqual({
    clock: "0:47",
    words: "Steg 2 av 3 når Team Älven och larmcentralen",
    tone: "calm",
    share: 47 / 90,
  });
});

test("the last 15 seconds are marked, and an overdue step says so instead of counting below zero", () => {
  expect(countdown(incident("a", { next }), START, START + 80_000, sv).tone).toBe("soon");
  expect(countdown(incident("a", { next }), START, START + 97_000, sv)).toMatchObject({
    clock: "nu",
    tone: "overdue",
    words: "Steg 2 av 3 når Team Älven och larmcentralen (7 s över tiden)",
  });
});

test("an open alarm without a countdown is said aloud; a test and a closed one are not", () => {
  expect(countdown(incident("a"), null, START, sv).tone).toBe("alarming");
  expect(countdown(incident("a", { purpose: "test" }), null, START, sv).tone).toBe("none");
  expect(countdown(incident("a", { state: "stood_down" }), null, START, sv).words).toBe("");
});

test("the end of the chain and a lapse have words of their own", () => {
  expect(countdown(incident("a", { next: { ...next, step: null } }), null, START, sv).words).toBe("Kedjan börjar om från steg 1");
  expect(countdown(incident("a", { next: { ...next, what: "lapse", step: null } }), null, START, sv).words).toBe("Larmet öppnas åter om ingen gör något");
  expect(countdown(incident("a", { next: { ...next, what: "next_turn" } }), null, START, sv).words).toBe("Nästa på tur kallas");
  expect(countdown(incident("a", { step: 1, next: { ...next, what: "repeat" } }), null, START, sv).words).toBe("Steg 2 upprepas");
  const targets = ["Jour Nord", "nearest:3/2000", "building", "manager", "receiver:sos"];
  expect(targets.map((name) => targetWords(name, sv))).toEqual([
    "Jour Nord", "de 3 närmaste inom 2,0 km", "alla i byggnaden", "chefen", "larmmottagaren sos",
  ]);
});

test("the bar starts at the newest thing that happened", () => {
  expect(waitingSince(incident("a", { acknowledged_at: at(10), responders: [responder("Bo", "going", 30)] }))).toBe(START + 30_000);
});

test("the picture is live, then stale after five silent seconds, with its age", () => {
  expect(freshness(null, true, null, START)).toMatchObject({ state: "starting", mayAct: false });
  expect(freshness(START, true, START, START + 4999)).toMatchObject({ state: "live", mayAct: true });
  expect(freshness(START, true, START, START + 5000)).toEqual({ state: "stale", mayAct: false, ageMs: 5000 });
});

test("a server whose database is gone is as old as its last good word, and locks the actions", () => {
  expect(freshness(START + 8000, false, START, START + 9000)).toEqual({ state: "no_database", mayAct: false, ageMs: 9000 });
  expect(freshness(START + 8000, false, START, START + 20_000)).toEqual({ state: "stale", mayAct: false, ageMs: 20_000 });
});

test("four clocks: the device's claim, ours, a screen's, a person's, each with its distance", () => {
  const view = incident("a", { event_at: at(-242), shown_at: at(2), acknowledged_at: at(9), state: "acknowledged" });
  const seen = clocks(view, [], START + 10_000, sv);
  expect(seen.map((c) => c.name)).toEqual(["Utlöst", "Mottaget", "Visat", "Taget"]);
  expect(seen.map((c) => c.delta)).toEqual([null, "+4 min 02 s", "+2 s", "+9 s"]);
});

test("a clock that told nothing says so, and one that has not come yet waits", () => {
  const seen = clocks(incident("a", { event_at: null }), [], START, sv);
  expect(seen.map((c) => c.state)).toEqual(["missing", "told", "waiting", "waiting"]);
  expect(seen[0]?.time).toBe("sa ingen tid");
});

test("who has it: nobody, you, another, the responders", () => {
  const owner = { user_id: "u", name: "Karin" };
  expect(stateWords(incident("a"), "u", sv)).toBe("Ingen har tagit larmet");
  expect(stateWords(incident("a", { state: "acknowledged", owner }), "u", sv)).toBe("Du har larmet");
  expect(stateWords(incident("a", { state: "acknowledged", owner }), "x", sv)).toBe("Karin har larmet");
  expect(stateWords(incident("a", { state: "acknowledged" }), "x", sv)).toBe("Insatspersonal svarar");
  expect(stateWords(incident("a", { state: "stood_down", outcome: "false" }), "x", sv)).toBe("Avslutat: Falsklarm");
});

test("responders stand nearest first", () => {
  const view = incident("a", { responders: [responder("Bo", "declined"), responder("Eva", "notified"), responder("Li", "on_site"), responder("Ove", "going")] });
  expect(responders(view, START, sv).map((r) => `${r.name} ${r.words}`)).toEqual(["Li på plats", "Ove på väg", "Eva underrättad", "Bo kan inte"]);
});

test("a low battery and a quiet device are marked", () => {
  const view = { id: "d", protocol: "watch", account: "864", label: null, model: null, battery_pct: 12, last_seen_at: at(-1000) };
  expect(device(view, START, sv)).toMatchObject({ name: "864", battery: "12 %, lågt", batteryLow: true, quiet: true, lastSeen: "för 16 min sedan" });
});
