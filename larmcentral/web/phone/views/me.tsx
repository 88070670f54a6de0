// One's own page: who one is, the test alarm, the covert way in, PINs, devices, who has read what, and the way out.
import { useEffect, useMemo, useState } from "preact/hooks";
import { Taps } from "../models/taps";
import { Checks } from "./checks";
import { useDeps } from "./deps";
import { Devices, Points, Reads } from "./mylists";
import { PushSection } from "./push";

export function MePage() {
  const { phone, own } = useDeps();
  const speech = phone.speech.value;
  useEffect(() => own.openMe(), [own]);
  return (
    <main class="page me">
      <h1>{phone.me.value?.name}</h1>
      <TestAlarm />
      <Covert />
      <Pins />
      <PushSection />
      <Checks all />
      <Devices />
      <Points />
      <Reads />
      <section class="card">
        <h2>{speech.say("look_title")}</h2>
        <div class="chips">
          <button type="button" class="chip" lang={phone.settings.language.value === "sv" ? "en" : "sv"} onClick={() => phone.settings.switchLanguage()}>
            {speech.say("language_other")}
          </button>
          <button type="button" class="chip" onClick={() => phone.settings.switchTheme()}>
            {speech.say(phone.settings.theme.value === "dark" ? "theme_light" : "theme_dark")}
          </button>
        </div>
      </section>
      <LogOut />
    </main>
  );
}

function TestAlarm() {
  const { phone, own } = useDeps();
  const speech = phone.speech.value;
  const tested = own.tested.value;
  return (
    <section class="card">
      <h2>{speech.say("test_title")}</h2>
      <p class="dim">{speech.say("test_lead")}</p>
      <button type="button" class="big" onClick={() => void own.test()}>
        {speech.say("test_do")}
      </button>
      <p role="status">
        {tested && (tested.receivedAt === null ? speech.say("test_waits") : speech.say("test_received", { time: speech.time(tested.receivedAt) }))}
      </p>
    </section>
  );
}

/** How to call for help unseen, and a place to practise it where nothing is sent. */
function Covert() {
  const { phone } = useDeps();
  const speech = phone.speech.value;
  const [times, setTimes] = useState(0);
  const taps = useMemo(() => new Taps(() => setTimes((n) => n + 1)), []);
  return (
    <details class="card">
      <summary>{speech.say("covert_title")}</summary>
      <p>{speech.say("covert_how")}</p>
      <p class="dim">{speech.say("covert_then")}</p>
      <p>{speech.say("covert_practise")}</p>
      <button type="button" class="time practise" onClick={() => taps.tap(phone.clock.now())}>
        {speech.time(phone.now.value).slice(0, 5)}
      </button>
      <p role="status">{times > 0 ? speech.say("covert_right", { n: times }) : ""}</p>
    </details>
  );
}

function Pins() {
  const { phone, visit, own } = useDeps();
  const speech = phone.speech.value;
  const [said, setSaid] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const refusal = await own.choosePins(String(fields.get("pin")), String(fields.get("duress")), String(fields.get("password")));
    setSaid(refusal);
    setDone(refusal === null);
    if (refusal === null) form.reset();
  };
  return (
    <details class="card">
      <summary>{speech.say(visit.pinSet.value ? "pins_set" : "pins_none")}</summary>
      <p>{speech.say("pins_lead")}</p>
      <form class="start" onSubmit={(event) => void submit(event)}>
        <label>
          {speech.say("pin")}
          <input name="pin" type="password" inputmode="numeric" autocomplete="off" maxLength={8} required />
        </label>
        <label>
          {speech.say("pin_duress")}
          <input name="duress" type="password" inputmode="numeric" autocomplete="off" maxLength={8} required />
        </label>
        <label>
          {speech.say("password")}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="refusal" role="alert">
          {said ?? ""}
        </p>
        <p role="status">{done ? speech.say("pins_done") : ""}</p>
        <button type="submit" class="big">
          {speech.say("pins_save")}
        </button>
      </form>
    </details>
  );
}

function LogOut() {
  const { phone, visit } = useDeps();
  const speech = phone.speech.value;
  const [armed, setArmed] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const waiting = phone.outbox.told.value.length;
  const running = visit.session.value !== null;
  return (
    <section class="card">
      {armed && waiting > 0 && <p class="warn">{speech.say("log_out_waiting", { n: waiting })}</p>}
      {armed && running && <p class="warn">{speech.say("log_out_session")}</p>}
      <p class="refusal" role="alert">
        {refusal ?? ""}
      </p>
      <button
        type="button"
        class="big"
        onClick={() => {
          if ((waiting > 0 || running) && !armed) return setArmed(true);
          void phone.logOut().then(setRefusal);
        }}
      >
        {speech.say(armed ? "log_out_anyway" : "log_out")}
      </button>
    </section>
  );
}
