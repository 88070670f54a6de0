// A fault of the house that somebody has seen to: what was done goes on record, and the fault leaves the strip.
import { useState } from "preact/hooks";
import { faultWords } from "../../shared/account/marks";
import { Errand, deniedWords } from "../models/errand";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";

const NOTE_SIGNS = 500;

export function FaultDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [errand] = useState(() => new Errand());
  const [note, setNote] = useState("");
  const [asked, setAsked] = useState(false);
  const fault = desk.desk.systemAlarms.value.find((alarm) => alarm.id === desk.fault.value);
  const empty = note.trim() === "";
  const send = async () => {
    setAsked(true);
    if (empty || !fault) return;
    if (await errand.run("dealt_with", () => desk.api.house.dealtWith(fault.id, { note: note.trim() }))) desk.dialog.value = null;
  };
  return (
    <Dialog title={speech.say("fault_dealt_title")} class="fault">
      <form onSubmit={(event) => (event.preventDefault(), void send())}>
        <p class="lead">{fault ? faultWords(fault.fault, fault.step, speech) : speech.say("fault_gone")}</p>
        <label>
          {speech.say("fault_note")}
          <textarea rows={4} maxLength={NOTE_SIGNS} autofocus value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <p class="hint">{speech.say("fault_hint")}</p>
        <p class="refusal" role="alert">
          {asked && empty ? speech.say("fault_note_missing") : (deniedWords(errand.denied.value, speech) ?? "")}
        </p>
        <footer>
          <button type="button" class="act" onClick={() => (desk.dialog.value = null)}>
            {speech.say("cancel")}
          </button>
          <button type="submit" class="act primary" disabled={errand.doing.value !== null || !fault}>
            {speech.say(errand.doing.value ? "sending" : "fault_dealt")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
