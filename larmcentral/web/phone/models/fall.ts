// Falls and blows felt by the phone: weightless, then an impact, then nobody moves. Pure; one reading after the other.
import type { Jolt } from "./senses";

const FREE_G = 0.4; // lighter than this is falling
const IMPACT_G = 2.5;
const IMPACT_WITHIN_MS = 1200; // two metres take 0.64 s; a body that strikes something on its way a little longer
const SETTLE_MS = 1500; // the phone may still roll
const STILL_G = 0.25; // further from its resting weight than this is a movement
export const FALL_STILL_MS = 10_000;
export const BLOW_STILL_MS = 30_000; // a blow without a fall: longer, since phones are dropped on tables

export type FallKind = "fall" | "man_down";

export type FallState =
  | { readonly phase: "calm" }
  | { readonly phase: "falling"; readonly since: number }
  | { readonly phase: "down"; readonly since: number; readonly kind: FallKind };

export const CALM: FallState = { phase: "calm" };

export const weight = ({ x, y, z }: Jolt): number => Math.hypot(x, y, z);

/** What is known after one more reading; kind: somebody has fallen, or was struck down, and lies still. */
export function felt(state: FallState, jolt: Jolt): { state: FallState; kind: FallKind | null } {
  const g = weight(jolt);
  if (state.phase === "down") return lying(state, g, jolt.at);
  if (g > IMPACT_G) {
    const fell = state.phase === "falling" && jolt.at - state.since <= IMPACT_WITHIN_MS;
    return { state: { phase: "down", since: jolt.at, kind: fell ? "fall" : "man_down" }, kind: null };
  }
  if (g < FREE_G) return { state: { phase: "falling", since: jolt.at }, kind: null };
  if (state.phase === "falling" && jolt.at - state.since > IMPACT_WITHIN_MS) return { state: CALM, kind: null };
  return { state, kind: null };
}

function lying(state: Extract<FallState, { phase: "down" }>, g: number, at: number): { state: FallState; kind: FallKind | null } {
  const lain = at - state.since;
  if (g > IMPACT_G && lain <= SETTLE_MS) return { state: { ...state, since: at }, kind: null }; // it bounces
  if (lain > SETTLE_MS && Math.abs(g - 1) > STILL_G) return { state: CALM, kind: null };
  const enough = state.kind === "fall" ? FALL_STILL_MS : BLOW_STILL_MS;
  return lain >= enough ? { state: CALM, kind: state.kind } : { state, kind: null };
}
