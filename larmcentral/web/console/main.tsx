// The one place of the browser that builds: clock, API, feed, sound, windows, and the console that uses them.
import { effect } from "@preact/signals"; // also teaches views to redraw when a signal they read changes
import { render } from "preact";
import "./css/base.css";
import "./css/layout.css";
import "./css/strip.css";
import "./css/queue.css";
import "./css/incident.css";
import "./css/actions.css";
import "./css/plan.css";
import "./css/premises.css";
import "./css/signals.css";
import "./css/side.css";
import "./css/dialogs.css";
import "./css/pages.css";
import { Api } from "../shared/api";
import { BrowserClock } from "../shared/clock";
import { Siren } from "../shared/siren";
import { acquire, type Lock, shareFeed, wireOf } from "../shared/tabs";
import { Console } from "./models/console";
import { who } from "../shared/account/marks";
import { Settings } from "./models/settings";
import { title } from "./models/sounding";
import type { Word } from "./models/windows";
import { App } from "./views/app";
import { listenToKeys } from "./views/keyboard";

const clock = new BrowserClock();
const systemTheme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
const settings = new Settings(localStorage, systemTheme);
const open = (url: string) => new EventSource(url);
const desk = new Console(new Api((url, init) => fetch(url, init)), open, clock, settings);
const siren = new Siren(() => new AudioContext(), (ms, call) => void clock.after(ms, call));
/** Of which window this one is the second; null for a first one. */
const second = new URLSearchParams(location.search).get("of");

effect(() => {
  document.documentElement.lang = settings.language.value;
  document.documentElement.dataset.theme = settings.theme.value;
});
addEventListener("storage", () => settings.recall()); // the other window chose another language or theme

if (second === null) {
  first();
} else {
  const follower = desk.follow(wireOf<Word>(`larm-${second}`));
  document.addEventListener("visibilitychange", () => follower.seen(document.visibilityState === "visible"));
  addEventListener("pagehide", () => follower.gone());
  effect(() => void (document.title = desk.speech.value.say("second_title")));
}
listenToKeys(desk);
void desk.start();

const root = document.getElementById("app");
if (root) render(<App desk={desk} siren={siren} second={second !== null} />, root);

/** What only a first window does: it has the feed, makes the sound, flashes in its title, and may have a second one. */
function first(): void {
  const name = (sessionStorage["larm.window"] ??= crypto.randomUUID?.() ?? String(Math.random())); // a reload finds its second window again
  desk.lead(name, wireOf<Word>(`larm-${name}`));

  // The sound: only one window of this browser makes it, one that may be heard and is up to date.
  let voice: Lock | null = null;
  let mayspeak = false;
  const speak = () => siren.play(mayspeak && settings.sound.value && desk.session.value === "in" ? desk.sounding.value.tone : null);
  effect(() => {
    void [desk.sounding.value, settings.sound.value, desk.session.value];
    speak();
  });
  effect(() => {
    const able = siren.state.value === "running" && desk.feedHeld.value;
    if (able && !voice) {
      voice = acquire(navigator.locks, "larm-voice", () => {
        mayspeak = true;
        speak();
      });
    } else if (!able && voice) {
      voice.release();
      voice = null;
      mayspeak = false;
      speak();
    }
  });
  siren.unlock();
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => siren.unlock(true), { capture: true });

  // The title: the gravest call, every other second.
  effect(() => {
    const speech = desk.speech.value;
    const calling = desk.calling.value.slice(0, 1).map((incident) => ({ kind: speech.sayOr("kind", incident.kind), who: who(incident, speech) }));
    const flash = Math.floor(desk.now.value / 1000) % 2 === 0;
    document.title = title(calling, desk.desk.incidents.value.size, flash, speech.say("product"));
  });

  shareFeed(document, navigator.locks, (allowed) => desk.allowFeed(allowed));
}
