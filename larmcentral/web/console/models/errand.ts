// Something a page asks of the server: sent once, refused in words, and never drawn as done before it is.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { Speech } from "../words/speech";
import type { Problem } from "../../shared/shapes";
import { refusalWords } from "./orders";

/** problem null: no answer came. */
export interface Denied {
  what: string;
  problem: Problem | null;
}

export class Errand {
  /** What is under way, null for nothing. */
  readonly doing = signal<string | null>(null);
  readonly denied = signal<Denied | null>(null);

  /** The answer, or null where it was refused, where nobody answered, or where something is under way already. */
  async run<T>(what: string, call: () => Promise<T>): Promise<{ answer: T } | null> {
    if (this.doing.value !== null) return null;
    this.doing.value = what;
    this.denied.value = null;
    try {
      return { answer: await call() };
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.denied.value = { what, problem: error instanceof Refusal ? error.problem : null };
      return null;
    } finally {
      this.doing.value = null;
    }
  }

  forget(): void {
    this.denied.value = null;
  }
}

/** Why not, for a page of settings: there is no timeline to watch there. */
export function deniedWords(denied: Denied | null, speech: Speech): string | null {
  if (denied === null) return null;
  if (denied.problem === null) return speech.say("no_answer_page");
  const { reason, fields } = denied.problem;
  if (reason === "not_found") return speech.say("not_found_page");
  if (reason === "invalid") {
    const faults = [...new Set(Object.values(fields))].map((fault) => speech.sayOr("invalid", fault, () => "")).filter(Boolean);
    if (faults.length > 0) return faults.join(" ");
  }
  return refusalWords(denied.problem, speech);
}
