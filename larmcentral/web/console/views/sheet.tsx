// The commissioning sheet of one device, on the page of devices: read, write, send.
import { useEffect } from "preact/hooks";
import { deniedOrder, saidLines } from "../models/asked";
import { type Choice, SWITCHES, SheetDesk, byHandWords, changedWords } from "../models/sheet";
import { useDeps } from "./deps";
import { useKept } from "./fetched";

const CHOICES: readonly Choice[] = ["leave", "yes", "no"];

export function SheetPanel({ device, name, close }: { device: string; name: string; close(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = useKept(() => new SheetDesk(desk.api.orders, device), device);
  useEffect(() => void one.load(), [device]);
  const sheet = one.sheet.value;
  const draft = one.draft.value;
  const refused = one.refused.value;
  const busy = one.underWay.value;
  const done = one.done.value;
  const byHand = sheet && byHandWords(sheet, speech);
  return (
    <section class="fact sheet" aria-label={speech.say("sheet_of", { name })}>
      <h3>{speech.say("sheet_of", { name })}</h3>
      <p class="lead">{speech.say("sheet_lead")}</p>
      {refused && <p class="refusal">{deniedOrder(refused.error, speech)}</p>}
      {!sheet && !refused && <p class="nothing">{speech.say("loading")}</p>}
      {sheet && draft && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void one.save();
          }}
        >
          <label>
            {speech.say("setting_sos_numbers")}
            <textarea rows={3} value={draft.numbers} onInput={(event) => one.change({ numbers: event.currentTarget.value })} />
          </label>
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
          <label>
            {speech.say("sheet_note")}
            <textarea rows={3} maxLength={2000} value={draft.note} onInput={(event) => one.change({ note: event.currentTarget.value })} />
          </label>
          <p class="aside">{changedWords(sheet, speech)}</p>
          {byHand && <p class="is-poor">{byHand}</p>}
          {done && <p role="status">{speech.say(done === "saved" ? "sheet_saved" : "sheet_sent")}</p>}
          <p>
            <button type="submit" disabled={busy}>
              {speech.say("sheet_save")}
            </button>
            <button type="button" disabled={busy || sheet.can.length === 0} onClick={() => void one.send()}>
              {speech.say("sheet_send")}
            </button>
            <button type="button" class="quiet" onClick={close}>
              {speech.say("close")}
            </button>
          </p>
          <ul>
            {saidLines(sheet.said, speech).map((line) => (
              <li key={line.id} class={line.poor ? "is-poor" : ""}>
                {line.what} <span class="aside">{line.state}</span>
              </li>
            ))}
          </ul>
        </form>
      )}
    </section>
  );
}
