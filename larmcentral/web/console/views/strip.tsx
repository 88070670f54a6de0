// The strip under the bar. It is always there, so nothing moves when it has something to say.
import { useState } from "preact/hooks";
import { faultWords } from "../models/marks";
import { faultPage, opens } from "../models/pages";
import { useDeps } from "./deps";
import { Sign } from "./shapes";

export function Strip() {
  const { desk, siren } = useDeps();
  const speech = desk.speech.value;
  const fresh = desk.fresh.value;
  const on = desk.settings.sound.value;
  const blocked = on && siren.state.value === "blocked";
  const trouble = fresh.state === "stale" || fresh.state === "no_database";
  const calm = !trouble && !blocked && on && desk.desk.systemAlarms.value.length === 0 && fresh.state === "live";
  return (
    <section class="strip" aria-label={speech.say("strip")}>
      {trouble && (
        <div class="segment stale" data-testid="stale">
          <Sign name="clock" />
          <span class="cut">{speech.say(fresh.state === "stale" ? "feed_stale_long" : "feed_no_database", { age: speech.length(fresh.ageMs) })}</span>
        </div>
      )}
      {blocked && (
        <button type="button" class="segment blocked" onClick={() => siren.unlock()}>
          <Sign name="mute" />
          <span class="cut">{speech.say("sound_blocked")}</span>
        </button>
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
      <SilenceButton />
    </section>
  );
}

function SilenceButton() {
  const { desk, siren } = useDeps();
  const speech = desk.speech.value;
  if (desk.sounding.value.keys.length === 0) return null;
  const heard = desk.settings.sound.value && siren.state.value === "running";
  return (
    <button type="button" class="silence" title={speech.say("silence_long")} onClick={() => desk.silence()}>
      <span class="twin" aria-hidden="true" />
      {speech.say(heard ? "sounding" : "calling")}
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
  const words = (alarm: typeof first) => {
    const about = alarm.incident_id ? desk.desk.incidents.value.get(alarm.incident_id) : undefined;
    const name = about?.person?.name;
    return `${faultWords(alarm.fault, alarm.step, speech)}${name ? ` (${name})` : ""}`;
  };
  const show = (alarm: typeof first) => {
    setAll(false);
    desk.show(alarm.incident_id ? "queue" : faultPage(alarm.fault));
    if (alarm.incident_id) desk.select(alarm.incident_id);
  };
  const leads = (alarm: typeof first) => alarm.incident_id !== null || opens(faultPage(alarm.fault), desk.desk.me.value);
  return (
    <div class="segment system" data-testid="system">
      <Sign name="warning" />
      <span class="cut">{words(first)}</span>
      <span class="since">{speech.say("system_since", { time: speech.time(first.raised_at) })}</span>
      {leads(first) && (
        <button type="button" class="link" onClick={() => show(first)}>
          {speech.say(first.incident_id ? "fault_show" : "fault_show_way")}
        </button>
      )}
      {alarms.length > 1 && (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {speech.say("more_faults", { count: alarms.length - 1 })}
        </button>
      )}
      {all && (
        <ul class="drop">
          {alarms.map((alarm) => (
            <li key={alarm.id}>
              <span>{words(alarm)}</span>
              <span class="since">{speech.say("system_since", { time: speech.time(alarm.raised_at) })}</span>
              {leads(alarm) && (
                <button type="button" class="link" onClick={() => show(alarm)}>
                  {speech.say(alarm.incident_id ? "fault_show" : "fault_show_way")}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
