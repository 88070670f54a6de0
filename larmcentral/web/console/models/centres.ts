// Contracted alarm receiving centres: which path answers, whether they do anything about us, and what they are told.
import type { Speech } from "../words/speech";
import type { ForwarderView, PathView, RowComplaintView, RowView } from "../../shared/shapes_forwarders";
import { ago } from "../../shared/account/incident";
import { pathWords } from "../../shared/account/ways";

export const TEST_LENGTHS_MIN = [30, 60, 120, 240] as const; // the server allows four hours: a forgotten one swallows alarms

export interface PathPicture {
  name: string;
  speaks: string;
  state: "heard" | "lost" | "untried" | "unwatched";
  stateWords: string;
  beat: string | null;
  /** What it answered last, as it said it. */
  answer: string | null;
}

export interface CentrePicture {
  name: string;
  label: string;
  telephone: string;
  inTest: boolean;
  testWords: string;
  paths: PathPicture[];
  unsigned: string;
  allSigned: boolean;
}

export function centre(view: ForwarderView, now: number, speech: Speech): CentrePicture {
  const until = view.test_until === null ? null : Date.parse(view.test_until);
  const inTest = view.in_test && (until === null || until > now);
  return {
    name: view.name,
    label: view.label,
    telephone: view.telephone,
    inTest,
    testWords: inTest && until !== null ? speech.say("centre_in_test", { time: speech.moment(until, now), left: speech.age(until - now) }) : speech.say("centre_not_in_test"),
    paths: view.paths.map((path) => pathPicture(path, now, speech)),
    unsigned: view.unsigned === 0 ? speech.say("rows_all_signed") : speech.say("rows_unsigned", { count: view.unsigned }),
    allSigned: view.unsigned === 0,
  };
}

function pathPicture(path: PathView, now: number, speech: Speech): PathPicture {
  const beat = path.beat;
  // A telephone number has no heartbeat: whether it answers is known when it is rung.
  const state = path.speaks === "number" ? "unwatched" : beat === null ? "untried" : beat.missed > 0 || beat.heard_at === null ? "lost" : "heard";
  const told: string[] = [];
  if (beat?.heard_at) told.push(speech.say("beat_heard", { age: ago(now - Date.parse(beat.heard_at), speech) }));
  if (beat && beat.missed > 0) told.push(speech.say("beat_missed", { count: beat.missed }));
  if (beat) told.push(speech.say("beat_every", { every: speech.age(beat.every_s * 1000) }));
  return {
    name: pathWords(path.name, speech),
    speaks: `${speech.sayOr("speaks", path.speaks)}${path.speaks === "number" ? "" : `, ${path.character_set}`}`,
    state,
    stateWords: speech.sayOr("path", state),
    beat: told.length > 0 ? told.join(" · ") : null,
    answer: beat?.words || null,
  };
}

export interface RowPicture {
  key: string;
  view: RowView;
  kind: string;
  codes: { sos: string; sia: string; cid: string };
  address: string;
  texts: string;
  whose: string;
  state: "signed" | "unsigned" | "faulty";
  stateWords: string;
}

/** In the order of the kinds; unsignedOnly leaves those that somebody has still to try. */
export function rowPictures(rows: readonly RowView[], unsignedOnly: boolean, now: number, speech: Speech): RowPicture[] {
  return rows.map((row) => rowPicture(row, now, speech)).filter((row) => !unsignedOnly || row.state !== "signed");
}

function rowPicture(row: RowView, now: number, speech: Speech): RowPicture {
  const state = row.complaints.length > 0 ? "faulty" : row.signed ? "signed" : "unsigned";
  return {
    key: `${row.kind}/${row.silent}`,
    view: row,
    kind: speech.sayOr("kind", row.kind),
    codes: { sos: row.event_code || "–", sia: row.sia || "–", cid: row.cid || "–" },
    address: [row.area, row.section, row.detector].map((part) => part || "–").join(" / "),
    texts: [row.section_text, row.detector_text].filter(Boolean).join(" · ") || "–",
    whose: row.version === 0 ? speech.say("row_proposed") : speech.say("row_agreed", { version: row.version }),
    state,
    stateWords:
      state === "faulty"
        ? speech.say("row_faulty", { count: row.complaints.length })
        : row.signed
          ? speech.say("row_signed", { time: speech.moment(row.signed.signed_at, now), path: pathWords(row.signed.path, speech) })
          : speech.say("row_unsigned"),
  };
}

/** What is to be said against a row: "SIA code: the code is missing (Primary)". */
export function rowComplaint(one: RowComplaintView, speech: Speech): string {
  const fault = speech.sayOr("row_fault", one.fault, undefined, one.fields);
  const where = one.path === null ? "" : ` (${pathWords(one.path, speech)})`;
  return `${speech.sayOr("row_field", one.field)}: ${fault}${where}`;
}
