// The timeline: grows at the bottom, stays at the bottom unless one has scrolled up to read; the note field below it.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { timeline } from "../../shared/account/timeline";
import { useDeps } from "./deps";
import { NOTE_ID } from "./keyboard";

const NEAR_END_PX = 40;

export function TimelineZone() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const id = desk.desk.selectedId.value;
  const detail = desk.desk.detail.value;
  const lines = detail ? timeline(detail, speech) : null;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lastTop = useRef(0);
  const [read, setRead] = useState(0);
  const count = lines?.length ?? 0;
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  useLayoutEffect(() => {
    atEnd.current = true;
  }, [id]);
  useLayoutEffect(() => {
    if (!atEnd.current) return;
    toEnd();
    setRead(count);
  }, [id, count]);
  useEffect(() => {
    // a lower window, or lines that wrap anew, must not leave the newest line below the edge
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    for (const at of [box.current, box.current?.querySelector("ol")]) if (at) watch.observe(at);
    return () => watch.disconnect();
  }, []);
  const scrolled = () => {
    const at = box.current;
    if (!at) return;
    const near = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END_PX;
    if (near || at.scrollTop < lastTop.current) atEnd.current = near; // only a person scrolls upwards
    lastTop.current = at.scrollTop;
    if (near) setRead(count);
  };
  return (
    <section class="zone timeline" aria-labelledby="timeline-head">
      <header class="zone-head">
        <h2 id="timeline-head">{speech.say("timeline")}</h2>
      </header>
      <div class="lines scroller" ref={box} tabIndex={0} role="group" aria-label={speech.say("timeline")} onScroll={scrolled}>
        {id !== null && lines === null && <p class="nothing">{speech.say("loading")}</p>}
        {lines?.length === 0 && <p class="nothing">{speech.say("timeline_empty")}</p>}
        <ol>
          {lines?.map((line) => (
            <li key={line.seq} class={line.weight}>
              {line.day && <span class="day">{line.day}</span>}
              <time>{line.time}</time>
              <span class="said">
                {line.by && <b>{line.by}</b>} {line.words}
                {line.quote && <q>{line.quote}</q>}
                {line.answers.map((answer) => (
                  <span key={answer} class="answered">
                    {answer}
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ol>
      </div>
      {count > read && (
        <button type="button" class="new-lines" onClick={toEnd}>
          {speech.say("timeline_new", { count: count - read })}
        </button>
      )}
      <NoteField key={id ?? "none"} id={id} />
    </section>
  );
}

export function NoteField({ id }: { id: string | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [text, setText] = useState("");
  const incident = desk.desk.selected.value;
  const may = desk.acts.may("note", incident);
  const sending = id !== null && desk.orders.sending(id, "note");
  const send = async () => {
    if (id === null || sending || !(await desk.acts.note(id, text))) return; // refused: the words stay where they are
    setText("");
  };
  return (
    <form class="note" onSubmit={(event) => (event.preventDefault(), void send())}>
      <textarea
        id={NOTE_ID}
        rows={2}
        maxLength={2000}
        aria-label={speech.say("note_hint")}
        placeholder={speech.say("note_hint")}
        value={text}
        readOnly={sending}
        disabled={incident === null || incident.state === "stood_down"}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" class="act" disabled={!may || sending || text.trim() === ""}>
        {speech.say(sending ? "sending" : "note_send")}
      </button>
      <p class="hint">{speech.say("note_keys")}</p>
    </form>
  );
}
