// Nobody moves: the phone has lain the same way, as far as it can feel, for the agreed minutes. Pure.
import type { Jolt } from "./senses";

const MOVED_G = 0.08; // a breathing body moves a phone in a pocket by more
const GAP_MS = 20_000; // no readings for so long: the phone slept, and knows nothing of that time

export interface StillState {
  readonly rest: Jolt;
  readonly since: number;
  readonly at: number;
}

export function feltStill(state: StillState | null, jolt: Jolt, enoughMs: number): { state: StillState | null; still: boolean } {
  const fresh = { rest: jolt, since: jolt.at, at: jolt.at };
  if (!state || jolt.at - state.at > GAP_MS || distance(state.rest, jolt) > MOVED_G) return { state: fresh, still: false };
  if (jolt.at - state.since >= enoughMs) return { state: fresh, still: true };
  return { state: { ...state, at: jolt.at }, still: false };
}

const distance = (a: Jolt, b: Jolt): number => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
