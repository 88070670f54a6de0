// Whether anybody can be reached in the hours to come: units by hours, gaps first, each cell a figure and a shape.
import { useState } from "preact/hooks";
import { reachBoard } from "../models/reach";
import "../css/house.css";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { FetchedAt } from "./fetchedat";
import { Sign } from "./shapes";

const LOOK_MS = 60_000;
const SPANS_H = [12, 24, 72] as const;

export function ReachPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [hours, setHours] = useState<number>(SPANS_H[0]);
  const fetched = useFetched(() => desk.api.house.reach(hours), LOOK_MS, String(hours));
  const board = fetched.value && reachBoard(fetched.value, hours, desk.now.value, speech);
  return (
    <main class="page">
      <header>
        <h1>{speech.say("page_reach")}</h1>
        <p class="lead">{speech.say("reach_lead")}</p>
        <div class="switch" role="group" aria-label={speech.say("reach_span")}>
          {SPANS_H.map((span) => (
            <button type="button" key={span} class="quiet" aria-pressed={span === hours} onClick={() => setHours(span)}>
              {speech.say("reach_hours", { count: span })}
            </button>
          ))}
        </div>
        <p class={`counts ${board && board.gaps > 0 ? "is-poor" : ""}`}>{board && (board.gaps > 0 ? speech.say("reach_gaps", { count: board.gaps }) : speech.say("reach_whole"))}</p>
        <FetchedAt fetched={fetched} />
      </header>
      <div class="table scroller" tabIndex={0} role="region" aria-label={speech.say("page_reach")}>
        {fetched.failed && <p class="refusal">{fetched.failed}</p>}
        {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
        {board && board.lines.length === 0 && <p class="nothing">{speech.say("reach_empty")}</p>}
        {board && board.lines.length > 0 && (
          <table class="reach">
            <thead>
              <tr>
                <th scope="col">{speech.say("unit")}</th>
                <th scope="col">{speech.say("reach_chain")}</th>
                {board.hours.map((hour, i) => (
                  <th scope="col" key={i} class="at-hour">
                    {hour}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {board.lines.map((line) => (
                <tr key={line.key}>
                  <th scope="row">
                    {line.unit}
                    {line.gap && (
                      <span class="lacks">
                        <Sign name="warning" /> {line.gap}
                      </span>
                    )}
                  </th>
                  <td class="dim">{line.chain}</td>
                  {line.cells.map((cell, i) => (
                    <td key={i} class={`cell ${cell.state}`} title={cell.words}>
                      <span aria-hidden="true">{cell.sign}</span>
                      <span class="unseen">{cell.words}</span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <p class="hint legend">
          {(["some", "one", "gap", "nobody"] as const).map((state) => (
            <span key={state}>
              <i class={`cell ${state}`} aria-hidden="true" /> {speech.sayOr("reach_is", state)}
            </span>
          ))}
        </p>
      </div>
    </main>
  );
}
