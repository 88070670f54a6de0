// The facts of an incident below its head, what one acts on first: dangers and door, the plan, who moves, the clocks.
import type { IncidentDetail, IncidentView } from "../../shared/shapes";
import { clocks, responders } from "../../shared/account/incident";
import { indoor, premises } from "../../shared/account/place";
import { closingWords } from "../../shared/account/timeline";
import { DeviceWords } from "./asked";
import { useDeps } from "./deps";
import { DossierPart } from "./dossier";
import { Fact } from "./fact";
import { Device, Person } from "./person";
import { Plan } from "./plan";
import { Notices, Signals } from "./sent";
import { ResponderShape, Sign } from "./shapes";

export function Facts({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const loaded = desk.desk.detail.value;
  const detail = loaded?.incident.id === incident.id ? loaded : null;
  return (
    <div class="facts scroller" tabIndex={0} role="group" aria-label={speech.say("incident")}>
      <div>
        <Closing detail={detail} />
        <Premises incident={incident} detail={detail} />
        <Plan incident={incident} />
        <Response incident={incident} />
        <Clocks incident={incident} detail={detail} />
        <div class="pair">
          <Person incident={incident} />
          <Device incident={incident} />
        </div>
        {incident.person && <DossierPart incident={incident} person={incident.person} />}
        <DeviceWords incident={incident.id} version={incident.version} />
        <Notices detail={detail} />
        <Signals detail={detail} />
      </div>
    </div>
  );
}

/** What was answered when it was stood down. */
function Closing({ detail }: { detail: IncidentDetail | null }) {
  const speech = useDeps().desk.speech.value;
  if (!detail || detail.closing.length === 0) return null;
  return (
    <Fact name={speech.say("closing_shown")}>
      <ul>
        {detail.closing.map((given) => (
          <li key={given.key}>{closingWords(given, speech)}</li>
        ))}
      </ul>
    </Fact>
  );
}

function Premises({ incident, detail }: { incident: IncidentView; detail: IncidentDetail | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = premises(incident, detail, speech);
  const inside = indoor(detail, incident, desk.now.value, speech);
  if (!one && !inside) return null;
  const none = speech.say("not_told");
  return (
    <Fact name={speech.say("place")} class="premises">
      {one && one.dangers.length > 0 && (
        <div class="danger" role="note">
          <Sign name="warning" />
          <b>{speech.say("premises_danger")}</b>
          {one.dangers.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <dl>
        {one && (
          <>
            <dt>{speech.say("premises_name")}</dt>
            <dd>{one.name}</dd>
          </>
        )}
        {inside && (
          <>
            <dt>{speech.say("place_indoor")}</dt>
            <dd>
              <b>{inside.where}</b>, {inside.heard}
            </dd>
          </>
        )}
        {one?.door && (
          <>
            <dt>{speech.say("premises_address")}</dt>
            <dd>{one.door.address ?? none}</dd>
            <dt>{speech.say("premises_floor")}</dt>
            <dd>{one.door.floor ?? none}</dd>
            <dt>{speech.say("premises_door_code")}</dt>
            <dd class="figures code">{one.door.code ?? none}</dd>
          </>
        )}
      </dl>
      {one?.instead && <p class="nothing">{one.instead}</p>}
    </Fact>
  );
}

function Clocks({ incident, detail }: { incident: IncidentView; detail: IncidentDetail | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  return (
    <Fact name={speech.say("clocks")}>
      <ol class="clocks">
        {clocks(incident, detail?.signals ?? [], desk.now.value, speech).map((clock) => (
          <li key={clock.name} class={clock.state}>
            <span class="what">{clock.name}</span>
            <span class="time">{clock.time}</span>
            <span class="delta">{clock.delta ?? clock.by}</span>
          </li>
        ))}
      </ol>
    </Fact>
  );
}

export function Response({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const people = responders(incident, desk.now.value, speech);
  return (
    <Fact name={speech.say("responders")} class="response">
      {people.length === 0 && <p class="nothing">{speech.say("no_responders")}</p>}
      <ul class="people">
        {people.map((one) => (
          <li key={one.id} class={`is-${one.state}`}>
            <ResponderShape state={one.state} />
            <span class="name">{one.name}</span>
            <span class="what">{one.words}</span>
            <span class="since">{one.since}</span>
            <span class="step">{one.step}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}
