// The account of an incident, line by line, in words.
import type { AccountSpeech as Speech } from "../words/account";
import type { ClosingGiven, IncidentDetail, TimelineEntry } from "../shapes";
import { reasonWords } from "./reason";
import { pathWords, secondsWords } from "./ways";

export interface Line {
  seq: number;
  time: string;
  /** Set on the first line of a day that is not the first. */
  day: string | null;
  /** Who did it, where a person did; the words go on after the name. */
  by: string | null;
  words: string;
  /** What a person wrote, shown as it was written. */
  quote: string | null;
  /** What it was stood down with, question and answer. */
  answers: string[];
  weight: "person" | "system" | "trouble";
}

const DRILL_NOTE_SEQ = 20; // it comes with the opening; later the word is only a word
const TROUBLE = new Set([
  "notice_failed", "roster_fault", "chain_used_up", "acknowledgement_lapsed", "owner_idle", "contact_lost", "fired_late", "upgraded",
  "notice_waits", "way_passed_over", "receiver_unreached", "device_not_told",
]);

export function timeline(detail: IncidentDetail, speech: Speech): Line[] {
  const names = namesOf(detail);
  let day = "";
  return detail.timeline.map((entry, index) => {
    const date = speech.date(entry.at);
    const first = date !== day && index > 0;
    day = date;
    const by = entry.by.kind === "system" || entry.kind === "shown" ? null : (entry.by.name ?? speech.say("by_somebody"));
    const words = wording(entry, names, speech);
    const trouble = TROUBLE.has(entry.kind) || (entry.kind === "receiver_took" && (entry.detail.in_test === "true" || entry.detail.by_telephone === "true"));
    return {
      seq: entry.seq,
      time: speech.time(entry.at),
      day: first ? date : null,
      by,
      words: by === null ? words : words.charAt(0).toLowerCase() + words.slice(1),
      quote: quoteOf(entry),
      answers: answersIn(entry.detail, speech),
      weight: trouble ? "trouble" : by === null ? "system" : "person",
    };
  });
}

function quoteOf(entry: TimelineEntry): string | null {
  if (isDrillStart(entry)) return null;
  const words = entry.kind === "step_recorded" ? null : entry.detail.text; // there it is the plan's own text
  return words || entry.detail.note || null;
}

const ANSWER = /^closing_([a-z_]+?)(_note)?$/;

function answersIn(detail: TimelineEntry["detail"], speech: Speech): string[] {
  return Object.entries(detail).flatMap(([name, choice]) => {
    const [, key, isNote] = ANSWER.exec(name) ?? [];
    return key && !isNote ? [closingWords({ key, choice, note: detail[`${name}_note`] ?? "" }, speech)] : [];
  });
}

/** A question that was answered when it was stood down, and its answer. */
export function closingWords(given: ClosingGiven, speech: Speech): string {
  const answer = speech.sayOr("closing", `${given.key}_${given.choice}`, () => given.choice.replaceAll("_", " "));
  return [`${speech.sayOr("closing", given.key)} ${answer}`, given.note].filter(Boolean).join(": ");
}

/** The server writes who started a drill as a note with this one word. */
function isDrillStart(entry: TimelineEntry): boolean {
  return entry.kind === "note" && entry.seq <= DRILL_NOTE_SEQ && entry.detail.text === "drill";
}

function namesOf(detail: IncidentDetail): ReadonlyMap<string, string> {
  return new Map(detail.incident.responders.map((r) => [r.person_id, r.name]));
}

