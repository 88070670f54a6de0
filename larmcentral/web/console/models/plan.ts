// The action plan of an incident: its steps, what came of each, and which is next. A tick is drawn when the server has it.
import { batch, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { DeskApi } from "../../shared/api_desk";
import type { IncidentPlan, StepRecord } from "../../shared/shapes_plans";
import type { Speech } from "../words/speech";

export const STEP_OUTCOMES = ["done", "not_possible", "not_needed"] as const satisfies readonly StepRecord["outcome"][];
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

export class PlanDesk {
  /** Null until it is there. */
  readonly plan = signal<IncidentPlan | null>(null);
  readonly failed = signal(false);

  constructor(
    private readonly api: Pick<DeskApi, "plan">,
    readonly incident: string,
  ) {}

  /** Again at each change of the incident; an answer that is late does not replace a newer one. */
  async load(): Promise<void> {
    try {
      const plan = await this.api.plan(this.incident);
      batch(() => {
        if (!olderThan(plan, this.plan.value)) this.plan.value = plan;
        this.failed.value = false;
      });
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.failed.value = this.plan.value === null; // what one has seen stays
    }
  }

  close(): void {}
}

const newest = (plan: IncidentPlan) => Math.max(0, ...plan.steps.map((step) => (step.record ? Date.parse(step.record.at) : 0)));

function olderThan(plan: IncidentPlan, known: IncidentPlan | null): boolean {
  return known !== null && plan.name === known.name && plan.version === known.version && newest(plan) < newest(known);
}

export interface StepLine {
  key: string;
  number: number;
  text: string;
  outcome: StepOutcome | null;
  /** "Done, Karin 02:07:31", null where nothing is recorded. */
  record: string | null;
  note: string | null;
}

export interface PlanPicture {
  name: string;
  steps: StepLine[];
  recorded: number;
  /** The first step that nobody has said anything of. */
  next: string | null;
}

/** Null where no plan goes with the incident. now: decides which times need their date. */
export function planPicture(plan: IncidentPlan, now: number, speech: Speech): PlanPicture | null {
  if (plan.name === null) return null;
  const steps = plan.steps.map((step, index) => ({
    key: step.key,
    number: index + 1,
    text: step.text,
    outcome: step.record?.outcome ?? null,
    record: step.record && speech.say("plan_record", { what: speech.sayOr("plan_was", step.record.outcome), name: step.record.by, time: speech.moment(step.record.at, now) }),
    note: step.record?.note || null,
  }));
  return { name: plan.name, steps, recorded: steps.filter((step) => step.outcome !== null).length, next: steps.find((step) => step.outcome === null)?.key ?? null };
}
