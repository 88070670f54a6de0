// Commands under way. A button says "sending" until the server has answered; nothing is drawn as done before.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { Speech } from "../words/speech";
import type { IncidentView, Problem } from "../../shared/shapes";

export type Order =
  | "acknowledge"
  | "note"
  | "escalate"
  | "stand_down"
  | "drill"
  | "sos_call"
  | "message"
  | "welfare"
  | "jump"
  | "add"
  | "hold"
  | "hand_over"
  | "put_back"
  | "merge"
  | "plan";

export interface Refused {
  incidentId: string;
  order: Order;
  /** Which of several of a kind: the key of a plan's step. */
  part: string;
  /** null: no answer came. */
  problem: Problem | null;
  sessionOver: boolean;
}

export class Orders {
  readonly underWay = signal<ReadonlySet<string>>(new Set());
  readonly refused = signal<Refused | null>(null);

  constructor(private readonly take: (incident: IncidentView) => void) {}

  sending(incidentId: string, order: Order, part = ""): boolean {
    return this.underWay.value.has(keyOf(incidentId, order, part));
  }

  /** Sends once, however often it is asked for; true when the server has done it. */
  async send(incidentId: string, order: Order, call: () => Promise<IncidentView | null>, part = ""): Promise<boolean> {
    const key = keyOf(incidentId, order, part);
    if (this.underWay.value.has(key)) return false;
    this.underWay.value = new Set([...this.underWay.value, key]);
    this.refused.value = null;
    try {
      const answer = await call();
      if (answer) this.take(answer);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      const problem = error instanceof Refusal ? error.problem : null;
      this.refused.value = { incidentId, order, part, problem, sessionOver: error instanceof Refusal && error.status === 401 };
      return false;
    } finally {
      this.underWay.value = new Set([...this.underWay.value].filter((k) => k !== key));
    }
  }

  forget(): void {
    this.refused.value = null;
  }
}

const keyOf = (incidentId: string, order: Order, part: string) => `${incidentId}/${order}/${part}`;

/** A refusal in words: "Karin took it first." */
export function refusalWords(problem: Problem | null, speech: Speech): string {
  if (!problem) return speech.say("no_answer");
  if (problem.reason === "taken") {
    const name = problem.fields.name;
    return name ? speech.say("refused_taken", { name }) : speech.say("refused_taken_unnamed");
  }
  const seconds = problem.fields.seconds;
  if (problem.reason === "too_many" && seconds) return speech.say("refused_too_many_s", { seconds });
  return speech.sayOr("refused", problem.reason, (reason) => speech.say("refused_other", { reason: problem.detail || reason }), problem.fields);
}
