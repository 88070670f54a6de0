// The acts, always in the same place: the commonest as buttons, the rest behind one. A button says "sending" until the server has answered.
import type { IncidentView } from "../../shared/shapes";
import type { DialogName } from "../models/dialogs";
import type { Order } from "../models/orders";
import type { WordKey } from "../words/speech";
import { useDeps } from "./deps";
import { More } from "./menu";

export function Actions({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const mine = incident.owner !== null && incident.owner.user_id === desk.desk.me.value?.user_id;
  const armed = desk.acts.armed.value === incident.id;
  const sending = (order: Order) => desk.orders.sending(incident.id, order);
  const refusal = desk.refusal.value;
  const take: WordKey = mine ? "taken_by_you" : incident.owner ? "taken" : "take";
  return (
    <div class="actions" role="group" aria-label={speech.say("actions")}>
      <button type="button" class={`act ${incident.owner ? "" : "primary"}`} disabled={!desk.acts.may("acknowledge", incident) || sending("acknowledge")} onClick={() => void desk.acts.take()}>
        {speech.say(sending("acknowledge") ? "sending" : take)} <kbd>T</kbd>
      </button>
      <Opens incident={incident} order="message" dialog="message" words="message" letter="B" />
      <button type="button" class={`act ${armed ? "armed" : ""}`} disabled={!desk.acts.may("escalate", incident) || sending("escalate")} onClick={() => void desk.acts.escalate()}>
        {speech.say(sending("escalate") ? "sending" : armed ? "escalate_confirm" : "escalate")} <kbd>E</kbd>
      </button>
      <Opens incident={incident} order="sos_call" dialog="card" words="card" letter="C" />
      <Opens incident={incident} order="stand_down" dialog="stand_down" words="stand_down" letter="S" />
      <More incident={incident} />
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

/** A button that opens a dialog. */
function Opens(props: { incident: IncidentView; order: Order; dialog: DialogName; words: WordKey; letter: string }) {
  const { desk } = useDeps();
  const sending = desk.orders.sending(props.incident.id, props.order);
  return (
    <button type="button" class="act" aria-haspopup="dialog" disabled={!desk.acts.may(props.order, props.incident) || sending} onClick={() => (desk.dialog.value = props.dialog)}>
      {desk.speech.value.say(sending ? "sending" : props.words)} <kbd>{props.letter}</kbd>
    </button>
  );
}
