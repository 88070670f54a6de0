import { expect, test } from "vitest";
import { PATTERNS, samples } from "../../shared/siren";
import { freshness } from "./freshness";
import { soundKey, sounding, stillSilenced, title } from "./sounding";
import { START, incident } from "../../shared/testing/made";

const live = freshness(START, true, START, START);
const stale = freshness(START, true, START, START + 9000);
const fault = { id: "s", fault: "chain_used_up", incident_id: null, step: null, raised_at: "2026-11-22T02:00:00Z" };
const tone = (list: Parameters<typeof incident>[1][]) => sounding(list.map((w, i) => incident(`i${i}`, w)), [], live, new Set()).tone;

test("the gravest open alarm gives the tone", () => {
  expect(tone([{ gravity: 3 }])).toBe("mild");
  expect(tone([{ gravity: 3 }, { gravity: 2 }])).toBe("grave");
  expect(tone([{ gravity: 3 }, { gravity: 1 }])).toBe("gravest");
  expect(tone([])).toBeNull();
});

test("a covert alarm, a test and an alarm in hand make no sound; a drill does", () => {
  expect(tone([{ silent: true }])).toBeNull();
  expect(tone([{ purpose: "test" }])).toBeNull();
  expect(tone([{ state: "acknowledged" }])).toBeNull();
  expect(tone([{ purpose: "drill" }])).toBe("gravest");
});

test("our own faults sound, below any alarm", () => {
  expect(sounding([], [fault], live, new Set()).tone).toBe("system");
  expect(sounding([], [], stale, new Set()).tone).toBe("system");
  expect(sounding([incident("a", { gravity: 3 })], [fault], live, new Set()).tone).toBe("mild");
});

test("silencing quiets what sounds now; a new alarm sounds again", () => {
  const first = sounding([incident("a")], [fault], live, new Set());
  const silenced = new Set(first.keys());
  expect(sounding([incident("a")], [fault], live, silenced).tone).toBeNull();
  const again = sounding([incident("a"), incident("b", { gravity: 3 })], [fault], live, silenced);
  expect([again.tone, again.keys()]).toEqual(["mild", ["b/3/1"]]);
});

test("a silenced alarm sounds again when it grows graver, when its chain starts over, and when its acknowledgement lapses", () => {
  const silenced = new Set([soundKey(incident("a", { gravity: 2 }))]);
  const heard = (wish: Parameters<typeof incident>[1], quiet: ReadonlySet<string> = silenced) => sounding([incident("a", wish)], [], live, quiet).tone;
  expect(heard({ gravity: 2 })).toBeNull();
  expect(heard({ gravity: 1 })).toBe("gravest");
  expect(heard({ gravity: 2, round: 2 })).toBe("grave");
  const meanwhile = stillSilenced(silenced, [incident("a", { gravity: 2, state: "acknowledged" })], [], live);
  expect(heard({ gravity: 2 }, meanwhile)).toBe("grave");
});

test("what is silenced stays so while nothing changed", () => {
  const silenced = new Set([soundKey(incident("a"))]);
  expect(stillSilenced(silenced, [incident("a")], [], live)).toBe(silenced);
});

test("the title flashes the gravest call and counts what is open", () => {
  const calling = [{ kind: "Nödlarm", who: "Anna" }];
  expect(title(calling, 3, true, "Larmcentral")).toBe("▲ Nödlarm: Anna");
  expect(title(calling, 3, false, "Larmcentral")).toBe("(3) Larmcentral");
  expect(title([], 2, true, "Larmcentral")).toBe("(2) Larmcentral");
  expect(title([], 0, true, "Larmcentral")).toBe("Larmcentral");
});

test("every pattern is heard, stays within full scale, and loops without a click", () => {
  for (const name of Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]) {
    const wave = samples(name, 8000);
    const peak = wave.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
    expect(wave).toHaveLength(Math.round(PATTERNS[name].loop_s * 8000));
    expect(peak).toBeGreaterThan(0.2);
    expect(peak).toBeLessThanOrEqual(0.6);
    expect(Math.abs(wave[0] ?? 1)).toBeLessThan(0.01);
    expect(Math.abs(wave.at(-1) ?? 1)).toBeLessThan(0.01);
  }
});
