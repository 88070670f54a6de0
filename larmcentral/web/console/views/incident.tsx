// The incident zone: who, how it stands, what happens next, what one can do. The head never scrolls away.
import { countdown, waitingSince } from "../models/countdown";
import { elapsed, stateWords } from "../../shared/account/incident";
import { marks, who } from "../../shared/account/marks";
import { dial } from "../models/dossier";
import type { IncidentView } from "../../shared/shapes";
import { Actions } from "./actions";
import { useDeps } from "./deps";
import { Facts } from "./facts";
import { GravityShape, Sign } from "./shapes";

const LONG_NAME = 26; // above this the name is set smaller rather than cut

export function IncidentZone() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = desk.desk.selected.value;
  const quiet = desk.desk.incidents.value.size === 0;
  if (!incident) {
    return (
      <section class="zone incident" aria-label={speech.say("incident")}>
        <div class="empty big">
          <p class="empty-head">{speech.say(quiet ? "all_quiet" : "nothing_selected")}</p>
          <p>{speech.say(quiet ? "all_quiet_lead" : "nothing_selected_lead")}</p>
        </div>
      </section>
    );
  }
  return (
    <section class={`zone incident ${incident.state} ${incident.purpose} g${incident.gravity}`} aria-label={speech.say("incident")}>
      <div class="incident-head">
        <Title incident={incident} />
        <Standing incident={incident} />
        <Actions incident={incident} />
      </div>
      <Facts incident={incident} />
    </section>
  );
}

function Title({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const name = who(incident, speech);
  const person = incident.person;
  const closed = incident.state === "stood_down";
  return (
    <div class="title">
      <p class="kind">
        <GravityShape gravity={incident.gravity} taken={incident.state === "acknowledged"} done={closed} purpose={incident.purpose} />
        {speech.sayOr("kind", incident.kind)}
        {marks(incident, speech).map((mark) => (
          <span key={mark.kind} class={`mark ${mark.kind}`} title={mark.why}>
            {mark.words}
          </span>
        ))}
      </p>
      <h2 class={name.length > LONG_NAME ? "long" : ""}>{name}</h2>
      <p class="belongs">
        {person ? [person.unit, person.team, person.employer].filter(Boolean).join(" · ") : speech.say(incident.device?.id ? "no_person" : "mark_unknown_why")}
      </p>
      <p class="elapsed">
        <span class="label">{speech.say(closed ? "elapsed_closed" : "elapsed")}</span>
        <span class="figure">{elapsed(incident, desk.now.value)}</span>
      </p>
      {person?.phone && <Number phone={person.phone} name={person.name} silent={incident.silent && !closed} why={speech.say("mark_silent_why")} />}
    </div>
  );
}

/** The wearer's number: one press from a call, but never where a ringing phone would betray her. */
function Number({ phone, name, silent, why }: { phone: string; name: string; silent: boolean; why: string }) {
  const speech = useDeps().desk.speech.value;
  const digits = dial(phone);
  const shown = (
    <>
      <Sign name="phone" />
      {phone}
    </>
  );
  if (silent || digits === null) {
    return (
      <span class="phone hushed" title={silent ? why : undefined}>
        {shown}
      </span>
    );
  }
  return (
    <a class="phone" href={`tel:${digits}`} title={speech.say("call_person", { name })}>
      {shown}
    </a>
  );
}

function Standing({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const next = countdown(incident, waitingSince(incident), desk.now.value, speech);
  const me = desk.desk.me.value?.user_id ?? null;
  return (
    <div class="standing">
      <p class={`state ${incident.state}`} data-testid="state">
        {stateWords(incident, me, speech)}
        {incident.silent && incident.state !== "stood_down" && <span class="warn">{speech.say("silent_short")}</span>}
      </p>
      <div class={`countdown ${next.tone}`} data-testid="countdown">
        <span class="label">{incident.state === "stood_down" ? "" : speech.say("next")}</span>
        <span class="figure">{next.clock}</span>
        <span class="words">{next.words}</span>
        {next.share !== null && <progress max={1} value={next.share} aria-hidden="true" />}
      </div>
    </div>
  );
}
