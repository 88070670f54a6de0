// Who works alone just now, the most pressing first: what is due, where he is, what he said before he went in.
import { stopwatch } from "../../shared/say";
import type { SessionBeginFor, SessionView } from "../../shared/shapes_work";
import type { Speech } from "../words/speech";

const NEAR_MS = 5 * 60_000;

/** Stages in which somebody is missed: red, and never only by colour. */
const MISSED: ReadonlySet<SessionView["stage"]> = new Set<SessionView["stage"]>(["lost_contact", "overdue", "missed"]);
const ASKED: ReadonlySet<SessionView["stage"]> = new Set<SessionView["stage"]>(["welfare", "reminded"]);

export interface AloneRow {
  id: string;
  person: string;
  personId: string;
  phone: string | null;
  purpose: string;
  where: string | null;
  companions: string | null;
  tone: "calm" | "near" | "missed";
  stage: string;
  /** What comes next and when, and how long until then or since. */
  due: string;
  clock: string;
  started: string;
  memo: string | null;
  recording: boolean;
  /** He has been asked how he is, and has not said a word yet. */
  asked: boolean;
}

/** views: as the server orders them. */
export function aloneRows(views: readonly SessionView[], now: number, speech: Speech): AloneRow[] {
  return views.filter((view) => view.stage !== "ended").map((view) => {
    const [what, at] = next(view);
    const left = at === null ? null : Date.parse(at) - now;
    const tone = MISSED.has(view.stage) ? "missed" : ASKED.has(view.stage) || (left !== null && left < NEAR_MS) ? "near" : "calm";
    return {
      id: view.id,
      person: view.person,
      personId: view.person_id,
      phone: view.phone,
      purpose: view.purpose,
      where: view.place,
      companions: view.companions.length > 0 ? speech.say("alone_with", { list: speech.list(view.companions) }) : null,
      tone,
      stage: speech.sayOr("stage", view.stage),
      due: at === null ? speech.say("alone_nothing_due") : speech.say(what, { time: speech.moment(at, now) }),
      clock: left === null ? "–" : `${left < 0 ? "+" : ""}${stopwatch(left)}`,
      started: speech.say("alone_started", { time: speech.moment(view.started_at, now), age: speech.age(now - Date.parse(view.started_at)) }),
      memo: view.memo,
      recording: view.recording,
      asked: view.stage === "welfare",
    };
  });
}

/** The next thing that is due of a session, and when. */
function next(view: SessionView): ["alone_answer_by" | "alone_check_in" | "alone_ends", string | null] {
  const due = [
    ["alone_answer_by", view.answer_by],
    ["alone_check_in", view.check_in_due_at],
    ["alone_ends", view.ends_at],
  ] as const;
  const [first] = due.filter(([, at]) => at !== null).toSorted(([, a], [, b]) => Date.parse(a ?? "") - Date.parse(b ?? ""));
  return first ? [first[0], first[1]] : ["alone_ends", null];
}

/** What stands in the fields when somebody has called in. */
export interface BeginFields {
  personId: string | null;
  purpose: string;
  placeId: string;
  /** Minutes from now, empty for none. */
  lasts: string;
  /** Minutes, empty for none. */
  every: string;
  memo: string;
}

export const NOTHING_YET: BeginFields = { personId: null, purpose: "", placeId: "", lasts: "60", every: "", memo: "" };

/** What is missing before it can be sent, as keys of words; the server has the last say. */
export function missing(fields: BeginFields): ("begin_who" | "begin_purpose" | "begin_end")[] {
  const found: ("begin_who" | "begin_purpose" | "begin_end")[] = [];
  if (fields.personId === null) found.push("begin_who");
  if (fields.purpose.trim() === "") found.push("begin_purpose");
  if (fields.lasts === "" && fields.every === "") found.push("begin_end");
  return found;
}

export function begun(fields: BeginFields, now: number): SessionBeginFor {
  return {
    person_id: fields.personId ?? "",
    purpose: fields.purpose.trim(),
    place_id: fields.placeId === "" ? null : fields.placeId,
    ends_at: fields.lasts === "" ? null : new Date(now + Number(fields.lasts) * 60_000).toISOString(),
    check_in_every_s: fields.every === "" ? null : Number(fields.every) * 60,
    memo: fields.memo.trim() === "" ? null : fields.memo.trim(),
  };
}
