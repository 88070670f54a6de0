// What helpers should know of a person. Fetched when somebody opens it, for each look is recorded where the person sees it.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { DeskApi } from "../../shared/api_desk";
import type { Dossier } from "../../shared/shapes_persons";
import type { Speech } from "../words/speech";
import type { Denied } from "./errand";

export class DossierDesk {
  readonly dossier = signal<Dossier | null>(null);
  readonly opening = signal(false);
  readonly failed = signal<Denied | null>(null);

  constructor(
    private readonly api: Pick<DeskApi, "dossier">,
    readonly person: string,
    readonly incident: string,
  ) {}

  async open(): Promise<void> {
    if (this.opening.value) return;
    this.opening.value = true;
    this.failed.value = null;
    try {
      this.dossier.value = await this.api.dossier(this.person, this.incident);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.failed.value = { what: "dossier", problem: error instanceof Refusal ? error.problem : null };
    } finally {
      this.opening.value = false;
    }
  }

  /** Forgotten at once: what lies open is read by whoever passes. */
  close(): void {
    this.dossier.value = null;
    this.failed.value = null;
  }
}

export interface KinLine {
  name: string;
  relation: string;
  phone: string;
  /** What a telephone is told to ring; null for a number it could not ring. */
  dial: string | null;
}

/** The next of kin, or in words why there are none to see. */
export function kin(dossier: Dossier, speech: Speech): { lines: KinLine[]; instead: string | null } {
  if (dossier.next_of_kin === null) return { lines: [], instead: speech.say(dossier.may_see_kin ? "kin_none" : "kin_hidden") };
  const lines = dossier.next_of_kin.map((one) => ({ name: one.name, relation: one.relation, phone: one.phone, dial: dial(one.phone) }));
  return { lines, instead: lines.length === 0 ? speech.say("kin_none") : null };
}

const SHORTEST_NUMBER = 8; // no emergency or short number has so many digits: those are rung by hand

/** What one press may ring; null for a number too short to be somebody's own. */
export function dial(phone: string): string | null {
  const digits = phone.replace(/[^+\d]/g, "");
  return digits.replace("+", "").length < SHORTEST_NUMBER ? null : digits;
}
