// One action plan under the hand: steps are written, moved and taken away; it goes live only when the server has it.
import { batch, computed, signal } from "@preact/signals-core";
import type { Kind } from "../../shared/shapes";
import type { ActionPlanDraft, ActionPlanView } from "../../shared/shapes_plans";
import type { Speech } from "../words/speech";
import type { ManagerApi } from "./api";
import { Errand } from "./asked";

export const STEPS_MOST = 30;
export const STEP_LETTERS = 500;

export interface Step {
  /** The same as long as the step means the same: what was recorded under it hangs on it. */
  key: string;
  text: string;
}

/** What one writes. kind, unit, place: "" for any. */
export interface Draft {
  committee: string;
  name: string;
  kind: Kind | "";
  unit: string;
  place: string;
  steps: readonly Step[];
}

export function draftOf(plan: ActionPlanView): Draft {
  return { committee: plan.committee_id, name: plan.name, kind: plan.kind ?? "", unit: plan.unit_id ?? "", place: plan.place_id ?? "", steps: plan.steps };
}

export class PlanDesk {
  readonly draft = signal<Draft>({ committee: "", name: "", kind: "", unit: "", place: "", steps: [] });
  readonly errand = new Errand();
  private readonly begun = signal<string>("");

  /** version: of the plan that was read, 0 for a new one. newKey: a key that no step has, of a-z and 0-9. */
  constructor(
    private readonly api: Pick<ManagerApi, "savePlan" | "removePlan">,
    readonly id: string,
    begin: Draft,
    private readonly version: number,
    private readonly newKey: () => string,
  ) {
    this.draft.value = begin.steps.length > 0 ? begin : { ...begin, steps: [{ key: newKey(), text: "" }] };
    this.begun.value = JSON.stringify(this.draft.value);
  }

  readonly changed = computed(() => JSON.stringify(this.draft.value) !== this.begun.value);

  get isNew(): boolean {
    return this.version === 0;
  }

  write(part: Partial<Omit<Draft, "steps">>): void {
    this.draft.value = { ...this.draft.value, ...part };
  }

  writeStep(key: string, text: string): void {
    this.steps((steps) => steps.map((step) => (step.key === key ? { key, text } : step)));
  }

  addStep(): void {
    this.steps((steps) => (steps.length >= STEPS_MOST ? steps : [...steps, { key: this.newKey(), text: "" }]));
  }

  removeStep(key: string): void {
    this.steps((steps) => (steps.length <= 1 ? steps : steps.filter((step) => step.key !== key)));
  }

  /** by: -1 up, 1 down. */
  moveStep(key: string, by: -1 | 1): void {
    this.steps((steps) => {
      const from = steps.findIndex((step) => step.key === key);
      const to = from + by;
      if (from < 0 || to < 0 || to >= steps.length) return steps;
      const moved = [...steps];
      [moved[from], moved[to]] = [moved[to] as Step, moved[from] as Step];
      return moved;
    });
  }

  /** True when it is live. */
  async save(): Promise<boolean> {
    const { committee, name, kind, unit, place, steps } = this.draft.value;
    const body: ActionPlanDraft = {
      committee_id: committee,
      name: name.trim(),
      kind: kind || null,
      unit_id: unit || null,
      place_id: place || null,
      steps: steps.map((step) => ({ key: step.key, text: step.text.trim() })),
      version: this.version,
    };
    return (await this.errand.run("save", () => this.api.savePlan(this.id, body))) !== null;
  }

  /** True when it goes with no further alarm. */
  async remove(): Promise<boolean> {
    return (await this.errand.run("remove", () => this.api.removePlan(this.id))) !== null;
  }

  private steps(change: (steps: readonly Step[]) => readonly Step[]): void {
    batch(() => (this.draft.value = { ...this.draft.value, steps: change(this.draft.value.steps) }));
  }
}

/** What keeps a plan from going live, in words; null where nothing does. */
export function complaint(draft: Draft, speech: Speech): string | null {
  if (draft.name.trim() === "") return speech.say("plan_wants_name");
  if (draft.steps.some((step) => step.text.trim() === "")) return speech.say("plan_wants_text");
  return null;
}

/** Whom a plan is for: the most specific one that fits an alarm goes with it. */
export function aim(plan: { kind: Kind | null; unit: string | null; place: string | null }, speech: Speech): string {
  const parts = [plan.kind ? speech.sayOr("kind", plan.kind) : speech.say("any_kind"), plan.unit ?? "", plan.place ?? ""];
  return parts.filter(Boolean).join(" · ");
}
