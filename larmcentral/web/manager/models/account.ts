// The account of one incident with three clocks a line: the device's, the server's, and that of the person who did it.
import { LATE_S } from "../../shared/account/marks";
import { type Line, timeline } from "../../shared/account/timeline";
import type { IncidentDetail, SignalView, TimelineEntry } from "../../shared/shapes";
import type { Speech } from "../words/speech";

const QUIET_MS = 5 * 60_000; // so long without a line is worth a word: somebody will ask what happened then

/** Times of day, with the date where it is another day than the incident began. */
export interface Told extends Line {
  at: number;
  /** What the device said of its time; null where no signal came with the line, "" where it told no time. */
  device: string | null;
  server: string;
  /** When a person did it; null for what the system did. */
  person: string | null;
  /** How far the device's clock and ours lie apart, where it matters. */
  apart: string | null;
  /** What is missing before this line: lines not sent, or time in which nothing was written. */
  gap: string | null;
}

export function account(detail: IncidentDetail, speech: Speech): Told[] {
  const signals = new Map(detail.signals.map((one) => [one.id, one]));
  const began = Date.parse(detail.incident.opened_at);
  const lines = timeline(detail, speech);
  return detail.timeline.map((entry, index) => {
    const line = lines[index] as Line; // one line an entry
    const before = detail.timeline[index - 1];
    const signal = signals.get(entry.detail.signal ?? "");
    const claimed = signal ? (signal.event_at ?? signal.sent_at) : null;
    return {
      ...line,
      at: Date.parse(entry.at),
      device: signal === undefined ? null : claimed === null ? "" : speech.moment(claimed, began),
      server: speech.moment(entry.at, began),
      person: personsClock(entry, began, speech),
      apart: signal && claimed !== null ? apart(signal, claimed, speech) : null,
      gap: gap(entry, before, speech),
    };
  });
}

/** A person's own time where the phone told it, else when it reached us. */
function personsClock(entry: TimelineEntry, began: number, speech: Speech): string | null {
  if (entry.detail.made_at) return speech.moment(entry.detail.made_at, began);
  return entry.by.kind === "system" ? null : speech.moment(entry.at, began);
}

function apart(signal: SignalView, claimed: string, speech: Speech): string | null {
  const ms = Date.parse(signal.received_at) - Date.parse(claimed);
  if (Math.abs(ms) < LATE_S * 1000) return null;
  return speech.say(ms > 0 ? "clock_behind" : "clock_ahead", { length: speech.length(Math.abs(ms)) });
}

function gap(entry: TimelineEntry, before: TimelineEntry | undefined, speech: Speech): string | null {
  const missing = entry.seq - (before?.seq ?? 0) - 1;
  if (missing > 0) return speech.say(missing === 1 ? "gap_line" : "gap_lines", { count: missing });
  if (before === undefined) return null;
  const ms = Date.parse(entry.at) - Date.parse(before.at);
  return ms >= QUIET_MS ? speech.say("gap_quiet", { length: speech.length(ms) }) : null;
}

/** The index of the line that stands at a moment: the last one not after it; -1 before the first. */
export function lineAt(lines: readonly { at: number }[], moment: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.at ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
