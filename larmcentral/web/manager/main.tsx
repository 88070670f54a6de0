// The one place of the managers' page that builds: clock, server, feed, the address, and the pages that use them.
import { effect } from "@preact/signals"; // also teaches views to redraw when a signal they read changes
import { render } from "preact";
import "../console/css/base.css";
import "./css/frame.css";
import "./css/lists.css";
import { BrowserClock } from "../shared/clock";
import { ManagerApi } from "./models/api";
import { Office } from "./models/office";
import { Search } from "./models/search";
import { Settings } from "./models/settings";
import { App } from "./views/app";

const systemTheme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
const settings = new Settings(localStorage, systemTheme);
const office = new Office(
  new ManagerApi((url, init) => fetch(url, init)),
  (url) => new EventSource(url),
  new BrowserClock(),
  settings,
  turn,
);
const search = new Search(office.api);

/** Replacing tells nobody of it, so the office is told here. */
function turn(hash: string, replace: boolean): void {
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, "", hash);
  office.turned(hash);
}

effect(() => {
  document.documentElement.lang = settings.language.value;
  document.documentElement.dataset.theme = settings.theme.value;
  document.title = office.speech.value.say("page_title", { page: office.speech.value.sayOr("page", office.route.value.page) });
});
effect(() => {
  if (office.session.value === "out") search.drop(); // what one user found is not the next one's
});
addEventListener("hashchange", () => office.turned(location.hash));
office.turned(location.hash);
void office.start();

const root = document.getElementById("app");
if (root) {
  const digest = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.digest("SHA-256", bytes);
  render(<App office={office} search={search} digest={digest} newId={() => crypto.randomUUID()} />, root);
}
