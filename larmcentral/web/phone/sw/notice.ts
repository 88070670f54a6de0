// What a push becomes on the screen: which words, how loud, which buttons, and where a press leads. No browser here.
import { type Language, Speech } from "../../shared/say";
import { WORKER as EN } from "../words/worker.en";
import { WORKER as SV } from "../words/worker.sv";
import { type AnswerWord, ANSWERS, type Told } from "./told";

/** What showNotification() takes; TypeScript's own list lacks half of it. */
export interface Options {
  body: string;
  tag: string;
  lang: Language;
  icon: string;
  badge: string;
  silent: boolean;
  renotify: boolean;
  requireInteraction: boolean;
  data: Told;
  actions: readonly { action: AnswerWord; title: string }[];
  timestamp?: number;
  /** Never beside silent: browsers refuse the two together. */
  vibrate?: readonly number[];
}

export interface Notice {
  title: string;
  options: Options;
  /** It goes away by itself after so long; null: it stays. */
  closesMs: number | null;
}

const ICON = "/phone/icon-192.png";
const BADGE = "/phone/badge-96.png";
/** They need an answer, so they stay until they get one. */
const STAYING: ReadonlySet<string> = new Set(["alarm", "pre_alarm", "welfare", "companion", "check_in_due"]);
/** They take an alarm's place on the screen and need nothing more. */
const ENDING: ReadonlySet<string> = new Set(["over", "released"]);
/** An alarm that one has answered: it asks nothing, and stays for the next answer. */
export const ANSWERED = "answered";
const ENDING_MS = 20_000; // long enough to be read on a table, gone before it is taken for an alarm
const ALARM_BUZZ = [700, 200, 700, 200, 700, 200, 700];
const OTHER_BUZZ = [300, 150, 300];
const VISIT: ReadonlySet<string> = new Set(["check_in_due", "end_due", "welfare", "pre_alarm"]);
const OWN: ReadonlySet<string> = new Set(["service", "point_gone", "return_due"]);

type Words = Speech<keyof typeof EN>;
const speech = (lang: Language): Words => new Speech(lang, lang === "sv" ? (SV satisfies Record<keyof typeof EN, string>) : EN);

/**
 * The notice to show; null where nothing may show.
 * most: how many buttons this browser draws.
 */
export function noticeOf(told: Told, most: number): Notice | null {
  // The server never sends it here. If it does all the same, a silent alarm's wearer is still not given away.
  if (told.about === "taken" && told.silent) return null;
  const alarm = told.about === "alarm";
  const loud = told.quiet ? {} : { vibrate: alarm ? ALARM_BUZZ : OTHER_BUZZ };
  const asks = alarm && told.answer !== null;
  return {
    title: told.title,
    options: {
      ...plain(told, told.body, asks ? ["going", "cannot", "on_site"] : [], most),
      ...loud,
      silent: told.quiet,
      renotify: true,
      requireInteraction: STAYING.has(told.about),
    },
    closesMs: ENDING.has(told.about) ? ENDING_MS : null,
  };
}

/** For a push that nobody can read: a browser shows one in words of its own if we show none. */
export function unreadable(lang: Language): Notice {
  const words = speech(lang);
  const told: Told = { about: "news", title: words.say("news"), body: words.say("news_lead"), tag: "news", lang, incident_id: null, silent: false, quiet: false, opened_at: null, answer: null, link: null };
  return { title: told.title, options: plain(told, told.body, [], 0), closesMs: null };
}

/** The answer is on its way; it is not said to have arrived. */
export function answering(told: Told, word: AnswerWord): Notice {
  const words = speech(told.lang);
  return { title: told.title, options: { ...plain({ ...told, about: ANSWERED }, lines(words.say("answering", { word: words.sayOr("do", word) }), told.body), [], 0), requireInteraction: true }, closesMs: null };
}

/** The server has the answer. */
export function answered(told: Told, word: AnswerWord, most: number): Notice {
  const words = speech(told.lang);
  const next: Readonly<Record<AnswerWord, readonly AnswerWord[]>> = { going: ["on_site", "cannot"], cannot: ["going"], on_site: [] };
  const body = lines(words.say("answered_lead"), told.title, told.body);
  const options = plain({ ...told, about: ANSWERED }, body, next[word], most);
  return { title: words.sayOr("answered", word), options, closesMs: word === "going" ? null : ENDING_MS };
}

/** lost: no answer from the server; over: it said that nobody is needed any more; refused: it said no. */
export function unanswered(told: Told, word: AnswerWord, why: "lost" | "over" | "refused", most: number): Notice {
  const words = speech(told.lang);
  if (why === "over") return { title: words.say("answer_over"), options: plain(told, told.title, [], 0), closesMs: ENDING_MS };
  const [title, lead] =
    why === "lost"
      ? [words.say("answer_lost"), words.say("answer_lost_lead", { word: words.sayOr("do", word) })]
      : [words.say("answer_refused"), words.say("answer_refused_lead")];
  const loud = told.quiet ? {} : { vibrate: OTHER_BUZZ, silent: false };
  const again = why === "lost" ? [word, ...ANSWERS.filter((one) => one !== word)] : [];
  return { title, options: { ...plain(told, lines(lead, told.title, told.body), again, most), ...loud, renotify: true, requireInteraction: true }, closesMs: null };
}

/** The proof came through the push, and went back to the server by itself. */
export function proven(told: Told): Notice {
  const words = speech(told.lang);
  return { title: words.say("proven"), options: plain(told, words.say("proven_lead"), [], 0), closesMs: null };
}

/** Where a press on the notice itself leads, as the app's own address. */
export function hashFor(told: Told): string {
  if (VISIT.has(told.about)) return "#/visit";
  if (OWN.has(told.about)) return "#/me";
  if (told.about === "taken" || told.incident_id === null) return "#/alarm";
  return `#/calls/${told.incident_id}`;
}

function plain(told: Told, body: string, actions: readonly AnswerWord[], most: number): Options {
  const words = speech(told.lang);
  return {
    body,
    tag: told.tag,
    lang: told.lang,
    icon: ICON,
    badge: BADGE,
    silent: true,
    renotify: false,
    requireInteraction: false,
    data: told,
    actions: actions.slice(0, most).map((action) => ({ action, title: words.sayOr("do", action) })),
    ...(told.opened_at === null ? {} : { timestamp: told.opened_at }),
  };
}

const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n");
