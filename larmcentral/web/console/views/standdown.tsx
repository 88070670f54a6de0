// Standing down: an outcome, what must be answered, and what happened. Nothing is preselected for a real alarm.
import { useEffect, useRef, useState } from "preact/hooks";
import { who } from "../../shared/account/marks";
import type { OutcomeWord } from "../../shared/shapes";
import type { ClosingField } from "../../shared/shapes_plans";
import { OUTCOMES } from "../models/acts";
import { type Answers, type Fault, type Given, answered, faultsOf, missing, questions } from "../models/closing";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { Choices, OrderForm, useChosen } from "./orderform";

export function StandDownDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = useChosen();
  const [outcome, setOutcome] = useState<OutcomeWord | null>(incident && incident.purpose !== "real" ? incident.purpose : null);
  const [answers, setAnswers] = useState<Answers>(new Map());
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => void desk.closing.load(), []);
  if (!incident) return null;
  const outcomes = OUTCOMES[incident.purpose];
  const fields = questions(desk.closing.value.value ?? [], incident, outcome);
  const lacking = missing(fields, answers);
  const refusal = desk.refusal.value;
  const refused = refusal?.incidentId === incident.id && refusal.problem?.reason === "closing" ? faultsOf(refusal.problem.fields) : null;
  const faults = tried && lacking.size > 0 ? lacking : (refused ?? new Map<string, Fault>());
  const toFault = () => {
    setTried(true);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>("[aria-invalid] input:checked, [aria-invalid] input")?.focus());
  };
  const give = (key: string, given: Given) => {
    setAnswers(new Map([...answers, [key, given]]));
    desk.orders.forget();
  };
  return (
    <Dialog title={speech.say("stand_down_title", { who: who(incident, speech) })} class="stand-down">
      <OrderForm
        incident={incident}
        order="stand_down"
        words={speech.say("stand_down")}
        missing={outcome === null ? speech.say("outcome_choose") : lacking.size > 0 ? speech.say("refused_closing") : null}
        tried={toFault}
        send={() => (outcome === null ? Promise.resolve(false) : desk.acts.standDown(incident.id, outcome, note, answered(fields, answers)))}
        pick={(index) => outcomes[index] && setOutcome(outcomes[index])}
      >
        <p class="lead">{speech.say("stand_down_lead")}</p>
        <Choices<OutcomeWord>
          name="outcome"
          row
          legend={speech.say("outcome")}
          all={outcomes.map((word) => ({ value: word, words: speech.sayOr("outcome", word), checked: outcome === word }))}
          choose={setOutcome}
        />
        {desk.closing.failed.value && incident.purpose === "real" && (
          <p class="refusal">
            {speech.say("closing_failed")}{" "}
            <button type="button" class="link" onClick={() => void desk.closing.load()}>
              {speech.say("refresh")}
            </button>
          </p>
        )}
        {fields.length > 0 && (
          <div class="closing" ref={box} role="group" aria-label={speech.say("closing")}>
            <h3>{speech.say("closing")}</h3>
            {fields.map((field) => (
              <Question key={field.key} field={field} given={answers.get(field.key)} fault={faults.get(field.key) ?? null} give={(given) => give(field.key, given)} />
            ))}
          </div>
        )}
        <label>
          {speech.say("outcome_note")}
          <textarea rows={3} maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
      </OrderForm>
    </Dialog>
  );
}

/** One question with its few answers side by side; words where the answer asks for them, and what is missing below it. */
function Question(props: { field: ClosingField; given: Given | undefined; fault: Fault | null; give(given: Given): void }) {
  const { field, given, fault } = props;
  const speech = useDeps().desk.speech.value;
  const id = `closing-${field.key}`;
  const digit = (event: KeyboardEvent) => {
    if (!/^[1-9]$/.test(event.key) || event.ctrlKey || (event.target instanceof HTMLInputElement && event.target.type === "text")) return;
    event.stopPropagation(); // here a digit answers this question, elsewhere it chooses the outcome
    const radio = event.currentTarget instanceof HTMLElement ? event.currentTarget.querySelectorAll<HTMLInputElement>("input[type=radio]")[Number(event.key) - 1] : undefined;
    radio?.focus();
    radio?.click();
  };
  const wordy = given !== undefined && field.note_for.includes(given.choice);
  return (
    <div class="question" role="radiogroup" aria-labelledby={`${id}-asked`} aria-invalid={fault !== null || undefined} aria-describedby={fault ? `${id}-fault` : undefined} onKeyDown={digit}>
      <p class="asked">
        <span id={`${id}-asked`}>{speech.sayOr("closing", field.key)}</span>
        {fault && (
          <span class="refusal" id={`${id}-fault`}>
            {speech.sayOr("fault_of", fault)}
          </span>
        )}
      </p>
      <div class="answers">
        {field.choices.map((choice) => (
          <label key={choice} class="choice">
            <input type="radio" name={id} checked={given?.choice === choice} onChange={() => props.give({ choice, note: given?.note ?? "" })} />
            {speech.sayOr("closing", `${field.key}_${choice}`)}
          </label>
        ))}
        {wordy && (
          <input
            class="why"
            type="text"
            maxLength={500}
            aria-label={`${speech.sayOr("closing", field.key)} ${speech.say("closing_note")}`}
            placeholder={speech.say("closing_note")}
            value={given.note}
            onInput={(event) => props.give({ choice: given.choice, note: event.currentTarget.value })}
          />
        )}
      </div>
    </div>
  );
}
