// Beside the board: how one way out is set up, and a test of it that shows what comes back.
import { useState } from "preact/hooks";
import type { PersonChoice } from "../../shared/shapes_registers";
import type { ServiceMessageView } from "../../shared/shapes_points";
import type { Way } from "../models/board";
import { ago } from "../../shared/account/incident";
import { keeps } from "../models/pages";
import { living, point } from "../models/points";
import { Trial } from "../models/trial";
import "../css/points.css";
import { useDeps } from "./deps";
import { useFetched, useKept } from "./fetched";
import { PersonSearch } from "./persons";
import { MessageResult, TrialResult } from "./trial";

export function WaySide({ way, last }: { way: Way; last: ServiceMessageView | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const trial = useKept(() => new Trial(desk.api.ways, desk.clock));
  return (
    <section class="beside scroller" tabIndex={0} aria-label={way.name}>
      <h2>{way.name}</h2>
      <p class={`standing-words is-${way.state}`}>
        <b>{way.stateWords}</b> {way.since}
        {way.reason && <span class="reason">{way.reason}</span>}
        <span class="aside">{[way.lastGood, way.processes].filter(Boolean).join(" · ")}</span>
      </p>
      {!way.receiver && (
        <>
          <h3>{speech.say("way_settings")}</h3>
          {way.facts.length === 0 && <p class="nothing">{speech.say("way_no_facts")}</p>}
          <dl class="pairs">
            {way.facts.map((fact) => (
              <div key={fact.name}>
                <dt>{fact.name}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
          <h3>{speech.say("way_points")}</h3>
          <p>{way.points}</p>
        </>
      )}
      <h3>{speech.say("test_title")}</h3>
      {way.receiver ? <p class="nothing">{speech.say("test_centre")}</p> : keeps(desk.desk.me.value) ? <ChannelTest way={way} trial={trial} /> : <p class="nothing">{speech.say("test_keepers")}</p>}
      {!way.receiver && trial.message.value === null && (
        <div class="last-test">
          <p class="label">{last ? speech.say("test_last", { age: ago(desk.now.value - Date.parse(last.asked_at), speech) }) : speech.say("test_none_yet")}</p>
          {last && <MessageResult message={last} />}
        </div>
      )}
    </section>
  );
}

function ChannelTest({ way, trial }: { way: Way; trial: Trial }) {
  const speech = useDeps().desk.speech.value;
  const [person, setPerson] = useState<PersonChoice | null>(null);
  return (
    <div class="channel-test">
      <p class="hint">{speech.say("test_lead")}</p>
      <PersonSearch label={speech.say("test_to")} chosen={person} choose={setPerson} />
      {person && <PointChoice key={person.id} way={way} person={person} trial={trial} />}
      <TrialResult trial={trial} />
    </div>
  );
}

function PointChoice({ way, person, trial }: { way: Way; person: PersonChoice; trial: Trial }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const points = useFetched(() => desk.api.ways.points({ person: person.id }));
  const [picked, pick] = useState<string | null>(null);
  const usable = living(points.value ?? []).filter((one) => one.channel === way.channel);
  const chosen = usable.find((one) => one.id === picked) ?? usable[0];
  if (points.failed) return <p class="refusal">{points.failed}</p>;
  if (points.value === null) return <p class="nothing">{speech.say("loading")}</p>;
  if (!chosen) return <p class="nothing">{speech.say("test_nowhere", { name: person.name })}</p>;
  return (
    <form class="point-choice" onSubmit={(event) => (event.preventDefault(), void trial.begin(() => desk.api.ways.testChannel(way.channel, { point_id: chosen.id })))}>
      {usable.map((one) => {
        const picture = point(one, desk.now.value, speech);
        return (
          <label key={one.id} class="choice">
            <input type="radio" name="point" checked={one === chosen} onChange={() => pick(one.id)} />
            <span>
              {picture.address}
              <span class="aside">{[picture.label, picture.health, picture.proof].filter(Boolean).join(" · ")}</span>
            </span>
          </label>
        );
      })}
      <button type="submit" class="act primary" disabled={trial.errand.doing.value !== null}>
        {speech.say(trial.errand.doing.value !== null ? "sending" : "test_send")}
      </button>
    </form>
  );
}
