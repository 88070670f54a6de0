// Written from larmcentral/api/shapes_plans.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { Kind, OutcomeWord } from "./shapes";

/** PUT /api/action-plans/{plan_id}, part. key: the same as long as the step means the same. */
export interface PlanStepDraft {
  readonly key: string;
  readonly text: string;
}

/** PUT /api/action-plans/{plan_id}: for a kind, a unit, a place, or any; the most specific plan wins. place counts before unit, unit before kind. version: of the plan that was read, 0 for a new one. */
export interface ActionPlanDraft {
  readonly committee_id: string;
  readonly name: string;
  readonly kind?: Kind | null;
  readonly unit_id?: string | null;
  readonly place_id?: string | null;
  readonly steps: readonly PlanStepDraft[];
  readonly version: number;
}

/** One step of a plan. */
export interface PlanStepView {
  readonly key: string;
  readonly text: string;
}

/** One row of GET /api/action-plans. */
export interface ActionPlanView {
  readonly id: string;
  readonly committee_id: string;
  readonly name: string;
  readonly kind: Kind | null;
  readonly unit_id: string | null;
  readonly unit: string | null;
  readonly place_id: string | null;
  readonly place: string | null;
  readonly steps: readonly PlanStepView[];
  readonly version: number;
}

/** What came of a step: the newest word counts, all of them stand on the timeline. */
export interface StepRecord {
  readonly outcome: "done" | "not_possible" | "not_needed";
  readonly note: string;
  readonly by: string;
  readonly at: string;
}

/** A step of the plan that goes with an incident. record: null until somebody said what came of it. */
export interface IncidentStep {
  readonly key: string;
  readonly text: string;
  readonly record: StepRecord | null;
}

/** GET /api/incidents/{incident_id}/plan. name null and no steps: no plan goes with it. */
export interface IncidentPlan {
  readonly incident_id: string;
  readonly name: string | null;
  readonly version: number;
  readonly steps: readonly IncidentStep[];
}

/** POST /api/incidents/{incident_id}/plan/{key}: what came of a step; answered with the IncidentView. */
export interface StepDone {
  readonly outcome: "done" | "not_possible" | "not_needed";
  readonly note?: string;
}

/** POST /api/incidents/{incident_id}/message: words to the responders who were told and did not decline, or to the wearer. Never to the wearer of a silent alarm (409 `silent`). Answered with the IncidentView. */
export interface MessageSend {
  readonly to: "responders" | "wearer";
  readonly text: string;
}

/** A question that must be answered. choices: keys for words; note_for: choices that need words beside them. */
export interface ClosingField {
  readonly key: string;
  readonly choices: readonly string[];
  readonly note_for: readonly string[];
}

/** One row of GET /api/closing: what must be answered when an alarm of these kinds ends with this outcome. Of real alarms only; a drill or a test asks nothing. Kinds and outcomes without a row ask nothing. */
export interface ClosingForm {
  readonly kinds: readonly Kind[];
  readonly outcome: OutcomeWord;
  readonly fields: readonly ClosingField[];
}
