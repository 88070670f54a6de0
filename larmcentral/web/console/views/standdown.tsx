// Standing down: an outcome, and what happened. Nothing is preselected for a real alarm.
import { useState } from "preact/hooks";
import type { OutcomeWord } from "../../shared/shapes";
import { OUTCOMES } from "../models/acts";
import { who } from "../models/marks";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";

export function StandDownDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  // The incident as chosen when the dialog opened: the selection cannot slip away below it.
  const [incident] = useState(desk.desk.selected.value);
  const [outcome, setOutcome] = useState<OutcomeWord | null>(incident && incident.purpose !== "real" ? incident.purpose : null);
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState(false);
  if (!incident) return null;
  const outcomes = OUTCOMES[incident.purpose];
  const sending = desk.orders.sending(incident.id, "stand_down");
  const refusal = desk.refusal.value;
  const send = async () => {
    if (outcome === null) return setMissing(true);
    if (await desk.acts.standDown(incident.id, outcome, note)) desk.dialog.value = null;
  };
  const pick = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || !(event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLButtonElement))) {
      event.preventDefault();
      void send();
    }
    const picked = outcomes[Number(event.key) - 1];
    if (picked && !(event.target instanceof HTMLTextAreaElement)) setOutcome(picked);
  };
  return (
    <Dialog title={speech.say("stand_down_title", { who: who(incident, speech) })} class="stand-down">
      <form onSubmit={(event) => (event.preventDefault(), void send())} onKeyDown={pick}>
        <p class="lead">{speech.say("stand_down_lead")}</p>
        <fieldset>
          <legend>{speech.say("outcome")}</legend>
          {outcomes.map((word, index) => (
            <label key={word} class="choice">
              <input type="radio" name="outcome" value={word} checked={outcome === word} autofocus={index === 0} onChange={() => setOutcome(word)} />
              {speech.sayOr("outcome", word)} <kbd aria-hidden="true">{index + 1}</kbd>
            </label>
          ))}
        </fieldset>
        <label>
          {speech.say("outcome_note")}
          <textarea rows={4} maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <p class="refusal" role="alert">
          {missing && outcome === null
            ? speech.say("outcome_choose")
            : !desk.fresh.value.mayAct
              ? speech.say("locked")
              : refusal?.incidentId === incident.id && refusal.order === "stand_down"
                ? refusal.words
                : ""}
        </p>
        <footer>
          <button type="button" class="act" onClick={() => (desk.dialog.value = null)}>
            {speech.say("cancel")}
          </button>
          <button type="submit" class="act primary" disabled={sending || !desk.fresh.value.mayAct}>
            {speech.say(sending ? "sending" : "stand_down")} <kbd>Ctrl Enter</kbd>
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
