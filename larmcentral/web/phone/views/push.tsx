// Being reached while the app is closed: how it stands, what to press, and what the centre does where it cannot be had.
import { useDeps } from "./deps";

/** On one's own page. */
export function PushSection() {
  const { phone } = useDeps();
  const speech = phone.speech.value;
  return (
    <section class="card" aria-label={speech.say("push_title")}>
      <h2>{speech.say("push_title")}</h2>
      <PushState />
      <InstallHint />
    </section>
  );
}

/** On the page of whoever is called out, while something is wanting. */
export function PushWanted() {
  const { phone, push } = useDeps();
  const speech = phone.speech.value;
  if (!push.wanting.value) return null;
  return (
    <section class="card wanting" aria-label={speech.say("push_wanted")}>
      <h2>{speech.say("push_wanted")}</h2>
      <PushState />
    </section>
  );
}

function PushState() {
  const { phone, push } = useDeps();
  const speech = phone.speech.value;
  const state = push.state.value;
  const ways = push.others.value;
  const there = state === "on" || state === "unproven" || state === "failing";
  return (
    <>
      <p role="status" class={state === "on" ? "fine" : state === "looking" ? "dim" : "warn"}>
        {speech.sayOr("push", state)}
      </p>
      {!there && state !== "looking" && ways && (
        <p class={ways.length > 0 ? "dim" : "risk"}>
          {ways.length > 0 ? speech.say("push_instead", { ways: speech.list(ways.map((one) => speech.sayOr("way", one))) }) : speech.say("push_nothing")}
        </p>
      )}
      {push.refusal.value && (
        <p class="refusal" role="alert">
          {push.refusal.value}
        </p>
      )}
      {(state === "off" || state === "stuck") && (
        <button type="button" class="big primary" disabled={push.busy.value} onClick={() => void push.turnOn()}>
          {speech.say("push_on_do")}
        </button>
      )}
      {there && (
        <>
          <button type="button" class="big" disabled={push.busy.value} onClick={() => void push.test()}>
            {speech.say(state === "unproven" ? "push_prove" : "push_test")}
          </button>
          <p role="status">{push.tested.value === "none" || state === "unproven" ? "" : speech.sayOr("push_test", push.tested.value)}</p>
          <button type="button" class="quiet" disabled={push.busy.value} onClick={() => void push.turnOff()}>
            {speech.say("push_off_do")}
          </button>
        </>
      )}
    </>
  );
}

function InstallHint() {
  const { phone, install } = useDeps();
  const speech = phone.speech.value;
  const state = install.state.value;
  if (state === "yes" || state === "unknown") return null;
  return (
    <>
      <p class="dim">{speech.sayOr("install", state)}</p>
      {state === "offer" && (
        <button type="button" class="big" onClick={() => void install.ask()}>
          {speech.say("install_do")}
        </button>
      )}
    </>
  );
}
