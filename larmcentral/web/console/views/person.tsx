// Whom an incident is about, and the device that told of it.
import { device } from "../../shared/account/incident";
import type { IncidentView } from "../../shared/shapes";
import { useDeps } from "./deps";
import { Fact } from "./fact";

const DRILL = "drill"; // the server's name for the sender of a drill: no device sent it

export function Person({ incident }: { incident: IncidentView }) {
  const speech = useDeps().desk.speech.value;
  const person = incident.person;
  const none = speech.say("not_told");
  return (
    <Fact name={speech.say("person")}>
      {person ? (
        <dl>
          <dt>{speech.say("unit")}</dt>
          <dd>{person.unit ?? none}</dd>
          <dt>{speech.say("team")}</dt>
          <dd>{person.team ?? none}</dd>
          <dt>{speech.say("phone")}</dt>
          <dd class="figures">{person.phone ?? none}</dd>
          <dt>{speech.say("employer")}</dt>
          <dd>{person.employer ?? none}</dd>
        </dl>
      ) : (
        <p class="nothing">{speech.say("no_person")}</p>
      )}
    </Fact>
  );
}

export function Device({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  if (!incident.device || incident.device.protocol === DRILL) {
    return (
      <Fact name={speech.say("device")}>
        <p class="nothing">{speech.say("no_device")}</p>
      </Fact>
    );
  }
  const one = device(incident.device, desk.now.value, speech);
  const none = speech.say("not_told");
  return (
    <Fact name={speech.say("device")}>
      <dl>
        <dt>{speech.say("device_name")}</dt>
        <dd>{[one.name, one.model].filter(Boolean).join(", ")}</dd>
        {one.account && (
          <>
            <dt>{speech.say("device_account")}</dt>
            <dd class="figures">{one.account}</dd>
          </>
        )}
        <dt>{speech.say("battery")}</dt>
        <dd class={one.batteryLow ? "poor" : ""}>{one.battery ?? none}</dd>
        <dt>{speech.say("last_seen")}</dt>
        <dd class={one.quiet ? "poor" : ""}>{one.lastSeen ?? none}</dd>
      </dl>
    </Fact>
  );
}
