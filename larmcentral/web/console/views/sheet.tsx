// The commissioning sheet of one device, over the page of devices: read, write, send.
import { useEffect } from "preact/hooks";
import { deniedOrder, saidLines } from "../models/asked";
import { type Choice, SWITCHES, SheetDesk, byHandWords, changedWords } from "../models/sheet";
import "../css/centres.css";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { SaidLines } from "./asked";
import { useKept } from "./fetched";

const CHOICES: readonly Choice[] = ["leave", "yes", "no"];

export function SheetDialog({ device, name, close }: { device: string; name: string; close(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = useKept(() => new SheetDesk(desk.api.orders, device), device);
  useEffect(() => void one.load(), [device]);
  const sheet = one.sheet.value;
  const draft = one.draft.value;
  const refused = one.refused.value;
  const busy = one.underWay.value;
  const done = one.done.value;
  const now = desk.now.value;
  const byHand = sheet && byHandWords(sheet, speech);
  return (
    <Dialog title={speech.say("sheet_of", { name })} class="sheet" close={close}>
      <p class="hint">{speech.say("sheet_lead")}</p>
      {!sheet && !refused && <p class="nothing">{speech.say("loading")}</p>}
      {!sheet && refused && <p class="refusal" role="alert">{deniedOrder(refused.error, speech)}</p>}
      {sheet && draft && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void one.save();
          }}
        >
          <label>
            {speech.say("setting_sos_numbers")}
            <textarea rows={3} value={draft.numbers} aria-invalid={Boolean(refused?.error?.problem.fields.sos_numbers)} onInput={(event) => one.change({ numbers: event.currentTarget.value })} />
          </label>
          <div class="short-fields">
            {SWITCHES.map((word) => (
              <label key={word}>
                {speech.sayOr("setting", word)}
                <select value={draft.switches[word]} onChange={(event) => one.change({ switches: { ...draft.switches, [word]: event.currentTarget.value as Choice } })}>
                  {CHOICES.map((value) => (
                    <option key={value} value={value}>
                      {speech.sayOr("sheet", value)}
                    </option>
                  ))}
                </select>
              </label>
            ))}
            <label>
              {speech.say("setting_report_every_s")}
              <input type="number" min={10} max={86400} value={draft.report_every_s} onInput={(event) => one.change({ report_every_s: event.currentTarget.value })} />
            </label>
          </div>
          <label>
            {speech.say("sheet_note")}
            <textarea rows={3} maxLength={2000} value={draft.note} onInput={(event) => one.change({ note: event.currentTarget.value })} />
          </label>
          <label class="choice">
            <input type="checkbox" checked={draft.quiet_locate} onChange={(event) => one.change({ quiet_locate: event.currentTarget.checked })} />
            {speech.say("sheet_quiet_locate")}
          </label>
          {byHand && <p class="is-poor">{byHand}</p>}
          <p class="hint">{changedWords(sheet, speech, now)}</p>
          <SaidLines lines={saidLines(sheet.said, speech, now)} />
          <p class="refusal" role="alert">
            {refused && deniedOrder(refused.error, speech)}
          </p>
          <footer>
            {done && <p role="status">{speech.say(done === "saved" ? "sheet_saved" : "sheet_sent")}</p>}
            <button type="button" class="act" disabled={busy || sheet.can.length === 0} title={sheet.can.length === 0 ? speech.say("refused_device_has_no_words") : undefined} onClick={() => void one.send()}>
              {speech.say("sheet_send")}
            </button>
            <button type="submit" class="act primary" disabled={busy}>
              {speech.say("sheet_save")}
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
