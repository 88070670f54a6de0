// What this phone can do for its wearer, looked at before a session and said plainly.
import { computed, signal } from "@preact/signals-core";
import type { Charge, Leave } from "./senses";

export interface Found {
  position: Leave;
  motion: Leave;
  notices: Leave;
  charge: Charge | null;
  /** Whether the browser lets a page keep the screen on. */
  screen: boolean;
  sound: boolean;
  buzz: boolean;
  /** The phone's own disk takes what waits. */
  kept: boolean;
  /** The browser has promised not to clear it by itself. */
  durable: boolean;
  pin: boolean;
}

export type Grade = "good" | "doubt" | "bad";
export const CHECKS = ["battery", "position", "motion", "notices", "screen", "sound", "buzz", "kept", "pin"] as const;
export type CheckName = (typeof CHECKS)[number];

export interface Check {
  name: CheckName;
  grade: Grade;
  /** For the words check_<name>_<says>. */
  says: string;
  /** Its owner can be asked for leave here. */
  ask: boolean;
  pct: number | null;
}

const LOW_PCT = 20; // as for pool devices
const HALF_PCT = 50; // an evening's visits may empty it

export function checks(found: Found): readonly Check[] {
  const of = (name: CheckName, grade: Grade, says: string, ask = false, pct: number | null = null): Check => ({ name, grade, says, ask, pct });
  const leave = (name: CheckName, is: Leave, worst: Grade): Check =>
    of(name, is === "granted" ? "good" : is === "ask" ? "doubt" : worst, is, is === "ask");
  return [
    battery(found.charge, of),
    leave("position", found.position, "bad"),
    leave("motion", found.motion, "doubt"),
    leave("notices", found.notices, "doubt"),
    of("screen", found.screen ? "good" : "doubt", found.screen ? "yes" : "no"),
    of("sound", found.sound ? "good" : "doubt", found.sound ? "yes" : "no", !found.sound),
    of("buzz", found.buzz ? "good" : "doubt", found.buzz ? "yes" : "no"),
    of("kept", !found.kept ? "bad" : found.durable ? "good" : "doubt", !found.kept ? "no" : found.durable ? "yes" : "perhaps"),
    of("pin", found.pin ? "good" : "doubt", found.pin ? "yes" : "no"),
  ];
}

function battery(charge: Charge | null, of: (name: CheckName, grade: Grade, says: string, ask: boolean, pct: number | null) => Check): Check {
  if (!charge) return of("battery", "doubt", "missing", false, null);
  const pct = Math.round(charge.pct);
  if (charge.charging) return of("battery", "good", "charging", false, pct);
  if (pct < LOW_PCT) return of("battery", "bad", "low", false, pct);
  return of("battery", pct < HALF_PCT ? "doubt" : "good", pct < HALF_PCT ? "half" : "full", false, pct);
}

/** What the browser tells about itself, and how its owner is asked. */
export interface Able {
  look(): Promise<Pick<Found, "position" | "motion" | "notices" | "charge" | "screen" | "sound" | "buzz" | "durable">>;
  /** Must be called in a press: browsers ask then alone. */
  ask(name: CheckName): Promise<void>;
}

export class Readiness {
  readonly found = signal<Found | null>(null);
  readonly checks = computed(() => (this.found.value ? checks(this.found.value) : []));

  constructor(
    private readonly able: Able,
    private readonly kept: () => boolean,
    private readonly pin: () => boolean,
    private readonly changed: () => void,
  ) {}

  async look(): Promise<void> {
    this.found.value = { ...(await this.able.look()), kept: this.kept(), pin: this.pin() };
  }

  async ask(name: CheckName): Promise<void> {
    await this.able.ask(name);
    await this.look();
    this.changed();
  }
}
