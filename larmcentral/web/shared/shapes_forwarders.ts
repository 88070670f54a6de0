// Written from larmcentral/api/shapes_forwarders.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { Kind } from "./shapes";

/** The last sign of life on a path, or the last look. missed: in a row, 0 while it answers. */
export interface BeatView {
  readonly path: string;
  readonly every_s: number;
  readonly tried_at: string;
  readonly heard_at: string | null;
  readonly missed: number;
  readonly words: string;
}

/** A path in the order of trying. speaks: sos_access, dc09_sia, dc09_cid or number. */
export interface PathView {
  readonly name: string;
  readonly speaks: string;
  readonly character_set: string;
  readonly beat: BeatView | null;
}

/** One row of GET /api/forwarders. in_test: the centre does nothing about what we send until test_until. unsigned: rows that nobody has tried with the centre as they are now. */
export interface ForwarderView {
  readonly name: string;
  readonly label: string;
  readonly telephone: string;
  readonly in_test: boolean;
  readonly test_until: string | null;
  readonly test_changed_at: string | null;
  readonly test_changed_by: string | null;
  readonly unsigned: number;
  readonly paths: readonly PathView[];
}

/** Who has seen with the centre that a row arrives as agreed. */
export interface SignatureView {
  readonly signed_at: string;
  readonly signed_by: string;
  readonly tested_at: string;
  readonly path: string;
  readonly note: string;
}

/** What is to be said against a row: in which field, for which path (null: all), with what belongs to it. */
export interface RowComplaintView {
  readonly fault: string;
  readonly field: string;
  readonly path: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

/** One row of GET /api/forwarders/{name}/rows. version: 0 is our proposal. why: why we propose these codes. */
export interface RowView {
  readonly kind: Kind;
  readonly silent: boolean;
  readonly version: number;
  readonly event_code: string;
  readonly sia: string;
  readonly cid: string;
  readonly area: string;
  readonly section: string;
  readonly detector: string;
  readonly section_text: string;
  readonly detector_text: string;
  readonly text: string;
  readonly why: string;
  readonly made_at: string | null;
  readonly made_by: string | null;
  readonly signed: SignatureView | null;
  readonly complaints: readonly RowComplaintView[];
}

/** PUT /api/forwarders/{name}/rows/{kind}/{silence}. version: of the row it was made from, 0 for our proposal. */
export interface RowDraft {
  readonly version?: number;
  readonly event_code: string;
  readonly sia: string;
  readonly cid: string;
  readonly area?: string;
  readonly section?: string;
  readonly detector?: string;
  readonly section_text?: string;
  readonly detector_text?: string;
  readonly text?: string;
}

/** The version that holds from now on. */
export interface RowSaved {
  readonly version: number;
}

/** What a path would send of a made-up case; passwords masked. notes: what had to be cut or written otherwise. */
export interface RehearsedView {
  readonly path: string;
  readonly text: string;
  readonly notes: readonly string[];
}

/** What a row would say, and what is to be said against it. */
export interface RowRehearsal {
  readonly complaints: readonly RowComplaintView[];
  readonly paths: readonly RehearsedView[];
}

/** POST /api/forwarders/{name}/test-state. until: at most four hours ahead; null ends it. */
export interface InTestDraft {
  readonly until: string | null;
}

/** A test is on its way; GET /api/service-messages/{message_id} says what came back. */
export interface RowTestAsked {
  readonly message_id: string;
}

/** POST /api/forwarders/{name}/rows/{kind}/{silence}/sign. test_id: of the test that the centre took. */
export interface SignDraft {
  readonly test_id: string;
  readonly note?: string;
}
