// What the phone itself can feel, tell and do, as the models ask for it. The browser's side is in device/.
import type { AppPosition } from "../../shared/shapes_work";

export type Leave = "granted" | "denied" | "ask" | "missing";

export interface Whereabouts {
  leave(): Promise<Leave>;
  /** A position within so long, or null. mayAsk: whether the browser may ask its owner for leave, which shows. */
  fix(withinMs: number, mayAsk: boolean): Promise<AppPosition | null>;
  /** Calls with each position until the returned function is called. */
  watch(on: (position: AppPosition) => void, mayAsk: boolean): () => void;
}

export interface Charge {
  pct: number;
  charging: boolean;
}

export interface Battery {
  /** Null where the browser does not tell. */
  charge(): Charge | null;
}

/** Milliseconds on, off, on ... Nothing happens where a phone cannot buzz. */
export type Buzz = (pattern: readonly number[]) => void;

/** One reading of the accelerometer, gravity included: in g, with the phone's own time in ms. */
export interface Jolt {
  at: number;
  x: number;
  y: number;
  z: number;
}

export interface Motion {
  leave(): Leave;
  /** Asks its owner, which some phones allow after a press alone. */
  ask(): Promise<Leave>;
  watch(on: (jolt: Jolt) => void): () => void;
}

export interface Senses {
  whereabouts: Whereabouts;
  battery: Battery;
  buzz: Buzz;
  motion: Motion;
}

/** What a signal tells of the phone that sends it. */
export function chargeOf(battery: Battery): { battery_pct?: number; charging?: boolean } {
  const charge = battery.charge();
  return charge ? { battery_pct: charge.pct, charging: charge.charging } : {};
}
