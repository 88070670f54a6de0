// The frame: log-in, or the bar with its pages and the one that the address names.
import { useEffect, useRef } from "preact/hooks";
import { LogIn } from "../../shared/views/login";
import type { Page } from "../models/routes";
import { Deps, type Parts, useDeps } from "./deps";
import { IncidentsPage } from "./incidents";
import { later } from "./later";
import { TopBar } from "./topbar";

const CasePage = later(() => import("./case").then((m) => m.CasePage));
const ResponsePage = later(() => import("./response").then((m) => m.ResponsePage));
const FleetPage = later(() => import("./fleet").then((m) => m.FleetPage));
const PlansPage = later(() => import("./plans").then((m) => m.PlansPage));
const PeoplePage = later(() => import("./people").then((m) => m.PeoplePage));

export function App(props: Parts) {
  return (
    <Deps.Provider value={props}>
      <Session />
    </Deps.Provider>
  );
}

function Session() {
  const { office } = useDeps();
  const speech = office.speech.value;
  switch (office.session.value) {
    case "in":
      return <Frame />;
    case "out":
      return (
        <LogIn
          speech={speech}
          title={speech.say("log_in_here")}
          lead={speech.say("log_in_here_lead")}
          ended={office.ended.value}
          logIn={(login, password) => office.logIn(login, password)}
          switchLanguage={() => office.settings.switchLanguage()}
        />
      );
    case "starting":
    case "unreachable":
      return (
        <main class="plain">
          <h1 class="unseen">{speech.say("title")}</h1>
          <p role="status">{speech.say(office.session.value === "unreachable" ? "server_unreachable" : "loading")}</p>
        </main>
      );
  }
}

function Frame() {
  const { office } = useDeps();
  const speech = office.speech.value;
  const { page, id } = office.route.value;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus(); // a new page is read from its top, by eye and by screen reader
  }, [page, id]);
  if (office.pages.value.length === 0) return <NotYours />;
  const drills = office.drills.value;
  return (
    <div class={`office ${drills > 0 ? "in-drill" : ""}`}>
      <TopBar skip={() => main.current?.focus()} />
      {drills > 0 && (
        <p class="drill-band" role="status">
          {speech.say(drills === 1 ? "drill_one" : "drill_some", { n: drills })}
        </p>
      )}
      <main ref={main} tabIndex={-1} key={`${page} ${id ?? ""}`}>
        <PageOf page={page} id={id} />
      </main>
    </div>
  );
}

function PageOf({ page, id }: { page: Page; id: string | null }) {
  switch (page) {
    case "incidents":
      return id === null ? <IncidentsPage /> : <CasePage />;
    case "response":
      return <ResponsePage />;
    case "fleet":
      return <FleetPage />;
    case "plans":
      return <PlansPage />;
    case "people":
      return <PeoplePage />;
  }
}

/** A worker or a responder has come here by mistake. */
function NotYours() {
  const { office } = useDeps();
  const speech = office.speech.value;
  return (
    <main class="plain">
      <h1>{speech.say("not_yours")}</h1>
      <p>{speech.say("not_yours_lead")}</p>
      <p class="buttons">
        <a class="act primary" href="/phone/">
          {speech.say("to_phone")}
        </a>
        <button type="button" class="act" onClick={() => void office.logOut()}>
          {speech.say("log_out")}
        </button>
      </p>
    </main>
  );
}
