// The account of an incident with three clocks a line. Only lines near the eye are in the page; there may be thousands.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Told } from "../models/account";
import { Heights } from "../models/heights";
import type { Replay } from "../models/replay";
import { useDeps, useKept } from "./deps";

const GUESS_PX = 31; // one line of text
const HEAD_PX = 34; // the table's head lies over the lines
const TRIES_MOST = 6; // guesses turn into measures in one or two
const FIRST_VIEW_PX = 900; // until the box has been measured

export function CaseAccount({ lines, replay }: { lines: readonly Told[]; replay: Replay }) {
  const speech = useDeps().office.speech.value;
  const heights = useKept(() => new Heights(lines.length, GUESS_PX), String(lines.length));
  const box = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [scroll, setScroll] = useState({ top: 0, view: FIRST_VIEW_PX });
  const [, measure] = useState(0);
  const stretch = heights.stretch(scroll.top, scroll.view);
  const here = replay.line.value;
  /** The line that is to come into sight, until its place is known and it is there. */
  const wanted = useRef<{ line: number; tries: number } | null>(null);
  const looked = () => {
    const at = box.current;
    if (at) setScroll((was) => (was.top === at.scrollTop && was.view === at.clientHeight ? was : { top: at.scrollTop, view: at.clientHeight }));
  };
  useLayoutEffect(() => {
    const rows = body.current?.querySelectorAll<HTMLElement>("tr[data-index]") ?? [];
    let news = false;
    for (const row of rows) news = heights.measured(Number(row.dataset.index), row.getBoundingClientRect().height) || news;
    if (news) measure((n) => n + 1);
  });
  useLayoutEffect(() => {
    // The line of the moment is kept in sight while the replay moves it, not while one reads.
    if (here >= 0 && !replay.ended.peek()) wanted.current = { line: here, tries: 0 };
  }, [here]);
  useLayoutEffect(() => {
    const [at, wish] = [box.current, wanted.current];
    if (!at || !wish) return;
    const [top, bottom] = [heights.top(wish.line), heights.top(wish.line + 1)];
    const inSight = top >= at.scrollTop && bottom <= at.scrollTop + at.clientHeight - HEAD_PX;
    const drawn = wish.line >= stretch.from && wish.line < stretch.to;
    wish.tries += 1;
    if ((inSight && drawn) || wish.tries > TRIES_MOST) wanted.current = null; // measured, and there
    if (inSight) return;
    at.scrollTo({ top: Math.max(0, top - at.clientHeight / 3) });
    looked();
  });
  return (
    <section class="account">
      <h2 id="account-head">{speech.say("timeline")}</h2>
      <p class="hint">{speech.say("account_lead")}</p>
      <div class="lines scroller" ref={box} tabIndex={0} role="region" aria-labelledby="account-head" onScroll={looked}>
        <table aria-rowcount={lines.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">{speech.say("clock_device_short")}</th>
              <th scope="col">{speech.say("clock_server_short")}</th>
              <th scope="col">{speech.say("clock_person_short")}</th>
              <th scope="col">{speech.say("account_what")}</th>
            </tr>
          </thead>
          <tbody ref={body}>
            {stretch.abovePx > 0 && <Room px={stretch.abovePx} />}
            {lines.slice(stretch.from, stretch.to).map((line, offset) => (
              <Row key={line.seq} line={line} index={stretch.from + offset} here={stretch.from + offset === here} replay={replay} />
            ))}
            {stretch.belowPx > 0 && <Room px={stretch.belowPx} />}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Room for lines that are not drawn. */
function Room({ px }: { px: number }) {
  return (
    <tr aria-hidden="true" class="room">
      <td colSpan={4} style={{ height: `${px}px` }} />
    </tr>
  );
}

function Row({ line, index, here, replay }: { line: Told; index: number; here: boolean; replay: Replay }) {
  const speech = useDeps().office.speech.value;
  return (
    <tr data-index={index} aria-rowindex={index + 2} class={`${line.weight} ${here ? "here" : ""}`} aria-current={here ? "time" : undefined}>
      <td class="figures">
        {line.device === "" ? <span class="aside">{speech.say("clock_missing")}</span> : line.device}
        {line.apart && <span class="apart">{line.apart}</span>}
      </td>
      <td class="figures">
        <button type="button" class="link" title={speech.say("replay_to")} onClick={() => replay.move(line.at)}>
          {line.server}
        </button>
      </td>
      <td class="figures">{line.person}</td>
      <td>
        {line.gap && <span class="gap">{line.gap}</span>}
        {line.by && <b>{line.by}</b>} {line.words}
        {line.quote && <q>{line.quote}</q>}
        {line.answers.map((answer) => (
          <span key={answer} class="answered">
            {answer}
          </span>
        ))}
      </td>
    </tr>
  );
}
