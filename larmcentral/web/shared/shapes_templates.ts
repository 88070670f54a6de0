// Written from larmcentral/api/shapes_templates.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { Kind } from "./shapes";

/** How a notice would read. counted, most: of the body with all placeholders at their samples, in unit. A text message has 160 septets, or 70 utf16 where a sign is not in the cheap alphabet. */
export interface RenderedWords {
  readonly title: string | null;
  readonly body: string;
  readonly counted: number;
  readonly most: number;
  readonly unit: "septets" | "utf16" | "bytes" | "signs";
  readonly title_counted: number | null;
  readonly title_most: number | null;
}

/** How we say it where a committee has no words of its own. */
export interface OwnWords {
  readonly medium: "push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager";
  readonly silent: boolean;
  readonly language: "sv" | "en";
  readonly rendered: RenderedWords;
}

/** A committee's template. kind null: of every kind that has none of its own. made_by: null once he is gone. */
export interface TemplateRow {
  readonly id: string;
  readonly committee_id: string;
  readonly medium: "push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager";
  readonly kind: Kind | null;
  readonly silent: boolean;
  readonly language: "sv" | "en";
  readonly title: string | null;
  readonly body: string;
  readonly version: number;
  readonly made_at: string;
  readonly made_by: string | null;
  readonly rendered: RenderedWords | null;
}

/** Why a template may not be saved: empty, title_missing, no_title_here, unknown_placeholder (name), stray_brace, control_sign (code), advice_missing, advice_not_silent, too_long (counted, most, unit). */
export interface TemplateComplaintView {
  readonly fault: string;
  readonly part: "title" | "body";
  readonly fields: Readonly<Record<string, string>>;
}

/** POST /api/templates/preview. rendered: null where the draft cannot be read at all. */
export interface TemplatePreview {
  readonly complaints: readonly TemplateComplaintView[];
  readonly rendered: RenderedWords | null;
}

/** What a template may leave open, written {so}, and what it counts as. A longer name is cut when it goes out. */
export interface PlaceholderView {
  readonly name: string;
  readonly sample: string;
}

/** GET /api/templates. own: our words for the kind that was asked for. kept: the committees' own, of all kinds. */
export interface TemplateShelfView {
  readonly placeholders: readonly PlaceholderView[];
  readonly own: readonly OwnWords[];
  readonly kept: readonly TemplateRow[];
}

/** POST /api/templates/preview. title: for push, mail, teams and webhook; null elsewhere. */
export interface TemplateWords {
  readonly medium: "push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager";
  readonly kind?: Kind | null;
  readonly silent?: boolean;
  readonly language?: "sv" | "en";
  readonly title?: string | null;
  readonly body: string;
}

/** PUT /api/templates. version: the one it was made from, 0 where the committee has none for these notices yet. */
export interface TemplateDraft {
  readonly committee_id: string;
  readonly version?: number;
  readonly medium: "push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager";
  readonly kind?: Kind | null;
  readonly silent?: boolean;
  readonly language?: "sv" | "en";
  readonly title?: string | null;
  readonly body: string;
}

/** The version that stands now. */
export interface TemplateSaved {
  readonly version: number;
}
