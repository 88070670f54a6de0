// The frame: log-in, or the console with its zones. Zones never move; only what is in them changes.
import { useEffect, useRef } from "preact/hooks";
import type { Siren } from "../../shared/siren";
import type { Console } from "../models/console";
import { who } from "../models/marks";
import { BoardPage } from "./board";
import { CardDialog } from "./card";
import { CentresPage } from "./centres";
import { Deps, useDeps } from "./deps";
import { DevicesPage } from "./devices";
import { DrillDialog } from "./drill";
import { IncidentZone } from "./incident";
import { KeySheet } from "./keysheet";
import { LogInPage } from "./login";
import { MapZone } from "./map";
import { PointsPage } from "./points";
import { QueueZone } from "./queue";
import { StandDownDialog } from "./standdown";
import { Strip } from "./strip";
import { TextsPage } from "./texts";
import { TimelineZone } from "./timeline";
import { TopBar } from "./topbar";
import { UnknownPage } from "./unknown";

export function App(props: { desk: Console; siren: Siren }) {
  return (
    <Deps.Provider value={props}>
      <Session />
    </Deps.Provider>
  );
}

function Session() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  switch (desk.session.value) {
    case "in":
      return <Desk />;
    case "out":
      return <LogInPage />;
    case "starting":
    case "unreachable":
      return (
        <main class="hold">
          <h1>{speech.say("product")}</h1>
          <p role="status">{speech.say(desk.session.value === "starting" ? "loading" : "server_unreachable")}</p>
        </main>
      );
  }
}

function Desk() {
  const { desk } = useDeps();
  const dialog = desk.dialog.value;
  return (
    <div class={`console fresh-${desk.fresh.value.state}`}>
      <TopBar />
      <Strip />
      <Page />
      <Announcer />
      {dialog === "stand_down" && <StandDownDialog />}
      {dialog === "drill" && <DrillDialog />}
      {dialog === "keys" && <KeySheet />}
      {dialog === "card" && <CardDialog />}
    </div>
  );
}

function Page() {
  const { desk } = useDeps();
  switch (desk.page.value) {
    case "devices":
      return <DevicesPage />;
    case "unknown":
      return <UnknownPage />;
    case "ways":
      return <BoardPage />;
    case "centres":
      return <CentresPage />;
    case "texts":
      return <TextsPage />;
    case "points":
      return <PointsPage />;
    case "queue":
      return (
        <main class="desk">
          <QueueZone />
          <div class="work">
            <IncidentZone />
            <div class="side">
              <MapZone />
              <TimelineZone />
            </div>
          </div>
        </main>
      );
  }
}

/** Says new alarms and a stale picture to a screen reader, once each. */
function Announcer() {
  const { desk } = useDeps();
  const known = useRef<ReadonlySet<string> | null>(null);
  const ref = useRef<HTMLDivElement>(null);
  const speech = desk.speech.value;
  const calling = desk.calling.value;
  const state = desk.fresh.value.state;
  const started = desk.desk.heardAt.value !== null;
  useEffect(() => {
    if (!started) return;
    const news = known.current === null ? [] : calling.filter((incident) => !known.current?.has(incident.id));
    known.current = new Set(calling.map((incident) => incident.id));
    if (ref.current && news.length > 0) {
      ref.current.textContent = news
        .map((incident) => {
          const kind = speech.sayOr("kind", incident.kind);
          const told = incident.silent ? `${kind} (${speech.say("mark_silent")})` : kind;
          return speech.say("new_alarm", { kind: told, who: who(incident, speech) });
        })
        .join(". ");
    }
  }, [calling, started]);
  return (
    <>
      <div ref={ref} class="unseen" role="status" />
      <div class="unseen" role="alert">
        {state === "stale" || state === "no_database" ? speech.say("locked") : ""}
      </div>
    </>
  );
}
