// How notices read: our own words, and what a committee wants said instead, medium by medium.
import type { Speech } from "../words/speech";
import type { Kind } from "../../shared/shapes";
import type { OwnWords, RenderedWords, TemplateComplaintView, TemplateRow, TemplateShelfView, TemplateWords } from "../../shared/shapes_templates";

export type Medium = TemplateWords["medium"];
export type TextLanguage = TemplateRow["language"];

/** They have a title apart from the body. */
export const TITLED: ReadonlySet<Medium> = new Set<Medium>(["push", "mail", "teams", "webhook"]);

/** What the shelf shows. kind null: the words for every kind that has none of its own. */
export interface Choice {
  committee: string;
  kind: Kind | null;
  language: TextLanguage;
}

export interface TextPicture {
  key: string;
  medium: Medium;
  mediumWords: string;
  silent: boolean;
  /** Whose words go out: ours, the committee's for this kind, or the committee's for all kinds. */
  whose: "ours" | "theirs" | "theirs_all";
  whoseWords: string;
  /** The committee's own row that this choice edits; null where it has none. */
  kept: TemplateRow | null;
  title: string | null;
  body: string;
  count: Count;
  /** Where an editor begins: the committee's words, or none. */
  begin: { title: string; body: string };
}

export interface Count {
  words: string;
  over: boolean;
  /** A text message with a sign outside the cheap alphabet has 70 instead of 160. */
  short: boolean;
}

export function shelf(view: TemplateShelfView, choice: Choice, speech: Speech): TextPicture[] {
  return view.own.filter((own) => own.language === choice.language).map((own) => picture(own, view, choice, speech));
}

function picture(own: OwnWords, view: TemplateShelfView, choice: Choice, speech: Speech): TextPicture {
  const alike = view.kept.filter((t) => t.committee_id === choice.committee && t.medium === own.medium && t.silent === own.silent && t.language === own.language);
  const kept = alike.find((t) => t.kind === choice.kind) ?? null;
  const general = alike.find((t) => t.kind === null) ?? null;
  const used = kept ?? general;
  const whose = used === null ? "ours" : used.kind === null ? "theirs_all" : "theirs";
  const shown = used?.rendered ?? own.rendered;
  return {
    key: `${own.medium}/${own.silent}`,
    medium: own.medium,
    mediumWords: speech.sayOr("medium", own.medium),
    silent: own.silent,
    whose,
    whoseWords: speech.sayOr("whose", whose),
    kept,
    title: shown.title,
    body: shown.body,
    count: count(shown, speech),
    begin: { title: used?.title ?? "", body: used?.body ?? "" },
  };
}

/** "136 av 160 tecken", and whether a text message has only 70. */
export function count(rendered: RenderedWords, speech: Speech): Count {
  const told = (counted: number, most: number) => speech.say("counted", { counted, most, unit: speech.sayOr("unit_of", rendered.unit) });
  const title = rendered.title_counted !== null && rendered.title_most !== null ? `${speech.say("text_title")} ${rendered.title_counted}/${rendered.title_most} · ` : "";
  return {
    words: title + told(rendered.counted, rendered.most),
    over: rendered.counted > rendered.most || (rendered.title_counted ?? 0) > (rendered.title_most ?? Infinity),
    short: rendered.unit === "utf16",
  };
}

/** Why a text may not be saved, with what belongs to it. */
export function textComplaint(one: TemplateComplaintView, speech: Speech): string {
  const unit = one.fields.unit ? speech.sayOr("unit_of", one.fields.unit) : "";
  const fault = speech.sayOr("text_fault", one.fault, undefined, { ...one.fields, unit });
  return `${speech.sayOr("text_part", one.part)}: ${fault}`;
}
