// The queue zone: only the lines near the eye are in the page, each drawn whole from the view model.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { IncidentView } from "../../shared/shapes";
import { causeOfLine } from "../models/flood";
import type { GroupLine, Line } from "../models/line";
import { pressureWords } from "../models/pressure";
import { groupRow, row, standsAt } from "../models/queue";
import { drawn, scrollTo, tops } from "../models/stretch";
import { useDeps } from "./deps";
import { FILTER_ID } from "./keyboard";
import { GravityShape } from "./shapes";

/** As the style sheet has them; the list is laid out without measuring. */
const HEIGHT_PX = { row: 101, group: 77, done_head: 44, done: 82 } as const;

type Item = Line | { what: "done_head"; key: string } | { what: "done"; key: string; incident: IncidentView };

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
        <Load />
      </header>
      <Lines />
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

/** How much there is for each at the desk; always there, so that advice moves nothing. */
function Load() {
  const { desk } = useDeps();
  const found = pressureWords(desk.pressure.picture.value, desk.speech.value);
  return (
    <p class={`load ${found?.tone ?? "calm"}`} title={found?.load} data-testid="load">
      <span>{found?.short}</span>
      {found?.tone === "busy" && <b>{found.advice}</b>}
    </p>
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

function Lines() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const queue = desk.queue.value;
  const selected = desk.desk.selectedId.value;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);
  const items = useMemo((): Item[] => {
    const done = queue.done.map((incident): Item => ({ what: "done", key: `done/${incident.id}`, incident }));
    return [...queue.lines, ...(done.length > 0 ? [{ what: "done_head", key: "done_head" } as const, ...done] : [])];
  }, [queue.lines, queue.done]);
  const at = useMemo(() => tops(items.map((item) => HEIGHT_PX[item.what])), [items]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = new ResizeObserver(() => setHeight(element.clientHeight));
    setHeight(element.clientHeight);
    measure.observe(element);
    return () => measure.disconnect();
  }, []);
  const before = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (before.current === selected) return; // the queue never scrolls by itself: only where the eye was moved
    before.current = selected;
    const line = items.findIndex((item) => (item.what === "done" ? item.incident.id === selected : item.what !== "done_head" && standsAt(item, selected)));
    const wanted = line < 0 || !box.current ? null : scrollTo(at, line, box.current.scrollTop, box.current.clientHeight);
    if (wanted !== null) box.current?.scrollTo({ top: wanted });
  }, [selected, items]);
  const { first, last } = drawn(at, top, height);
  const near = items.map((item, index) => ({ item, index })).slice(first, last);
  const away = focused === null ? -1 : items.findIndex((item) => item.key === focused); // what has the focus stays, wherever it has gone
  if (away >= 0 && (away < first || away >= last)) near.push({ item: items[away] as Item, index: away });
  return (
    <div class="rows scroller-quiet" ref={box} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      {queue.lines.length === 0 && (
        <div class={`empty ${items.length > 0 ? "above" : ""}`}>
          <p class="empty-head">{speech.say(queue.hidden > 0 ? "filter_nothing" : "queue_empty")}</p>
          <p>{queue.hidden > 0 ? "" : speech.say("queue_empty_lead")}</p>
        </div>
      )}
      <ul style={{ height: `${at.at(-1) ?? 0}px` }} onFocusOut={() => setFocused(null)}>
        {near.map(({ item, index }) => (
          <li key={item.key} style={{ top: `${at[index] ?? 0}px` }} aria-setsize={items.length} aria-posinset={index + 1} onFocusIn={() => setFocused(item.key)}>
            {item.what === "done_head" ? (
              <h2 class="done-head">{speech.say("queue_done")}</h2>
            ) : item.what === "group" ? (
              <Group line={item} current={standsAt(item, selected)} />
            ) : (
              <QueueRow incident={item.incident} inGroup={item.what === "row" && item.inGroup} current={item.incident.id === selected} />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Group({ line, current }: { line: GroupLine; current: boolean }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const words = groupRow(line, desk.now.value, speech);
  return (
    <button type="button" class={`row group open ${words.purpose} g${words.gravity}`} aria-expanded={line.open} aria-current={current ? "true" : undefined} onClick={() => desk.toggleGroup(causeOfLine(line))}>
      <GravityShape gravity={words.gravity} taken={false} done={false} purpose={words.purpose} />
      <span class="kind">
        {words.kind}
        <span class="unseen">, {speech.say("gravity", { gravity: words.gravity })}</span>
      </span>
      <span class="age">{words.age}</span>
      <span class="who">
        {words.count} <span class="where">{words.where}</span>
      </span>
      <span class="line foot">
        <span>{speech.say(line.open ? "group_close" : "group_open")}</span>
        <span class="next">{words.newest}</span>
      </span>
    </button>
  );
}

function QueueRow(props: { incident: IncidentView; inGroup: boolean; current: boolean }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = row(props.incident, desk.now.value, speech);
  const ref = useRef<HTMLButtonElement>(null);
  useSeen(ref, one.unseen, () => void desk.shown(one.id));
  const tone = one.done ? "done" : one.taken ? "taken" : "open";
  return (
    <button
      type="button"
      ref={ref}
      data-id={one.id}
      class={`row ${tone} ${one.purpose} g${one.gravity} ${props.inGroup ? "in-group" : ""}`}
      aria-current={props.current ? "true" : undefined}
      onClick={() => desk.select(one.id)}
    >
      <GravityShape {...one} />
      <span class="kind">
        {one.kind}
        <span class="unseen">, {speech.say("gravity", { gravity: one.gravity })}</span>
      </span>
      <span class="age">{one.age}</span>
      <span class="who">{one.who}</span>
      <span class="line">
        {one.marks.map((mark) => (
          <span key={mark.kind} class={`mark ${mark.kind}`} title={mark.why}>
            {mark.words}
          </span>
        ))}
        <span class="where">{one.where}</span>
      </span>
      <span class="line foot">
        {one.owner && <span class="owner">{one.owner}</span>}
        {one.idle && <span class="idle">{one.idle}</span>}
        {one.response && <span class="response">{one.response}</span>}
        {one.next && <span class={`next ${one.nextSoon ? "soon" : ""}`}>{one.next}</span>}
      </span>
    </button>
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
