// Whether a panic could reach anybody: a row a unit, a column an hour, the gaps first.
import type { ReachRow, ReachSlot } from "../../shared/shapes_desk";
import type { Speech } from "../words/speech";

const HOUR_MS = 3_600_000;

export interface ReachCell {
  /** nobody: the whole hour; gap: a part of it; one: a single person, so nobody to take over. */
  state: "nobody" | "gap" | "one" | "some" | "unknown";
  /** What stands in the cell: a figure or a sign, never colour alone. */
  sign: string;
  /** Said in full: who, or from when to when nobody. */
  words: string;
}

export interface ReachLine {
  key: string;
  unit: string;
  chain: string;
  /** The first gap in words; null without one. */
  gap: string | null;
  cells: ReachCell[];
}

export interface ReachBoard {
  hours: string[];
  lines: ReachLine[];
  gaps: number;
}

/** hours: how many columns; the first is the hour that runs. */
export function reachBoard(rows: readonly ReachRow[], hours: number, now: number, speech: Speech): ReachBoard {
  const from = Math.floor(now / HOUR_MS) * HOUR_MS;
  const starts = Array.from({ length: hours }, (_, i) => from + i * HOUR_MS);
  const found = rows.map((row) => ({ row, firstGap: firstGap(row, now) }));
  const lines = found
    .toSorted((a, b) => (a.firstGap ?? Infinity) - (b.firstGap ?? Infinity) || a.row.unit.localeCompare(b.row.unit, speech.language))
    .map(({ row, firstGap: gap }) => ({
      key: `${row.committee_id}/${row.unit_id ?? ""}`,
      unit: row.unit,
      chain: row.chain ?? speech.say("reach_no_chain"),
      gap: gap === null ? null : gap <= now ? speech.say("reach_gap_now") : speech.say("reach_gap_from", { time: speech.moment(gap, now).slice(0, -3) }),
      cells: starts.map((start) => cell(row.slots, Math.max(start, now), start + HOUR_MS, speech)),
    }));
  return { hours: starts.map((start) => speech.time(start).slice(0, 2)), lines, gaps: found.filter((one) => one.firstGap !== null).length };
}

function firstGap(row: ReachRow, now: number): number | null {
  const gaps = row.slots.filter((slot) => slot.nobody && Date.parse(slot.until_at) > now).map((slot) => Date.parse(slot.from_at));
  return gaps.length === 0 ? null : Math.max(now, Math.min(...gaps));
}

function cell(slots: readonly ReachSlot[], from: number, until: number, speech: Speech): ReachCell {
  const within = slots.filter((slot) => Date.parse(slot.from_at) < until && Date.parse(slot.until_at) > from);
  if (within.length === 0) return { state: "unknown", sign: "–", words: speech.say("reach_unknown") };
  const empty = within.filter((slot) => slot.nobody);
  const said = within.map((slot) => slotWords(slot, speech)).join("; ");
  if (empty.length === within.length) return { state: "nobody", sign: "0", words: said };
  if (empty.length > 0) return { state: "gap", sign: "0", words: said };
  const fewest = Math.min(...within.map((slot) => slot.persons.length));
  return { state: fewest <= 1 ? "one" : "some", sign: String(fewest), words: said };
}

function slotWords(slot: ReachSlot, speech: Speech): string {
  const span = { from: speech.time(slot.from_at).slice(0, 5), until: speech.time(slot.until_at).slice(0, 5) };
  return slot.nobody ? speech.say("reach_slot_nobody", span) : speech.say("reach_slot", { ...span, list: speech.list(slot.persons) });
}
