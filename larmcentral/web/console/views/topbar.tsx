// The bar that is always there: pages, the feed's pulse, sound, the clock, who is logged in.
import { useState } from "preact/hooks";
import { ofTheHouse, tabs, under } from "../models/pages";
import { useDeps } from "./deps";
import { Sign } from "./shapes";

export function TopBar() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const { untaken } = desk.queue.value;
  const me = desk.desk.me.value;
  const here = desk.page.value;
  return (
    <header class="topbar">
      <p class="brand">{speech.say("product")}</p>
      <nav aria-label={speech.say("nav")}>
        {tabs(me).map((page) => (
          <button type="button" key={page} class="tab" aria-current={under(page, here, me) ? "page" : undefined} onClick={() => desk.show(page)}>
            {speech.sayOr("page", page)}
            {page === "queue" && untaken > 0 && <span class="badge">{untaken}</span>}
          </button>
        ))}
        {ofTheHouse(me) && (
          <a class="tab" href="/manager/" target="larm-manager" title={speech.say("follow_up_lead")}>
            {speech.say("follow_up")}
          </a>
        )}
      </nav>
      <span class="spring" />
      <Pulse />
      <SecondSwitch />
      <SoundSwitch />
      <button type="button" class="quiet" aria-label={speech.say("keys")} onClick={() => (desk.dialog.value = "keys")}>
        <span class="wide">{speech.say("keys")}</span> <kbd>?</kbd>
      </button>
      <button type="button" class="quiet" lang={desk.settings.language.value === "sv" ? "en" : "sv"} onClick={() => desk.settings.switchLanguage()}>
        {speech.say("language_other")}
      </button>
      <ThemeSwitch />
      <Clock />
      <User />
    </header>
  );
}

/** Puts map and account on the other monitor. Closing that window brings them back. */
function SecondSwitch() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const first = desk.first;
  if (!first) return null;
  const open = () => window.open(`/?of=${first.name}`, `larm-${first.name}`, "popup,width=1200,height=900")?.focus();
  return (
    <button type="button" class="quiet" aria-label={speech.say("second_open")} title={speech.say("second_open")} aria-pressed={first.open.value} onClick={open}>
      <Sign name="windows" />
    </button>
  );
}

export function Pulse() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fresh = desk.fresh.value;
  const live = fresh.state === "live";
  const words = live
    ? speech.say("feed_live")
    : fresh.state === "starting"
      ? speech.say("feed_starting")
      : speech.say("feed_stale", { age: speech.length(fresh.ageMs) });
  return (
    <span class={`pulse ${live ? "live" : "dead"}`} data-testid="pulse">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {live ? <circle cx="6" cy="6" r="4" /> : <path d="M1 1h10v10H1z" />}
      </svg>
      {words}
    </span>
  );
}

function SoundSwitch() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const on = desk.settings.sound.value;
  return (
    <button type="button" class={`quiet sound ${on ? "" : "off"}`} aria-label={speech.say(on ? "sound_turn_off" : "sound_turn_on")} onClick={() => desk.settings.switchSound(!on)}>
      <Sign name={on ? "speaker" : "mute"} />
      <span class="wide">{speech.say(on ? "sound_on" : "sound_off")}</span>
    </button>
  );
}

function ThemeSwitch() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const other = desk.settings.theme.value === "dark" ? "light" : "dark";
  return (
    <button type="button" class="quiet" aria-label={speech.say("theme_switch", { theme: speech.sayOr("theme_name", other) })} onClick={() => desk.settings.switchTheme()}>
      {speech.sayOr("theme", other)}
    </button>
  );
}

function Clock() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const now = desk.now.value;
  return (
    <time class="clock" dateTime={new Date(now).toISOString()}>
      <span class="date">{speech.date(now)}</span> {speech.time(now)}
    </time>
  );
}

function User() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <span class="user">
      <span class="name" title={desk.desk.me.value?.name}>{desk.desk.me.value?.name}</span>
      <button type="button" class="quiet" onClick={async () => setFailed(await desk.wantOut())}>
        {speech.say("log_out")}
      </button>
      {failed && (
        <span class="refusal floating" role="alert">
          {failed}
        </span>
      )}
    </span>
  );
}
