// How far a call for help has come, as three signs that cannot be taken for one another: words, shape and buzz differ.
import type { OwnAlarm } from "../../shared/shapes_work";
import type { Row } from "./outbox";

/** stored: on this phone only. sent: it has left the phone. received: on the centre's disk. taken: a person has it. */
export type Stage = "stored" | "sent" | "received" | "taken";

/** For the hand in the pocket: one long, two short, and a long roll for a person. A stored one buzzes low and twice. */
export const BUZZES: Readonly<Record<Stage, readonly number[]>> = {
  stored: [40, 200, 40],
  sent: [250],
  received: [90, 90, 90],
  taken: [500, 120, 500, 120, 500],
};
export const COVERT_BUZZ: readonly number[] = [18];
export const PRESSED_BUZZ: readonly number[] = [120];
export const TICK_BUZZ: readonly number[] = [25];

/** What was pressed on this phone and is answered: the outbox has forgotten it, the screen has not. */
export interface Answered {
  id: string;
  made_at: number;
  left_at: number | null;
  received_at: number;
}

export interface Step {
  stage: Stage;
  state: "done" | "now" | "next";
  at: number | null;
}

export interface Call {
  stage: Stage;
  steps: readonly Step[];
  made_at: number;
  /** How often it was tried in vain, where it still waits. */
  tries: number;
  tried_at: number | null;
}

const ORDER = ["sent", "received", "taken"] as const satisfies readonly Stage[];

/** The furthest that a call of one's own has come; null when none is open. */
export function callOf(waiting: readonly Row[], answered: Answered | null, alarms: readonly OwnAlarm[]): Call | null {
  const row = waiting.filter((one) => one.rank === "alarm" && one.refused === null).at(-1) ?? null;
  const open = alarms.find((one) => one.stage === "taken") ?? alarms[0] ?? null;
  if (!row && !answered && !open) return null;
  // A person who has it outranks a second press that is still on its way.
  if (open?.stage !== "taken" && row) {
    const sent = row.left_at !== null;
    return picture(sent ? "sent" : "stored", [row.left_at, null, null], row.made_at, sent ? row.tries - 1 : row.tries, row.tried_at);
  }
  const opened = open ? Date.parse(open.opened_at) : null;
  const received = answered?.received_at ?? opened;
  const made = answered?.made_at ?? opened ?? 0;
  const times = [answered?.left_at ?? answered?.made_at ?? opened, received, null];
  return picture(open?.stage === "taken" ? "taken" : "received", times, made, 0, null);
}

function picture(stage: Stage, times: readonly (number | null)[], made_at: number, tries: number, tried_at: number | null): Call {
  const reached = ORDER.findIndex((one) => one === stage); // -1 while it is only stored
  const steps = ORDER.map((one, i): Step => ({
    stage: one,
    state: i <= reached ? "done" : i === reached + 1 ? "now" : "next",
    at: times[i] ?? null,
  }));
  return { stage, steps, made_at, tries, tried_at };
}
