// The one place of the phone's page that builds: clock, server, what the phone can feel, and the app that uses them.
import { effect } from "@preact/signals"; // also teaches views to redraw when a signal they read changes
import { render } from "preact";
import "../shared/css/tokens.css";
import "./css/shell.css";
import "./css/sos.css";
import "./css/pages.css";
import "./css/calls.css";
import { Asker } from "../shared/ask";
import { Siren } from "../shared/siren";
import { BrowserAble } from "./device/able";
import { PhoneClock } from "./device/clock";
import { BrowserHome } from "./device/install";
import { BrowserDoor, BrowserTray, worker } from "./device/push";
import { Screen } from "./device/screen";
import { BrowserBatteryLevel, BrowserMotion, BrowserWhereabouts, buzzOf } from "./device/senses";
import { BrowserShelf } from "./device/shelf";
import { wire } from "./device/wire";
import { Alarms } from "./models/alarms";
import { PhoneApi } from "./models/api";
import { Calls } from "./models/calls";
import { Readiness } from "./models/checks";
import { Countdown } from "./models/countdown";
import { Install } from "./models/install";
import { Noise } from "./models/noise";
import { Own } from "./models/own";
import { Phone } from "./models/phone";
import { Push } from "./models/push";
import { Settings } from "./models/settings";
import { Visit } from "./models/visit";
import { Watching } from "./models/watching";
import { Work } from "./models/work";
import type { Word } from "./sw/scope";
import { App } from "./views/app";

const clock = new PhoneClock();
const systemTheme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
const settings = new Settings(localStorage, systemTheme);
const phone = new Phone(
  new PhoneApi(new Asker((url, init) => fetch(url, init), "phone")),
  (url) => new EventSource(url),
  clock,
  settings,
  new BrowserShelf(indexedDB),
  wire,
  () => crypto.randomUUID(),
  (hash) => (location.hash = hash),
);
const senses = {
  whereabouts: new BrowserWhereabouts(navigator),
  battery: new BrowserBatteryLevel(navigator),
  buzz: buzzOf(navigator),
  motion: new BrowserMotion(window),
};
const siren = new Siren(() => new AudioContext());
const screen = new Screen(navigator, document);
const work = new Work(phone);
const alarms = new Alarms(phone, work, senses);
const countdown = new Countdown(phone, work, alarms);
const visit = new Visit(phone, work);
const watching = new Watching(phone, work, countdown, senses);
const own = new Own(phone, alarms);
const noise = new Noise(phone, countdown, visit, senses.buzz);
const readiness = new Readiness(
  new BrowserAble(navigator, senses, screen, siren),
  () => !phone.outbox.unkept.value,
  () => visit.pinSet.value,
  () => watching.again(),
);
const registered = worker(navigator, heardFromWorker);
const calls = new Calls(phone, senses, new BrowserTray(registered));
const push = new Push(phone, new BrowserDoor(navigator, registered), localStorage);
const install = new Install(new BrowserHome(window));
phone.join(work, alarms, countdown, visit, watching, own, noise, calls, push);

/** The worker speaks: a notice was pressed, or something came through it. */
function heardFromWorker(word: Word): void {
  if (word.what === "open") location.hash = word.hash;
  push.said(word);
  if (word.what === "pushed") phone.wake();
}

effect(() => {
  document.documentElement.lang = settings.language.value;
  document.documentElement.dataset.theme = settings.theme.value;
  document.title = phone.speech.value.say("title");
});
effect(() => siren.play(noise.tone.value ?? calls.tone.value));
effect(() => screen.keepOn(watching.on.value));
siren.unlock();
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => siren.unlock(), { capture: true });
addEventListener("hashchange", () => phone.turned(location.hash));
addEventListener("online", () => phone.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") phone.wake();
});
phone.turned(location.hash);
void phone.start();

const root = document.getElementById("app");
if (root) render(<App phone={phone} work={work} alarms={alarms} countdown={countdown} visit={visit} watching={watching} readiness={readiness} own={own} calls={calls} push={push} install={install} />, root);
