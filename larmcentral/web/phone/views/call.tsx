// One call: what it is, where to go, three large answers, who else goes, and what the centre writes.
import { useEffect, useRef } from "preact/hooks";
import type { IncidentDetail, IncidentView } from "../../shared/shapes";
import { answers, head, others, released, type Where, where, wordsFor } from "../models/call";
import { useDeps } from "./deps";
import { CallDesk } from "./dial";

export function CallPage({ id }: { id: string }) {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  useEffect(() => {
    calls.open(id);
    return () => calls.close();
  }, [id, calls]);
  const top = useRef<HTMLElement>(null);
  useEffect(() => top.current?.focus(), []);
  const incident = calls.find(id);
  const detail = calls.detail.value?.incident.id === id ? calls.detail.value : null;
  return (
    <main class="page call" ref={top} tabIndex={-1}>
      <a class="back" href="#/calls">
        {speech.say("calls_back")}
      </a>
      {incident ? (
        <Call incident={incident} detail={detail} />
      ) : (
        <p role="status">{speech.say(calls.gone.value ? "call_gone" : "loading")}</p>
      )}
    </main>
  );
}

interface Shown {
  incident: IncidentView;
  detail: IncidentDetail | null;
}

function Call({ incident, detail }: Shown) {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  const person = phone.me.value?.person_id ?? null;
  const now = phone.now.value;
  const it = head(incident, person, now, speech);
  const end = released(incident, detail, person, speech);
  const rings = calls.ringing.value.some((one) => one.id === incident.id);
  const seen = where(incident, detail, calls.here.value, now, speech);
  return (
    <>
      {it.drill && <p class="drill">{speech.say("drill_banner")}</p>}
      {end && (
        <section class="card ended" role="status">
          <h2>{end.title}</h2>
          {end.why && <p>{end.why}</p>}
        </section>
      )}
      <header class={`call-head gravity-${incident.gravity}${it.over ? " over" : ""}`}>
        <p class="call-kind">
          {it.test && <b class="mark">{speech.say("mark_test")}</b>}
          {speech.sayOr("kind", it.kind)}
        </p>
        <h1>{it.who}</h1>
        {it.unit && <p class="dim">{it.unit}</p>}
        <p class="dim">{speech.say(it.over ? "call_opened_over" : "call_opened", { time: it.openedAt, age: it.age })}</p>
        {it.late && <p class="warn">{it.late}</p>}
      </header>
      {it.silent && !it.over && <p class="rule">{speech.say("call_silent")}</p>}
      {seen.dangers.length > 0 && (
        <section class="card danger-card" aria-label={speech.say("premises_danger")}>
          <h2>{speech.say("premises_danger")}</h2>
          {seen.dangers.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </section>
      )}
      <Place seen={seen} over={it.over} loading={detail === null} />
      {rings && (
        <button type="button" class="quiet" onClick={() => calls.hush()}>
          {speech.say("call_hush")}
        </button>
      )}
      <Messages incident={incident} />
      <Others incident={incident} />
      <CallDesk />
      {!it.over && <Answers incident={incident} />}
    </>
  );
}

function Place({ seen, over, loading }: { seen: Where; over: boolean; loading: boolean }) {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  return (
    <section class="card where" aria-label={speech.say("place")}>
      <h2>{seen.name ?? speech.say("place")}</h2>
      {seen.unknown && !over && <p class="risk">{speech.say("place_none")}</p>}
      {over ? <p class="dim">{speech.say("premises_over")}</p> : <Facts seen={seen} />}
      {!seen.name && loading && <p class="dim">{speech.say("loading")}</p>}
      {seen.routes && !over && (
        <div class="routes">
          <a class="big" href={seen.routes.geo} rel="noreferrer">
            {speech.say("route_app")}
          </a>
          <a class="big" href={seen.routes.web} target="_blank" rel="noopener noreferrer">
            {speech.say("route_web")}
          </a>
          {seen.distance === null && (
            <button type="button" class="quiet" onClick={() => void calls.locate()}>
              {speech.say("distance_ask")}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function Facts({ seen }: { seen: Where }) {
  const speech = useDeps().phone.speech.value;
  const facts = [
    ["premises_address", seen.address],
    ["premises_floor", seen.floor],
    ["premises_door_code", seen.door],
    ["call_indoor", seen.indoor],
    ["call_distance", seen.distance],
  ] as const;
  return (
    <dl>
      {facts
        .filter(([, value]) => value !== null)
        .map(([key, value]) => (
          <div key={key}>
            <dt>{speech.say(key)}</dt>
            <dd class={key === "premises_door_code" ? "code" : undefined}>{value}</dd>
          </div>
        ))}
      {seen.fix && (
        <div>
          <dt>{speech.say(seen.fix.lastKnown ? "call_last_place" : "call_fix")}</dt>
          <dd>
            {seen.fix.coordinates}
            <span class={seen.fix.old ? "age old" : "age"}>
              {seen.fix.age}, {seen.fix.accuracy}
            </span>
          </dd>
        </div>
      )}
    </dl>
  );
}

const LOOKS = { going: "primary", cannot: "", on_site: "" } as const;

function Answers({ incident }: { incident: IncidentView }) {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  const waiting = calls.waiting(incident.id);
  const all = answers(incident, phone.me.value?.person_id ?? null, waiting);
  const said = all.find((one) => one.state === "said");
  return (
    <section class="answers" aria-label={speech.say("answers_title")}>
      <p class={waiting ? "warn" : "dim"} role="status">
        {waiting
          ? speech.say("answer_waits", { word: speech.sayOr("call_do", waiting) })
          : said
            ? speech.say("answer_said", { word: speech.sayOr("call_do", said.word) })
            : speech.say("answer_none")}
      </p>
      {all.map(({ word, state }) => (
        <button
          key={word}
          type="button"
          class={`huge answer ${state === "none" ? (said || waiting ? "" : LOOKS[word]) : state}`}
          aria-pressed={state === "said"}
          onClick={() => void calls.answer(incident.id, word)}
        >
          <span class="tick" aria-hidden="true">
            {state === "said" ? "✓" : state === "waits" ? "…" : ""}
          </span>
          {speech.sayOr("call_do", word)}
        </button>
      ))}
    </section>
  );
}

function Others({ incident }: { incident: IncidentView }) {
  const { phone } = useDeps();
  const speech = phone.speech.value;
  const rows = others(incident, phone.me.value?.person_id ?? null, phone.now.value, speech);
  return (
    <section class="card" aria-label={speech.say("responders")}>
      <h2>{speech.say("responders")}</h2>
      {incident.owner && <p>{speech.say("call_desk_has", { name: incident.owner.name })}</p>}
      <ul class="list others">
        {rows.map((one) => (
          <li key={one.id} class={`state-${one.state}`}>
            <b>
              {one.name}
              {one.self ? ` (${speech.say("call_self")})` : ""}
            </b>
            <span class="other-state">{speech.sayOr("responder", one.state)}</span>
            <span class="dim">{one.age}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Messages({ incident }: { incident: IncidentView }) {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  const rows = wordsFor(incident, calls.messages.value);
  return (
    <section class={rows.length > 0 ? "card messages" : "messages"} role="log" aria-label={speech.say("messages_title")}>
      {rows.length > 0 && <h2>{speech.say("messages_title")}</h2>}
      {rows.map((one) => (
        <p key={`${one.at}${one.text}`}>
          {one.text}
          <span class="age">
            {one.by}, {speech.time(one.at).slice(0, 5)}
          </span>
        </p>
      ))}
    </section>
  );
}
