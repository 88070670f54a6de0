// The facts of an incident below its head: its place, clocks, response, person and device, notices, signals.
import type { ComponentChildren } from "preact";
import type { IncidentDetail, IncidentView } from "../../shared/shapes";
import { clocks, device, notices, responders, signalWords } from "../models/incident";
import { premises } from "../models/place";
import { useDeps } from "./deps";
import { DeviceWords } from "./asked";
import { NoticeShape, ResponderShape, Sign } from "./shapes";

const DRILL = "drill"; // the server's name for the sender of a drill: no device sent it

export function Facts({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const loaded = desk.desk.detail.value;
  const detail = loaded?.incident.id === incident.id ? loaded : null;
  return (
    <div class="facts scroller" tabIndex={0} role="group" aria-label={speech.say("incident")}>
      <Premises incident={incident} detail={detail} />
      <Clocks incident={incident} detail={detail} />
      <Response incident={incident} />
      <div class="pair">
        <Person incident={incident} />
        <Device incident={incident} />
      </div>
      <DeviceWords incident={incident.id} version={incident.version} />
      <Notices detail={detail} />
      <Signals detail={detail} />
    </div>
  );
}

function Fact(props: { name: string; class?: string; children: ComponentChildren }) {
  return (
    <section class={`fact ${props.class ?? ""}`}>
      <h3>{props.name}</h3>
      {props.children}
    </section>
  );
}

function Premises({ incident, detail }: { incident: IncidentView; detail: IncidentDetail | null }) {
  const speech = useDeps().desk.speech.value;
  const one = premises(incident, detail, speech);
  if (!one) return null;
  const none = speech.say("not_told");
  return (
    <Fact name={speech.say("place")} class="premises">
      {one.dangers.length > 0 && (
        <div class="danger" role="note">
          <Sign name="warning" />
          <b>{speech.say("premises_danger")}</b>
          {one.dangers.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <dl>
        <dt>{speech.say("premises_name")}</dt>
        <dd>{one.name}</dd>
        {one.door && (
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
      {one.instead && <p class="nothing">{one.instead}</p>}
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

function Response({ incident }: { incident: IncidentView }) {
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

function Person({ incident }: { incident: IncidentView }) {
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

function Device({ incident }: { incident: IncidentView }) {
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

function Notices({ detail }: { detail: IncidentDetail | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const sent = detail ? notices(detail, desk.now.value, speech) : null;
  return (
    <Fact name={speech.say("notices")}>
      {sent === null && <p class="nothing">{speech.say("loading")}</p>}
      {sent?.length === 0 && <p class="nothing">{speech.say("no_notices")}</p>}
      <ul class="notices">
        {sent?.map((notice) => (
          <li key={notice.id} class={`is-${notice.state}`}>
            <NoticeShape state={notice.state} />
            <span class="name">{notice.to}</span>
            <span class="channel">{notice.channel}</span>
            <span class="what">
              {notice.expected ?? notice.words}
              {notice.reason && <span class="reason"> ({notice.reason})</span>}
            </span>
            <span class="time">{notice.time}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Signals({ detail }: { detail: IncidentDetail | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  return (
    <Fact name={speech.say("signals")}>
      {detail === null && <p class="nothing">{speech.say("loading")}</p>}
      {detail?.signals.length === 0 && <p class="nothing">{speech.say("no_signals")}</p>}
      {detail && detail.signals.length > 0 && (
        <table class="signals">
          <thead>
            <tr>
              <th>{speech.say("signal_received")}</th>
              <th>{speech.say("signal_reading")}</th>
              <th>{speech.say("signal_code")}</th>
            </tr>
          </thead>
          <tbody>
            {detail.signals.map((signal) => (
              <tr key={signal.id}>
                <td class="figures">{speech.moment(signal.received_at, desk.now.value)}</td>
                <td>
                  {signalWords(signal, speech)}
                  <span class="aside">
                    {[
                      signal.attempts > 1 ? speech.say("signal_attempts", { count: signal.attempts }) : null,
                      signal.buffered ? speech.say("signal_buffered") : null,
                      ...signal.doubts.map((doubt) => speech.say("signal_doubt", { doubt: doubt.replaceAll("_", " ") })),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </td>
                <td>
                  <code>{signal.code ?? "–"}</code>
                  {signal.text && <span class="aside">{signal.text}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Fact>
  );
}
