// The acts, always in the same place. A button says "sending" until the server has answered.
import type { WordKey } from "../../shared/words";
import type { IncidentView } from "../../shared/shapes";
import { useDeps } from "./deps";
import { NOTE_ID } from "./keyboard";

export function Actions({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const mine = incident.owner !== null && incident.owner.user_id === desk.desk.me.value?.user_id;
  const armed = desk.acts.armed.value === incident.id;
  const sending = (order: "acknowledge" | "note" | "escalate" | "stand_down") => desk.orders.sending(incident.id, order);
  const refusal = desk.refusal.value;
  const take: WordKey = mine ? "taken_by_you" : incident.owner ? "taken" : "take";
  return (
    <div class="actions" role="group" aria-label={speech.say("actions")}>
      <button type="button" class={`act ${incident.owner ? "" : "primary"}`} disabled={!desk.acts.may("acknowledge", incident) || sending("acknowledge")} onClick={() => void desk.acts.take()}>
        {speech.say(sending("acknowledge") ? "sending" : take)} <kbd>T</kbd>
      </button>
      <button type="button" class="act" disabled={!desk.acts.may("note", incident)} onClick={() => document.getElementById(NOTE_ID)?.focus()}>
        {speech.say(sending("note") ? "sending" : "note")} <kbd>N</kbd>
      </button>
      <button type="button" class={`act ${armed ? "armed" : ""}`} disabled={!desk.acts.may("escalate", incident) || sending("escalate")} onClick={() => void desk.acts.escalate()}>
        {speech.say(sending("escalate") ? "sending" : armed ? "escalate_confirm" : "escalate")} <kbd>E</kbd>
      </button>
      <button type="button" class="act" disabled={!desk.acts.may("stand_down", incident) || sending("stand_down")} onClick={() => (desk.dialog.value = "stand_down")}>
        {speech.say(sending("stand_down") ? "sending" : "stand_down")} <kbd>S</kbd>
      </button>
      <button type="button" class="act" aria-haspopup="dialog" disabled={!desk.acts.may("sos_call", incident)} onClick={() => (desk.dialog.value = "card")}>
        {speech.say("card")} <kbd>C</kbd>
      </button>
      <p class="answer" role="alert" data-testid="answer">
        {refusal && refusal.incidentId === incident.id ? (
          <span class="refusal">{refusal.words}</span>
        ) : incident.state !== "stood_down" && !desk.fresh.value.mayAct ? (
          <span class="locked">{speech.say("locked")}</span>
        ) : !desk.acts.allowed("stand_down") ? (
          <span class="read-only">{speech.say("read_only")}</span>
        ) : null}
      </p>
    </div>
  );
}
