// The board of ways out: a row each, and beside it the settings and the test of the one that is chosen.
import { useState } from "preact/hooks";
import { type Way, board } from "../models/board";
import { HourChart } from "./chart";
import "../css/centres.css";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { SectionHead } from "./sections";
import { WayShape } from "./shapes";
import { WaySide } from "./wayside";

const LOOK_MS = 2_000; // as often as the processes report
const SETTINGS_MS = 20_000;

export function BoardPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const seen = useFetched(desk.api.ways.board, LOOK_MS);
  const channels = useFetched(desk.api.ways.channels, SETTINGS_MS);
  const [chosen, choose] = useState<string | null>(null);
  const picture = seen.value && board(seen.value, channels.value ?? [], desk.now.value, speech);
  const way = picture?.ways.find((one) => one.provider === chosen) ?? picture?.ways[0];
  return (
    <main class="page ways">
      <SectionHead lead={speech.say("ways_lead")} fetched={seen}>
        <p class="counts">{picture?.counts}</p>
      </SectionHead>
      <div class="split">
        <div class="scroller" tabIndex={0} role="region" aria-label={speech.say("section_ways")}>
          {seen.failed && <p class="refusal">{seen.failed}</p>}
          {picture?.passedOver && (
            <p class="passed-over" role="alert">
              {picture.passedOver}
            </p>
          )}
          {seen.value === null && !seen.failed && <p class="nothing">{speech.say("loading")}</p>}
          {picture?.ways.length === 0 && <p class="nothing">{speech.say("ways_empty")}</p>}
          <ul class="way-list">
            {picture?.ways.map((one) => (
              <WayRow key={one.provider} way={one} chosen={one === way} choose={() => choose(one.provider)} />
            ))}
          </ul>
          {picture?.unset && <p class="nothing">{picture.unset}</p>}
          <p class="hint">{speech.say("hour_legend")}</p>
        </div>
        {way && <WaySide key={way.provider} way={way} last={channels.value?.find((c) => c.channel === way.channel)?.last_test ?? null} />}
      </div>
    </main>
  );
}

function WayRow({ way, chosen, choose }: { way: Way; chosen: boolean; choose(): void }) {
  return (
    <li>
      <button type="button" class={`way is-${way.state}`} aria-pressed={chosen} onClick={choose}>
        <WayShape state={way.state} />
        <span class="name">
          {way.name}
          <span class="aside">{way.channelWords}</span>
        </span>
        <span class="state">
          {way.stateWords}
          <span class="aside">{way.reason ?? way.since ?? way.lastGood}</span>
        </span>
        <span class={`waiting ${way.waits ? "some" : ""}`}>{way.waiting}</span>
        <span class="chart">
          <HourChart bars={way.hour} />
          <span class="aside">{way.hourWords}</span>
        </span>
      </button>
    </li>
  );
}
