// The page for calling for help: what has become of the call above, the large button below.
import { useEffect } from "preact/hooks";
import type { Call, Stage, Step } from "../models/signs";
import { useDeps } from "./deps";
import { CallDesk } from "./dial";

export function AlarmPage() {
  const { phone, alarms } = useDeps();
  useEffect(() => () => alarms.hold.forget(), [alarms]);
  return (
    <main class={alarms.call.value ? "alarm calling" : "alarm"} aria-label={phone.speech.value.say("tab_alarm")}>
      <Told />
      <Sos />
    </main>
  );
}

function Told() {
  const { phone, alarms, work } = useDeps();
  const speech = phone.speech.value;
  const call = alarms.call.value;
  if (call) return <Progress call={call} />;
  const session = work.now.value?.session;
  return (
    <section class="told calm">
      <h1>{speech.say(alarms.overAt.value === null ? "alarm_title" : "alarm_over")}</h1>
      <p role="status">{speech.say(alarms.overAt.value === null ? "alarm_lead" : "alarm_over_lead")}</p>
      {session && (
        <p class="dim">{speech.say(session.place ? "alarm_session_at" : "alarm_session", { place: session.place ?? "" })}</p>
      )}
    </section>
  );
}

function Progress({ call }: { call: Call }) {
  const { phone, alarms } = useDeps();
  const speech = phone.speech.value;
  return (
    <section class={`told stage-${call.stage}`}>
      <div role="status">
        <h1>{speech.sayOr("stage", call.stage)}</h1>
      </div>
      {call.tries > 0 && (
        <p class="warn">
          {speech.say(call.tries === 1 ? "tried_once" : "tried", { n: call.tries, time: speech.time(call.made_at) })}
        </p>
      )}
      {alarms.ring.value && <CallDesk />}
      <ol class="steps">
        {call.steps.map((step) => (
          <StepLine key={step.stage} step={step} />
        ))}
      </ol>
    </section>
  );
}

function StepLine({ step }: { step: Step }) {
  const speech = useDeps().phone.speech.value;
  return (
    <li class={`step ${step.stage} ${step.state}`}>
      <StageSign stage={step.stage} />
      <span>{speech.sayOr("step", step.stage)}</span>
      <span class="at">
        {step.state === "done" ? (step.at === null ? speech.say("step_done") : speech.time(step.at)) : step.state === "now" ? speech.say("step_waits") : ""}
      </span>
    </li>
  );
}

/** An arrow that leaves, a house that has it, a person: told apart without colour. */
const SIGNS: Readonly<Record<Stage, string>> = {
  stored: "M7 3h10v18H7zM10 17.500h4",
  sent: "M4 12h14M12 6l6 6-6 6",
  received: "M4 11l8-7 8 7v9H4zM9 14.500l2.200 2.300 4-4.600",
  taken: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 21c.7-4.200 3.800-6.500 7.500-6.500s6.800 2.300 7.500 6.500z",
};

function StageSign({ stage }: { stage: Stage }) {
  return (
    <svg class="stage-sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d={SIGNS[stage]} />
    </svg>
  );
}

const ROUND = 2 * Math.PI * 46;

function Sos() {
  const { phone, alarms } = useDeps();
  const speech = phone.speech.value;
  const { hold } = alarms;
  const key = (event: KeyboardEvent) => event.key === " " || event.key === "Enter";
  const holding = hold.holding.value;
  return (
    <div class={hold.early.value ? "sos-zone early" : "sos-zone"}>
      <button
        type="button"
        class={holding ? "sos holding" : "sos"}
        aria-describedby="sos-how"
        onPointerDown={(event) => {
          if (event.button !== 0 || !event.isPrimary) return;
          event.currentTarget.setPointerCapture(event.pointerId); // a trembling finger that slips off still holds
          hold.press();
        }}
        onPointerUp={(event) => event.isPrimary && hold.release()}
        onPointerCancel={(event) => event.isPrimary && hold.release()}
        onKeyDown={(event) => {
          if (!key(event)) return;
          event.preventDefault();
          if (!event.repeat) hold.press();
        }}
        onKeyUp={(event) => {
          if (!key(event)) return;
          event.preventDefault();
          hold.release();
        }}
        onClick={(event) => event.detail === 0 && hold.touch()}
        onBlur={() => hold.release()}
        onContextMenu={(event) => event.preventDefault()}
      >
        <svg viewBox="0 0 100 100" aria-hidden="true">
          <circle class="rail" cx="50" cy="50" r="46" />
          <circle class="ring" cx="50" cy="50" r="46" stroke-dasharray={`${hold.part.value * ROUND} ${ROUND}`} transform="rotate(-90 50 50)" />
        </svg>
        <span class="sos-word">{speech.say("sos")}</span>
        <span class="sos-say">{speech.say(holding ? "sos_holding" : "sos_hold")}</span>
      </button>
      <p id="sos-how" class="sos-how" role="status">
        {speech.say(hold.early.value ? "sos_early" : "sos_how")}
        {!hold.early.value && <span class="with-keys"> {speech.say("sos_keys")}</span>}
      </p>
      {hold.early.value && (
        <button type="button" class="big danger" onClick={() => hold.confirm()}>
          {speech.say("sos_without_holding")}
        </button>
      )}
    </div>
  );
}