function wording(entry: TimelineEntry, names: ReadonlyMap<string, string>, speech: Speech): string {
  const d = entry.detail;
  const number = (text: string | undefined) => (text !== undefined && /^\d+$/.test(text) ? Number(text) + 1 : null);
  const step = number(d.step);
  const kind = d.kind ? speech.sayOr("kind", d.kind) : null;
  const channel = d.channel && d.channel !== "receiver" ? speech.say("entry_channel", { channel: speech.sayOr("channel", d.channel) }) : "";
  const person = d.person ? (names.get(d.person) ?? speech.say("someone")) : null;
  const receiver = d.receiver ?? "";
  const who = d.receiver
    ? speech.say("entry_receiver", { name: receiver })
    : (person ?? speech.say(d.channel === "console" || d.channel === undefined ? "desk" : "someone"));
  const reason = d.reason ? ` (${speech.say("entry_reason", { reason: reasonWords(d.reason, speech) })})` : "";
  switch (entry.kind) {
    case "opened":
      return kind ? speech.say("entry_opened_kind", { kind }) : speech.say("entry_opened");
    case "alarm_joined":
      return kind ? speech.say("entry_alarm_joined_kind", { kind }) : speech.say("entry_alarm_joined");
    case "step_begun":
      return step === null ? speech.say("entry_step_begun") : speech.say("entry_step_begun_n", { step });
    case "step_passed_over":
      if (step === null || !d.why) return speech.say("entry_step_passed_over");
      return speech.say("entry_step_passed_over_n", { step, why: speech.sayOr("why", d.why) });
    case "note":
      return speech.say(isDrillStart(entry) ? "entry_drill_started" : "entry_note");
    case "drill":
      return speech.say("entry_drill_started");
    case "turn":
      return speech.say("entry_turn", { who: person ?? speech.say("someone") });
    case "step_repeated":
      return step === null ? speech.say("entry_step_repeated") : speech.say("entry_step_repeated_n", { step });
    case "jumped":
      return step === null ? speech.say("entry_jumped") : speech.say("entry_jumped_n", { step });
    case "on_hold":
      return d.wait_s ? speech.say("entry_on_hold_s", { length: speech.length(Number(d.wait_s) * 1000) }) : speech.say("entry_on_hold");
    case "upgraded":
      return kind ? speech.say("entry_upgraded_kind", { kind: kind.toLowerCase() }) : speech.say("entry_upgraded");
    case "fired_late":
      return d.late_s ? speech.say("entry_fired_late_s", { length: speech.length(Number(d.late_s) * 1000) }) : speech.say("entry_fired_late");
    case "device_asked":
    case "device_told":
    case "device_not_told":
      return speech.say(`entry_${entry.kind}`, {
        what: speech.sayOr("said", d.what ?? "", () => speech.say("device")).toLowerCase(),
        why: speech.sayOr("said_unsaid", d.why ?? "", () => speech.say("said_unsaid_expired")),
      });
    case "device_answered":
      return speech.say("entry_device_answered", { answer: d.answer || speech.say("sheet_yes") });
    case "step_recorded":
      return speech.say("entry_step_recorded", { step: d.text ?? "", what: speech.sayOr("plan_was", d.outcome ?? "") });
    case "message_sent":
      return speech.say(d.to === "wearer" ? "entry_message_to_wearer" : "entry_message_to_responders");
    case "sos_call":
      return d.what ? speech.sayOr("entry_sos", d.what, () => speech.say("entry_sos_call")) : speech.say("entry_sos_call");
    case "notice_filed":
      return speech.say("entry_notice_filed", { who, channel });
    case "notice_sent":
      return speech.say("entry_notice_sent", { who, channel });
    case "notice_delivered":
      return speech.say("entry_notice_delivered", { who, channel });
    case "notice_failed":
      return speech.say("entry_notice_failed", { who, channel }) + reason;
    case "notice_waits":
      return (d.due ? speech.say("entry_notice_waits_until", { who, channel, time: speech.time(d.due) }) : speech.say("entry_notice_waits", { who, channel })) + reason;
    case "way_passed_over": {
      const channels = (d.channels ?? "").split(" ").filter(Boolean);
      if (channels.length === 0) return speech.say("entry_way_passed_over_some");
      return speech.say("entry_way_passed_over", { channels: speech.list(channels.map((one) => speech.sayOr("channel", one))), who });
    }
    case "path_tried":
    case "receiver_took":
    case "receiver_unreached":
    case "receiver_knows":
      return centreWords(entry, receiver, speech);
    case "notice_withdrawn":
      return person ? speech.say("entry_notice_withdrawn", { who: person }) : speech.say("entry_notices_withdrawn");
    case "roster_fault":
      return step === null ? speech.say("entry_roster_fault") : speech.say("entry_roster_fault_n", { step });
    case "acknowledged":
      return speech.say(entry.by.kind === "responder" ? "entry_acknowledged_responder" : "entry_acknowledged");
    case "released":
      return speech.say("entry_released", { who: person ?? entry.by.name ?? speech.say("someone") });
    case "shown":
      return entry.by.name ? speech.say("entry_shown_by", { name: entry.by.name }) : speech.say("entry_shown");
    case "stood_down":
      return d.outcome
        ? speech.say("entry_stood_down_outcome", { outcome: speech.sayOr("outcome", d.outcome).toLowerCase() })
        : speech.say("entry_stood_down");
    default:
      return speech.sayOr("entry", entry.kind, (value) => speech.say("entry_other", { kind: value.replaceAll("_", " ") }));
  }
}

/** What became of telling an alarm receiving centre. */
function centreWords(entry: TimelineEntry, receiver: string, speech: Speech): string {
  const d = entry.detail;
  const path = pathWords(d.path ?? "", speech).toLowerCase();
  switch (entry.kind) {
    case "path_tried": {
      const result = d.result ? ` (${reasonWords(d.result, speech)})` : "";
      if (d.took !== "yes") return speech.say("entry_path_failed", { receiver, path }) + result;
      return speech.say("entry_path_took", { receiver, path, seconds: secondsWords(Number(d.seconds ?? 0), speech) });
    }
    case "receiver_took":
      if (d.by_telephone === "true") return speech.say(d.about === "over" ? "entry_receiver_told_over" : "entry_receiver_told", { receiver, path });
      if (d.in_test === "true") return speech.say("entry_receiver_took_in_test", { receiver });
      return d.about === "over" ? speech.say("entry_receiver_took_over", { receiver }) : speech.say("entry_receiver_took", { receiver, path });
    case "receiver_unreached":
      return speech.say(d.lasting === "true" ? "entry_receiver_unreached_lasting" : "entry_receiver_unreached", { receiver });
    default:
      return speech.say("entry_receiver_knows", { receiver });
  }
}
