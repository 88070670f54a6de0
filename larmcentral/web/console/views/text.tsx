// The editor of one text: written on the left, as it would read and how long it is on the right.
import { useRef } from "preact/hooks";
import type { PlaceholderView } from "../../shared/shapes_templates";
import { deniedWords } from "../models/errand";
import { TextDesk } from "../models/text";
import { type Choice, type TextPicture, count, textComplaint } from "../models/texts";
import "../css/centres.css";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { useKept } from "./fetched";

export function TextDialog(props: { picture: TextPicture; choice: Choice; placeholders: readonly PlaceholderView[]; close(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const { picture, choice } = props;
  const one = useKept(() => new TextDesk(desk.api.ways, desk.clock, choice, picture));
  const written = useRef<HTMLTextAreaElement>(null);
  const about = [picture.mediumWords, picture.silent ? speech.say("mark_silent") : null, choice.kind ? speech.sayOr("kind", choice.kind) : speech.say("texts_all_kinds")].filter(Boolean).join(", ");
  const denied = deniedWords(one.errand.denied.value, speech);
  const busy = one.errand.doing.value !== null;
  const insert = (name: string) => {
    const field = written.current;
    if (!field) return;
    field.setRangeText(`{${name}}`, field.selectionStart, field.selectionEnd, "end");
    one.write("body", field.value);
    field.focus();
  };
  const leave = async (done: Promise<boolean>) => {
    if (await done) props.close();
  };
  return (
    <Dialog title={speech.say("text_edit", { medium: about })} class="wide text-editor" close={props.close}>
      <div class="row-desk">
        <form onSubmit={(event) => (event.preventDefault(), void leave(one.save()))}>
          {picture.silent && <p class="hint">{speech.say("text_silent_lead", { advice: "{advice}" })}</p>}
          {one.titled && (
            <label>
              {speech.say("text_title")}
              <input value={one.title.value} maxLength={500} onInput={(event) => one.write("title", event.currentTarget.value)} />
            </label>
          )}
          <label>
            {speech.say("text_body")}
            <textarea ref={written} rows={7} maxLength={2000} autofocus value={one.body.value} onInput={(event) => one.write("body", event.currentTarget.value)} />
          </label>
          <div class="fill" role="group" aria-label={speech.say("text_insert")}>
            {props.placeholders.map((p) => (
              <button type="button" key={p.name} class="quiet" title={speech.say("text_sample", { sample: p.sample })} onClick={() => insert(p.name)}>
                {`{${p.name}}`}
              </button>
            ))}
          </div>
          <p class="refusal" role="alert">
            {denied}
          </p>
          <footer>
            {picture.kept && (
              <button type="button" class="act" disabled={busy} onClick={() => void leave(one.remove())}>
                {speech.say("text_remove")}
              </button>
            )}
            <button type="submit" class="act primary" disabled={busy || one.empty.value}>
              {speech.say(busy ? "saving" : "save")}
            </button>
          </footer>
        </form>
        <Preview one={one} picture={picture} language={choice.language} />
      </div>
    </Dialog>
  );
}

function Preview({ one, picture, language }: { one: TextDesk; picture: TextPicture; language: string }) {
  const speech = useDeps().desk.speech.value;
  const found = one.preview.value;
  const counted = found?.rendered ? count(found.rendered, speech) : null;
  return (
    <section class="row-right" aria-label={speech.say("text_preview")}>
      <h3>{speech.say("text_preview")}</h3>
      {one.empty.value && (
        <>
          <p class="hint">{speech.say("text_ours")}</p>
          <p class="bubble" lang={language}>
            {picture.title && <b>{picture.title}</b>}
            {picture.body}
          </p>
          <p class="dim">{picture.count.words}</p>
        </>
      )}
      {found?.rendered && (
        <p class="bubble" lang={language}>
          {found.rendered.title && <b>{found.rendered.title}</b>}
          {found.rendered.body}
        </p>
      )}
      <div role="status">
        {counted && <p class={counted.over ? "is-poor" : "dim"}>{counted.words}</p>}
        {counted?.short && <p class="hint">{speech.say("text_short")}</p>}
        {one.stale.value && <p class="hint">{speech.say("row_stale")}</p>}
        <ul class="complaint-list">
          {found?.complaints.map((c) => (
            <li key={`${c.part}/${c.fault}`}>{textComplaint(c, speech)}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}
