// What must be answered before an alarm is stood down, and what is missing still.
import type { ClosingAnswer, IncidentView, OutcomeWord } from "../../shared/shapes";
import type { ClosingField, ClosingForm } from "../../shared/shapes_plans";

export type Fault = "missing" | "choice" | "note";

export interface Given {
  choice: string;
  note: string;
}

export type Answers = ReadonlyMap<string, Given>;

/** The questions that go with an outcome; none of a drill, a test, or a kind without a form. */
export function questions(forms: readonly ClosingForm[], incident: Pick<IncidentView, "kind" | "purpose">, outcome: OutcomeWord | null): readonly ClosingField[] {
  if (incident.purpose !== "real" || outcome === null) return [];
  return forms.find((form) => form.outcome === outcome && form.kinds.includes(incident.kind))?.fields ?? [];
}

/** What is missing, by the key of its question, in their order. */
export function missing(fields: readonly ClosingField[], answers: Answers): ReadonlyMap<string, Fault> {
  const found = new Map<string, Fault>();
  for (const field of fields) {
    const given = answers.get(field.key);
    if (!given || !field.choices.includes(given.choice)) found.set(field.key, "missing");
    else if (field.note_for.includes(given.choice) && given.note.trim() === "") found.set(field.key, "note");
  }
  return found;
}

/** What is sent: the answers to these questions and to no others, with words only where the choice asks for them. */
export function answered(fields: readonly ClosingField[], answers: Answers): ClosingAnswer[] {
  return fields.flatMap((field) => {
    const given = answers.get(field.key);
    if (!given) return [];
    return [{ key: field.key, choice: given.choice, note: field.note_for.includes(given.choice) ? given.note.trim() : "" }];
  });
}

/** What the server found wrong, by the key of its question. */
export function faultsOf(fields: Readonly<Record<string, string>>): ReadonlyMap<string, Fault> {
  const known = (fault: string): fault is Fault => fault === "missing" || fault === "choice" || fault === "note";
  return new Map(Object.entries(fields).filter((pair): pair is [string, Fault] => known(pair[1])));
}
