// One incident: what it was, its account with three clocks a line, its replay on the map, and the ways to take it out.
import { useEffect } from "preact/hooks";
import { clocks, device, elapsed, notices, responders, signalWords, stateWords } from "../../shared/account/incident";
import { marks, who } from "../../shared/account/marks";
import { premises } from "../../shared/account/place";
import type { DeviceView, IncidentDetail } from "../../shared/shapes";
import { Case } from "../models/case";
import { hashOf } from "../models/routes";
import { queryOf } from "../models/search";
import type { Speech } from "../words/speech";
import { CaseAccount } from "./account";
import { useDeps, useKept } from "./deps";
import { Exports } from "./exports";
import { Standing } from "./parts";
import { ReplayPart } from "./replay";
import "../css/case.css";

export function CasePage() {
  const { office, search, digest } = useDeps();
  const speech = office.speech.value;
  const id = office.route.value.id ?? "";
  const one = useKept(() => new Case(office, id, digest), id);
  useEffect(() => void one.open(), [one]);
  const detail = one.asked.value.value;
  const replay = one.replay.value;
  return (
    <div class="page case">
      <header class="page-head">
        <a class="back" href={hashOf("incidents", null, queryOf(search.filters.value))}>
          ← {speech.say("back_to_incidents")}
        </a>
        <h1>{detail ? `${speech.sayOr("kind", detail.incident.kind)}, ${who(detail.incident, speech)}` : speech.say("incident")}</h1>
        {detail && <Head detail={detail} number={one.number.value} />}
        {one.old.value && (
          <p class="moved" role="status">
            {speech.say("case_moved")}{" "}
            <button type="button" class="act" onClick={() => void one.open()}>
              {speech.say("refresh")}
            </button>
          </p>
        )}
      </header>
      <Standing asked={one.asked} again={() => void one.open()} />
      {detail && replay && (
        <div class="case-grid">
          <div class="case-side">
            <ReplayPart detail={detail} replay={replay} />
            <Facts detail={detail} closing={one.closing.value} />
            <Exports detail={detail} number={one.number.value} />
          </div>
          <CaseAccount key={detail.incident.version} lines={one.lines.value} replay={replay} />
        </div>
      )}
    </div>
  );
}

function Head({ detail, number }: { detail: IncidentDetail; number: string | null }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const { incident } = detail;
  return (
    <p class="case-head">
      {number && <span class="figures">{number}</span>}
      <span>{`${speech.date(incident.opened_at)} ${speech.time(incident.opened_at)}`}</span>
      <span>{`${speech.say(incident.state === "stood_down" ? "elapsed_closed" : "elapsed")} ${elapsed(incident, office.now.value)}`}</span>
      <b>{stateWords(incident, office.me.value?.user_id ?? null, speech)}</b>
      {marks(incident, speech).map((mark) => (
        <span key={mark.kind} class={`mark ${mark.kind}`} title={mark.why}>
          {mark.words}
        </span>
      ))}
    </p>
  );
}

function Facts({ detail, closing }: { detail: IncidentDetail; closing: readonly string[] }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const { incident } = detail;
  const now = office.now.value;
  const place = premises(incident, detail, speech);
  const told = notices(detail, now, speech);
  const answered = responders(incident, now, speech);
  const address = place?.door ? [place.door.address, place.door.floor].filter(Boolean).join(", ") : "";
  return (
    <section class="facts">
      <h2>{speech.say("clocks")}</h2>
      <dl class="clocks">
        {clocks(incident, detail.signals, now, speech).map((clock) => (
          <div key={clock.name}>
            <dt>
              {clock.name} <span class="aside">{clock.by}</span>
            </dt>
            <dd class="figures">
              {clock.time} {clock.delta && <span class="aside">{clock.delta}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {closing.length > 0 && (
        <>
          <h2>{speech.say("closing_answers")}</h2>
          <ul>
            {closing.map((answer) => (
              <li key={answer}>{answer}</li>
            ))}
          </ul>
        </>
      )}
      <h2>{speech.say("facts")}</h2>
      <dl class="pairs">
        {incident.person && <Pair name={speech.say("person")} value={[incident.person.name, incident.person.employer].filter(Boolean).join(", ")} />}
        {incident.person?.unit && <Pair name={speech.say("unit")} value={[incident.person.unit, incident.person.team].filter(Boolean).join(" · ")} />}
        {place && <Pair name={speech.say("place")} value={[place.name, address].filter(Boolean).join(", ")} />}
        {place && place.dangers.length > 0 && <Pair name={speech.say("premises_danger")} value={place.dangers.join(". ")} />}
        {incident.device && <Pair name={speech.say("device")} value={deviceWords(incident.device, now, speech)} />}
        {incident.owner && <Pair name={speech.say("taken_by")} value={incident.owner.name} />}
      </dl>
      {answered.length > 0 && (
        <>
          <h2>{speech.say("responders")}</h2>
          <ul>
            {answered.map((one) => (
              <li key={one.id}>
                {one.name} <span class="aside inline">{`${one.words}, ${one.step}`}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <details>
        <summary>{speech.say("signals_n", { n: detail.signals.length })}</summary>
        <ul>
          {detail.signals.map((signal) => (
            <li key={signal.id}>
              {signalWords(signal, speech)} {signal.code && <code>{signal.code}</code>}
              <span class="aside">
                {[
                  `${speech.say("signal_received")} ${speech.moment(signal.received_at, Date.parse(incident.opened_at))}`,
                  signal.attempts > 1 ? speech.say("signal_attempts", { count: signal.attempts }) : "",
                  signal.buffered ? speech.say("signal_buffered") : "",
                  ...signal.doubts.map((doubt) => speech.say("signal_doubt", { doubt: doubt.replaceAll("_", " ") })),
                ]
                  .filter(Boolean)
                  .join(", ")}
              </span>
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>{speech.say("notices_n", { n: told.length })}</summary>
        <ul>
          {told.map((notice) => (
            <li key={notice.id}>
              {`${notice.to}, ${notice.channel}: ${notice.words} ${notice.time}`}
              {notice.reason && <span class="aside">{notice.reason}</span>}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function deviceWords(view: DeviceView, now: number, speech: Speech): string {
  const { name, model, account } = device(view, now, speech);
  return [name, model, account].filter(Boolean).join(", ");
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
