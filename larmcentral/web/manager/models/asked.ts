// What a page asks of the server: the newest question's answer counts; an errand is sent once, and never looks done before it is.
import { batch, signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/ask";
import type { Problem } from "../../shared/shapes";
import type { Speech } from "../words/speech";

/** problem null: no answer came. */
export interface Denied {
  what: string;
  problem: Problem | null;
}

export class Asked<T> {
  /** Null until the first answer. */
  readonly value = signal<T | null>(null);
  readonly asking = signal(false);
  readonly denied = signal<Denied | null>(null);
  private turn = 0;

  /** Asks; true when this question's answer stands. An older one that comes late does not count. forget: show nothing meanwhile. */
  async ask(call: () => Promise<T>, forget = true): Promise<boolean> {
    const mine = ++this.turn;
    batch(() => {
      this.asking.value = true;
      this.denied.value = null;
      if (forget) this.value.value = null;
    });
    let answer: T;
    try {
      answer = await call();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      if (mine === this.turn) {
        batch(() => {
          this.asking.value = false;
          this.denied.value = deniedBy("ask", error);
        });
      }
      return false;
    }
    if (mine !== this.turn) return false;
    batch(() => {
      this.asking.value = false;
      this.value.value = answer;
    });
    return true;
  }

  /** Forgets the answer, and whatever is still on its way. */
  drop(): void {
    this.turn += 1;
    batch(() => {
      this.value.value = null;
      this.denied.value = null;
      this.asking.value = false;
    });
  }
}

/** A change that a page asks for. */
export class Errand {
  /** What is under way, null for nothing. */
  readonly doing = signal<string | null>(null);
  readonly denied = signal<Denied | null>(null);

  /** The answer, or null where it was refused, where nobody answered, or where something is under way already. */
  async run<T>(what: string, call: () => Promise<T>): Promise<{ answer: T } | null> {
    if (this.doing.value !== null) return null;
    batch(() => {
      this.doing.value = what;
      this.denied.value = null;
    });
    try {
      return { answer: await call() };
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.denied.value = deniedBy(what, error);
      return null;
    } finally {
      this.doing.value = null;
    }
  }
}

function deniedBy(what: string, error: Refusal | Unreachable): Denied {
  return { what, problem: error instanceof Refusal ? error.problem : null };
}

/** Why there is no list, or why it was not done. */
export function deniedWords(denied: Denied | null, speech: Speech): string | null {
  if (denied === null) return null;
  if (denied.problem === null) return speech.say(denied.what === "ask" ? "server_silent" : "no_answer_here");
  const { reason, fields } = denied.problem;
  if (reason === "not_found") return speech.say("not_found_here");
  if (reason === "invalid") {
    const faults = [...new Set(Object.values(fields))].map((fault) => speech.sayOr("invalid", fault, () => "")).filter(Boolean);
    if (faults.length > 0) return faults.join(" ");
  }
  if (reason === "too_many" && fields.seconds) return speech.say("refused_too_many_s", { seconds: fields.seconds });
  return speech.sayOr("refused", reason, (other) => speech.say("refused_other", { reason: denied.problem?.detail || other }), fields);
}
