// The one place of the browser that builds: clock, API, feed, sound, and the console that uses them.
import { effect } from "@preact/signals"; // also teaches views to redraw when a signal they read changes
import { render } from "preact";
import "./css/base.css";
import "./css/layout.css";
import "./css/queue.css";
import "./css/incident.css";
import "./css/actions.css";
import "./css/premises.css";
import "./css/signals.css";
import "./css/side.css";
import "./css/dialogs.css";
import "./css/pages.css";
import "./css/ways.css";
import "./css/centres.css";
import "./css/points.css";
import { Api } from "../shared/api";
import { BrowserClock } from "../shared/clock";
import { Siren } from "../shared/siren";
import { acquire, type Lock, shareFeed } from "../shared/tabs";
import { Console } from "./models/console";
import { who } from "./models/marks";
import { byUrgency } from "./models/queue";
import { Settings } from "./models/settings";
import { title } from "./models/sounding";
import { App } from "./views/app";
import { listenToKeys } from "./views/keyboard";

const clock = new BrowserClock();
const systemTheme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
const settings = new Settings(localStorage, systemTheme);
const open = (url: string) => new EventSource(url);
const desk = new Console(new Api((url, init) => fetch(url, init)), open, clock, settings);
const siren = new Siren(() => new AudioContext());

effect(() => {
  document.documentElement.lang = settings.language.value;
  document.documentElement.dataset.theme = settings.theme.value;
});

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
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => siren.unlock(), { capture: true });

// The title: the gravest call, every other second.
effect(() => {
  const speech = desk.speech.value;
  const calling = desk.calling.value
    .toSorted(byUrgency)
    .map((incident) => ({ kind: speech.sayOr("kind", incident.kind), who: who(incident, speech) }));
  const flash = Math.floor(desk.now.value / 1000) % 2 === 0;
  document.title = title(calling, desk.desk.incidents.value.size, flash, speech.say("product"));
});

shareFeed(document, navigator.locks, (allowed) => desk.allowFeed(allowed));
listenToKeys(desk);
void desk.start();

const root = document.getElementById("app");
if (root) render(<App desk={desk} siren={siren} />, root);
