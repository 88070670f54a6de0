// One found incident as a line of the table.
import { LATE_S } from "../../shared/account/marks";
import type { IncidentRow } from "../../shared/shapes_reports";
import type { Speech } from "../words/speech";

const TENTHS_S = 10; // below that a tenth matters, as the bar is at ten
const LENGTH_S = 120;

export interface Found {
  id: string;
  number: string;
  date: string;
  time: string;
  kind: string;
  marks: { kind: "silent" | "drill" | "test" | "late"; words: string }[];
  who: string;
  unit: string | null;
  place: string | null;
  shown: string;
  accepted: string;
  closed: string;
  outcome: string;
  open: boolean;
}

/** 0.4 s, 12 s, 4 min 10 s. */
export function seconds(s: number, speech: Speech): string {
  if (s >= LENGTH_S) return speech.length(s * 1000);
  return speech.say("unit_s", { n: s < TENTHS_S ? speech.decimal(s.toFixed(1)) : Math.round(s) });
}

export function found(row: IncidentRow, speech: Speech): Found {
  const open = row.state !== "stood_down";
  const waits = speech.say(open ? "not_yet" : "never");
  const after = (s: number | null) => (s === null ? waits : seconds(s, speech));
  const marks: Found["marks"] = [];
  if (row.purpose === "drill") marks.push({ kind: "drill", words: speech.say("mark_drill") });
  if (row.purpose === "test") marks.push({ kind: "test", words: speech.say("mark_test") });
  if (row.silent) marks.push({ kind: "silent", words: speech.say("mark_silent") });
  if (row.lateness_s !== null && row.lateness_s >= LATE_S) marks.push({ kind: "late", words: speech.say("mark_late", { age: speech.length(row.lateness_s * 1000) }) });
  return {
    id: row.id,
    number: row.number,
    date: speech.date(row.opened_at),
    time: speech.time(row.opened_at),
    kind: speech.sayOr("kind", row.kind),
    marks,
    who: row.person ?? speech.say("unknown_person"),
    unit: row.unit,
    place: row.place,
    shown: after(row.shown_s),
    accepted: after(row.accepted_s),
    closed: after(row.stood_down_s),
    outcome: row.outcome ? speech.sayOr("outcome", row.outcome) : speech.sayOr("state_of", row.state),
    open,
  };
}
