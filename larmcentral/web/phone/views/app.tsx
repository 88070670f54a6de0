// The frame: log-in, or the header with the time, the page, and the tabs.
import type { Page } from "../models/routes";
import { AlarmPage } from "./alarm";
import { CallBanner, CallsPage } from "./calls";
import { Deps, type Parts, useDeps } from "./deps";
import { Header } from "./header";
import { LogInPage } from "./login";
import { MePage } from "./me";
import { PreAlarmScreen } from "./prealarm";
import { ReminderScreen } from "./reminder";
import { VisitPage } from "./visit";

export function App(props: Parts) {
  return (
    <Deps.Provider value={props}>
      <Session />
    </Deps.Provider>
  );
}

function Session() {
  const { phone } = useDeps();
  switch (phone.session.value) {
    case "in":
      return <Shell />;
    case "out":
      return <LogInPage />;
    case "starting":
      return (
        <main class="hold">
          <h1>{phone.speech.value.say("title")}</h1>
          <p role="status">{phone.speech.value.say("loading")}</p>
        </main>
      );
  }
}

function Shell() {
  const { phone, countdown, visit } = useDeps();
  // What cannot be missed takes the whole screen; a countdown before a reminder.
  if (countdown.picture.value) return <PreAlarmScreen />;
  if (visit.reminder.value) return <ReminderScreen />;
  const page = phone.route.value.page;
  return (
    <div class="shell">
      <Top />
      <PageOf page={page} />
      <Tabs at={page} />
    </div>
  );
}

/** A call that waits for an answer stands over every page, and hides none of it. */
function Top() {
  return (
    <div>
      <Header />
      <CallBanner />
    </div>
  );
}

function PageOf({ page }: { page: Page }) {
  switch (page) {
    case "alarm":
      return <AlarmPage />;
    case "visit":
      return <VisitPage />;
    case "calls":
      return <CallsPage />;
    case "me":
      return <MePage />;
  }
}

function Tabs({ at }: { at: Page }) {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  const asking = calls.asking.value.length;
  return (
    <nav class="tabs" aria-label={speech.say("nav")}>
      {phone.pages.value.map((page) => (
        <a key={page} href={`#/${page}`} class="tab" aria-current={page === at ? "page" : undefined}>
          <Sign page={page} />
          <span>
            {speech.sayOr("tab", page)}
            {page === "calls" && asking > 0 && <b class="tab-count">{asking}</b>}
          </span>
        </a>
      ))}
    </nav>
  );
}

const SIGNS: Readonly<Record<Page, string>> = {
  alarm: "M12 3 2.6 20h18.8zM12 10v4.5M12 17.2v.1",
  visit: "M12 21s-7-6.2-7-11.2a7 7 0 0 1 14 0C19 14.8 12 21 12 21zM12 12a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  calls: "M4 5h16v11H9l-5 4zM8 9.5h8M8 12.5h5",
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.8-4 4-6 8-6s7.200 2 8 6",
};

function Sign({ page }: { page: Page }) {
  return (
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
      <path d={SIGNS[page]} />
    </svg>
  );
}
