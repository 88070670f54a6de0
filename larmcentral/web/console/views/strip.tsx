// The strip under the bar. It is always there, so nothing moves when it has something to say.
import { useState } from "preact/hooks";
import { faultWords, who } from "../../shared/account/marks";
import type { SystemAlarmView } from "../../shared/shapes";
import { faultPage, ofTheHouse, opens } from "../models/pages";
import { pressureWords } from "../models/pressure";
import { useDeps } from "./deps";
import { Sign } from "./shapes";

export function Strip() {
  const { desk, siren } = useDeps();
  const speech = desk.speech.value;
  const fresh = desk.fresh.value;
  const on = desk.settings.sound.value;
  const mute = on && siren.state.value === "mute";
  const heard = on && siren.state.value === "running";
  const trouble = fresh.state === "stale" || fresh.state === "no_database";
  const flood = pressureWords(desk.pressure.picture.value, speech);
  const drill = desk.queue.value.drills > 0;
  const calm = !trouble && heard && !drill && flood?.tone !== "flood" && desk.desk.systemAlarms.value.length === 0 && fresh.state === "live";
  return (
    <section class="strip" aria-label={speech.say("strip")}>
      {trouble && (
        <div class="segment stale" data-testid="stale">
          <Sign name="clock" />
          <span class="cut">{speech.say(fresh.state === "stale" ? "feed_stale_long" : "feed_no_database", { age: speech.length(fresh.ageMs) })}</span>
        </div>
      )}
      {flood?.tone === "flood" && (
        <div class="segment flood" role="status" data-testid="flood">
          <Sign name="warning" />
          <span class="cut">{flood.advice}</span>
        </div>
      )}
      {drill && <Drill />}
      {mute && (
        <div class="segment off">
          <Sign name="mute" />
          <span class="cut">{speech.say("sound_mute")}</span>
        </div>
      )}
      {!on && (
        <button type="button" class="segment off" onClick={() => desk.settings.switchSound(true)}>
          <Sign name="mute" />
          {speech.say("sound_off_strip")} <u>{speech.say("sound_turn_on")}</u>
        </button>
      )}
      <SystemAlarms />
      {calm && <p class="segment calm">{speech.say("all_well")}</p>}
      {fresh.state === "starting" && <p class="segment calm">{speech.say("feed_starting")}</p>}
      <Twin />
    </section>
  );
}

/** Says on every page that an exercise goes on, and about whom. */
function Drill() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const first = desk.open.value.find((one) => one.incident.purpose === "drill")?.incident;
  if (!first) return null;
  const count = desk.queue.value.drills;
  const show = () => {
    desk.show("queue");
    desk.select(first.id);
  };
  return (
    <button type="button" class="segment drill" data-testid="drill" onClick={show}>
      <b>{speech.say("drill_banner")}</b>
      <span class="cut">{count > 1 ? speech.say("drill_banner_more", { who: who(first, speech), count: count - 1 }) : who(first, speech)}</span>
    </button>
  );
}

/** What the loudspeaker says, for the eye: the same rhythm, the gravity's own colour and word. */
function Twin() {
  const { desk, siren } = useDeps();
  const speech = desk.speech.value;
  const { tone } = desk.sounding.value;
  if (tone === null) return null;
  const heard = desk.settings.sound.value && siren.state.value === "running";
  return (
    <button type="button" class={`silence tone-${tone}`} title={speech.say("silence_long")} onClick={() => desk.silence()}>
      <span class="twin" key={tone} aria-hidden="true">
        <i />
      </span>
      <span class="cut">
        {speech.say(heard ? "sounding" : "calling")} <span class="tone">{speech.sayOr("tone", tone)}</span>
      </span>
      <span class="act">{speech.say("silence")}</span> <kbd>M</kbd>
    </button>
  );
}

function SystemAlarms() {
  const { desk } = useDeps();
  const [all, setAll] = useState(false);
  const speech = desk.speech.value;
  const alarms = desk.desk.systemAlarms.value;
  const first = alarms[0];
  if (!first) return null;
  return (
    <div class="segment system" data-testid="system">
      <Sign name="warning" />
      <Fault alarm={first} />
      <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
        {speech.say(alarms.length > 1 ? "more_faults" : "fault_open", { count: alarms.length - 1 })}
      </button>
      {all && (
        <ul class="drop">
          {alarms.map((alarm) => (
            <li key={alarm.id}>
              <Fault alarm={alarm} whole done={() => setAll(false)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** whole: with what one can do about it. */
function Fault({ alarm, whole = false, done }: { alarm: SystemAlarmView; whole?: boolean; done?: () => void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const name = (alarm.incident_id && desk.desk.incidents.value.get(alarm.incident_id)?.person?.name) || null;
  const page = faultPage(alarm.fault);
  const leads = alarm.incident_id !== null || opens(page, desk.desk.me.value);
  const show = () => {
    done?.();
    desk.show(alarm.incident_id ? "queue" : page);
    if (alarm.incident_id) desk.select(alarm.incident_id);
  };
  const dealWith = () => {
    done?.();
    desk.fault.value = alarm.id;
    desk.dialog.value = "fault";
  };
  return (
    <>
      <span class="cut">
        {faultWords(alarm.fault, alarm.step, speech)}
        {name && ` (${name})`}
      </span>
      <span class="since">{speech.say("system_since", { time: speech.time(alarm.raised_at) })}</span>
      {leads && (
        <button type="button" class="link" onClick={show}>
          {speech.say(alarm.incident_id ? "fault_show" : "fault_show_way")}
        </button>
      )}
      {whole && ofTheHouse(desk.desk.me.value) && (
        <button type="button" class="link" onClick={dealWith}>
          {speech.say("fault_dealt")}
        </button>
      )}
    </>
  );
}
