// The queue zone: one row an incident, drawn whole from the view model.
import { useEffect, useRef } from "preact/hooks";
import type { Row } from "../models/queue";
import { useDeps } from "./deps";
import { FILTER_ID } from "./keyboard";
import { GravityShape } from "./shapes";

export function QueueZone() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const queue = desk.queue.value;
  return (
    <section class="zone queue" aria-labelledby="queue-head">
      <header class="zone-head">
        <h1 id="queue-head">{speech.say("queue")}</h1>
        <p class="counts">
          {speech.say("queue_counts", { open: queue.open })}
          {queue.open > 0 && (
            <span class={queue.untaken > 0 ? "untaken" : "all-taken"}>
              {queue.untaken > 0 ? speech.say("queue_untaken", { count: queue.untaken }) : speech.say("queue_all_taken")}
            </span>
          )}
        </p>
        <FilterField />
      </header>
      <div class="rows scroller-quiet">
        {queue.rows.length === 0 && (
          <div class="empty">
            <p class="empty-head">{speech.say(queue.hidden > 0 ? "filter_nothing" : "queue_empty")}</p>
            <p>{queue.hidden > 0 ? "" : speech.say("queue_empty_lead")}</p>
          </div>
        )}
        <ul>
          {queue.rows.map((row) => (
            <QueueRow key={row.id} row={row} />
          ))}
        </ul>
        {queue.done.length > 0 && (
          <>
            <h2 class="done-head">{speech.say("queue_done")}</h2>
            <ul>
              {queue.done.map((row) => (
                <QueueRow key={row.id} row={row} />
              ))}
            </ul>
          </>
        )}
      </div>
      <footer class="zone-foot">
        {queue.hidden > 0 ? (
          <button type="button" class={`hidden-note ${queue.hiddenUntaken > 0 ? "loud" : ""}`} onClick={() => (desk.filter.value = "")}>
            {queue.hiddenUntaken > 0
              ? speech.say("filter_hides_untaken", { count: queue.hidden, untaken: queue.hiddenUntaken })
              : speech.say("filter_hides", { count: queue.hidden })}
            <u>{speech.say("filter_clear")}</u>
          </button>
        ) : (
          <button type="button" class="quiet" disabled={!desk.acts.mayAtAll("drill")} onClick={() => (desk.dialog.value = "drill")}>
            {speech.say("drill_start")} <kbd>D</kbd>
          </button>
        )}
      </footer>
    </section>
  );
}

function FilterField() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  return (
    <div class="filter">
      <input
        id={FILTER_ID}
        type="search"
        aria-label={speech.say("filter")}
        placeholder={speech.say("filter_hint")}
        value={desk.filter.value}
        onInput={(event) => (desk.filter.value = event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && (desk.walk(1), event.currentTarget.blur())}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

function QueueRow({ row }: { row: Row }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const selected = desk.desk.selectedId.value === row.id;
  const ref = useRef<HTMLButtonElement>(null);
  const fresh = useRef(true);
  useEffect(() => {
    // A row that has just moved down to the finished ones must not pull the queue, and the graver alarms, out of sight.
    if (selected && !(fresh.current && row.done)) ref.current?.scrollIntoView({ block: "nearest" });
    fresh.current = false;
  }, [selected]);
  useSeen(ref, row.unseen, () => void desk.shown(row.id));
  const tone = row.done ? "done" : row.taken ? "taken" : "open";
  return (
    <li>
      <button type="button" ref={ref} class={`row ${tone} ${row.purpose} g${row.gravity}`} aria-current={selected ? "true" : undefined} onClick={() => desk.select(row.id)}>
        <GravityShape {...row} />
        <span class="kind">
          {row.kind}
          <span class="unseen">, {speech.say("gravity", { gravity: row.gravity })}</span>
        </span>
        <span class="age">{row.age}</span>
        <span class="who">{row.who}</span>
        <span class="line">
          {row.marks.map((mark) => (
            <span key={mark.kind} class={`mark ${mark.kind}`} title={mark.why}>
              {mark.words}
            </span>
          ))}
          <span class="where">{row.where}</span>
        </span>
        <span class="line foot">
          {row.owner && <span class="owner">{row.owner}</span>}
          {row.response && <span class="response">{row.response}</span>}
          {row.next && <span class={`next ${row.nextSoon ? "soon" : ""}`}>{row.next}</span>}
        </span>
      </button>
    </li>
  );
}

/** Calls once the row lies in view on a visible page: only then has anybody been shown anything. */
function useSeen(ref: { current: Element | null }, unseen: boolean, seen: () => void): void {
  useEffect(() => {
    const element = ref.current;
    if (!unseen || !element) return;
    let inView = false;
    const look = () => inView && document.visibilityState === "visible" && seen();
    const observer = new IntersectionObserver((entries) => {
      inView = entries.at(-1)?.isIntersecting ?? false;
      look();
    });
    observer.observe(element);
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, [unseen]);
}
