// One row of a centre's table: its words, what is wrong with them, how they go out, the test, and the signature.
import { useState } from "preact/hooks";
import type { ForwarderView, RowView } from "../../shared/shapes_forwarders";
import { rowComplaint } from "../models/centres";
import { pathWords } from "../../shared/account/ways";
import { deniedWords } from "../models/errand";
import { administers } from "../models/pages";
import { RowDesk, type RowField } from "../models/row";
import "../css/centres.css";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { useKept } from "./fetched";
import { TrialResult } from "./trial";

const SHORT = ["event_code", "sia", "cid", "area", "section", "detector"] as const satisfies readonly RowField[];
const FILLED = ["kind", "person", "phone", "unit", "place", "address", "floor", "door_code", "danger", "number", "time", "position", "map"];

export function RowDialog(props: { view: RowView; centre: ForwarderView; close(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = useKept(() => new RowDesk(desk.api.ways, desk.clock, props.centre.name, props.view));
  const kept = one.kept.value;
  const kind = speech.sayOr("kind", kept.kind) + (kept.silent ? ` (${speech.say("mark_silent").toLowerCase()})` : "");
  const may = administers(desk.desk.me.value);
  return (
    <Dialog title={speech.say("row_title", { kind, centre: props.centre.label })} class="wide" close={props.close}>
      <div class="row-desk">
        <RowForm one={one} may={may} />
        <div class="row-right">
          <Rehearsal one={one} />
          {may ? <TryAndSign one={one} /> : <p class="nothing">{speech.say("row_read_only")}</p>}
        </div>
      </div>
    </Dialog>
  );
}

function RowForm({ one, may }: { one: RowDesk; may: boolean }) {
  const speech = useDeps().desk.speech.value;
  const text = one.draft.value;
  const kept = one.kept.value;
  const complaints = one.rehearsal.value?.complaints ?? kept.complaints;
  const faulty = new Set(complaints.map((c) => c.field));
  const denied = one.errand.denied.value;
  const busy = one.errand.doing.value !== null;
  const field = (name: RowField) => ({
    value: text[name],
    readOnly: !may,
    "aria-invalid": faulty.has(name),
    onInput: (event: { currentTarget: { value: string } }) => one.write(name, event.currentTarget.value),
  });
  return (
    <form onSubmit={(event) => (event.preventDefault(), void one.save())}>
      <p class="hint">{speech.say("row_why", { why: kept.why })}</p>
      <div class="short-fields">
        {SHORT.map((name) => (
          <label key={name}>
            {speech.sayOr("row_field", name)}
            <input autocomplete="off" spellcheck={false} {...field(name)} />
          </label>
        ))}
      </div>
      <label>
        {speech.say("row_field_section_text")}
        <input autocomplete="off" {...field("section_text")} />
      </label>
      <label>
        {speech.say("row_field_detector_text")}
        <input autocomplete="off" {...field("detector_text")} />
      </label>
      <label>
        {speech.say("row_field_text")}
        <textarea rows={9} {...field("text")} />
      </label>
      <p class="hint">{speech.say("row_placeholders", { list: FILLED.map((name) => `{${name}}`).join(" ") })}</p>
      <div class="complaints" role="status">
        {complaints.length === 0 ? <p class="hint">{speech.say("row_no_faults")}</p> : <h3>{speech.say("row_faults")}</h3>}
        <ul>
          {complaints.map((c) => (
            <li key={`${c.field}/${c.fault}/${c.path}`}>{rowComplaint(c, speech)}</li>
          ))}
        </ul>
      </div>
      <p class="refusal" role="alert">
        {denied && denied.what !== "sign" ? deniedWords(denied, speech) : ""}
      </p>
      {may && (
        <footer>
          {kept.version > 0 && (
            <button type="button" class="act" disabled={busy} onClick={() => void one.propose()}>
              {speech.say("row_propose")}
            </button>
          )}
          <button type="submit" class="act primary" disabled={busy || !one.dirty.value}>
            {speech.say(one.errand.doing.value === "save" ? "saving" : "save")}
          </button>
        </footer>
      )}
    </form>
  );
}

function Rehearsal({ one }: { one: RowDesk }) {
  const speech = useDeps().desk.speech.value;
  const found = one.rehearsal.value;
  return (
    <section class="rehearsal" aria-label={speech.say("row_rehearsal")}>
      <p class="hint">
        {speech.say("row_rehearsal")} {one.stale.value && speech.say("row_stale")}
      </p>
      <div class="switch" role="group" aria-label={speech.say("row_rehearsal")}>
        {[false, true].map((over) => (
          <button type="button" key={String(over)} class="quiet" aria-pressed={one.over.value === over} onClick={() => one.showEnd(over)}>
            {speech.say(over ? "row_over" : "row_begin")}
          </button>
        ))}
      </div>
      {found?.paths.map((path) => (
        <div key={path.path} class="said">
          <h3>{pathWords(path.path, speech)}</h3>
          <pre tabIndex={0}>{path.text}</pre>
          {path.notes.length > 0 && <p class="aside">{path.notes.join(" · ")}</p>}
        </div>
      ))}
    </section>
  );
}

function TryAndSign({ one }: { one: RowDesk }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [note, setNote] = useState("");
  const { signed } = one.kept.value;
  const denied = one.errand.denied.value;
  return (
    <section class="try" aria-label={speech.say("row_test")}>
      <h3>{speech.say("row_test")}</h3>
      <p class="hint">{speech.say("row_test_lead")}</p>
      <button type="button" class="act" disabled={one.dirty.value || one.trial.errand.doing.value !== null || one.trial.following.value} onClick={() => void one.test()}>
        {speech.say(one.trial.errand.doing.value !== null ? "sending" : "row_test")}
      </button>
      <TrialResult trial={one.trial} />
      <h3>{speech.say("row_sign")}</h3>
      {signed && (
        <p class="signature is-signed">
          {speech.say("row_signed_by", { time: speech.moment(signed.signed_at, desk.now.value), path: pathWords(signed.path, speech) })}
          {signed.note && <q>{signed.note}</q>}
        </p>
      )}
      <p class="hint">{speech.say("row_sign_lead")}</p>
      <form onSubmit={(event) => (event.preventDefault(), void one.sign(note))}>
        <label>
          {speech.say("row_sign_note")}
          <input value={note} maxLength={1000} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <p class="refusal" role="alert">
          {denied?.what === "sign" ? deniedWords(denied, speech) : ""}
        </p>
        <button type="submit" class="act" disabled={one.taken.value === null || one.errand.doing.value !== null}>
          {speech.say(one.errand.doing.value === "sign" ? "sending" : "row_sign")}
        </button>
      </form>
    </section>
  );
}
