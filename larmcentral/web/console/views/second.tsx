// The second window: map, account and who is under way, of whatever is chosen in the first one.
import { elapsed, stateWords } from "../../shared/account/incident";
import { marks, who } from "../../shared/account/marks";
import { useDeps } from "./deps";
import { Response } from "./facts";
import { MapZone } from "./map";
import { GravityShape } from "./shapes";
import { TimelineZone } from "./timeline";
import { Pulse } from "./topbar";

export function SecondDesk() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fresh = desk.fresh.value;
  const incident = desk.desk.selected.value;
  return (
    <div class={`console second fresh-${fresh.state}`}>
      <header class="topbar">
        <h1 class="brand">{speech.say("second_title")}</h1>
        <Pulse />
      </header>
      <section class="strip" aria-label={speech.say("incident")}>
        {fresh.state === "starting" || fresh.state === "stale" ? (
          <p class="segment stale" role="status">
            {speech.say(fresh.state === "stale" ? "second_alone" : "second_waiting")}
          </p>
        ) : incident ? (
          <p class="segment chosen">
            <GravityShape gravity={incident.gravity} taken={incident.state === "acknowledged"} done={incident.state === "stood_down"} purpose={incident.purpose} />
            <b>{speech.sayOr("kind", incident.kind)}</b>
            <b>{who(incident, speech)}</b>
            {marks(incident, speech).map((mark) => (
              <span key={mark.kind} class={`mark ${mark.kind}`} title={mark.why}>
                {mark.words}
              </span>
            ))}
            <span>{stateWords(incident, desk.desk.me.value?.user_id ?? null, speech)}</span>
            <span class="figures">{elapsed(incident, desk.now.value)}</span>
          </p>
        ) : (
          <p class="segment calm">{speech.say("nothing_selected")}</p>
        )}
      </section>
      <main class="desk">
        <MapZone />
        <div class="side">
          <section class="zone" aria-label={speech.say("responders")}>
            <div class="scroller" tabIndex={0} role="group" aria-label={speech.say("responders")}>
              {incident && <Response incident={incident} />}
            </div>
          </section>
          <TimelineZone />
        </div>
      </main>
    </div>
  );
}
