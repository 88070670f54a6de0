// The frame: log-in, or the console with its zones. Zones never move; only what is in them changes.
import { useEffect, useRef } from "preact/hooks";
import type { Siren } from "../../shared/siren";
import type { Console } from "../models/console";
import { who } from "../../shared/account/marks";
import { Blocked } from "./blocked";
import { Deps, useDeps } from "./deps";
import { DrillDialog } from "./drill";
import { FaultDialog } from "./fault";
import { IncidentZone } from "./incident";
import { KeySheet } from "./keysheet";
import { later } from "./later";
import { LeaveDialog } from "./leave";
import { LogInPage } from "./login";
import { MapZone } from "./map";
import { Overlays } from "./overlay";
import { QueueZone } from "./queue";
import { SecondDesk } from "./second";
import { StandDownDialog } from "./standdown";
import { Strip } from "./strip";
import { NoteField, TimelineZone } from "./timeline";
import { TopBar } from "./topbar";

const DeskPage = later(() => import("./deskpage").then((m) => m.DeskPage));
const AlonePage = later(() => import("./alone").then((m) => m.AlonePage));
const ReachPage = later(() => import("./reach").then((m) => m.ReachPage));
const DevicesPage = later(() => import("./devices").then((m) => m.DevicesPage));
const PoolPage = later(() => import("./pool").then((m) => m.PoolPage));
const UnknownPage = later(() => import("./unknown").then((m) => m.UnknownPage));
const BoardPage = later(() => import("./board").then((m) => m.BoardPage));
const CentresPage = later(() => import("./centres").then((m) => m.CentresPage));
const TextsPage = later(() => import("./texts").then((m) => m.TextsPage));
const PointsPage = later(() => import("./points").then((m) => m.PointsPage));

const lesser = new Overlays(() => import("./lesser"));
const MessageDialog = lesser.view((all) => all.MessageDialog);
const CardDialog = lesser.view((all) => all.CardDialog);
const AddDialog = lesser.view((all) => all.AddDialog);
const HoldDialog = lesser.view((all) => all.HoldDialog);
const JumpDialog = lesser.view((all) => all.JumpDialog);
const HandOverDialog = lesser.view((all) => all.HandOverDialog);
const MergeDialog = lesser.view((all) => all.MergeDialog);

export function App(props: { desk: Console; siren: Siren; second: boolean }) {
  return (
    <Deps.Provider value={props}>
      <Session second={props.second} />
    </Deps.Provider>
  );
}

function Session({ second }: { second: boolean }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  switch (desk.session.value) {
    case "in":
      return second ? <SecondDesk /> : <Desk />;
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
  return (
    <div class={`console fresh-${desk.fresh.value.state} ${desk.queue.value.drills > 0 ? "in-drill" : ""}`}>
      <Blocked />
      <TopBar />
      <Strip />
      <Page />
      <Announcer />
      <Dialogs />
    </div>
  );
}

/** What may lie over the console, whichever page is open. */
function Dialogs() {
  const dialog = useDeps().desk.dialog.value;
  useEffect(() => void lesser.ahead(), []);
  return (
    <>
      {dialog === "stand_down" && <StandDownDialog />}
      {dialog === "drill" && <DrillDialog />}
      {dialog === "keys" && <KeySheet />}
      {dialog === "card" && <CardDialog />}
      {dialog === "message" && <MessageDialog />}
      {dialog === "hold" && <HoldDialog />}
      {dialog === "jump" && <JumpDialog />}
      {dialog === "add" && <AddDialog />}
      {dialog === "hand_over" && <HandOverDialog />}
      {dialog === "merge" && <MergeDialog />}
      {dialog === "fault" && <FaultDialog />}
      {dialog === "log_out" && <LeaveDialog out />}
      {dialog === "leave_desk" && <LeaveDialog out={false} />}
    </>
  );
}

function Page() {
  const { desk } = useDeps();
  switch (desk.page.value) {
    case "desk":
      return <DeskPage />;
    case "alone":
      return <AlonePage />;
    case "reach":
      return <ReachPage />;
    case "devices":
      return <DevicesPage />;
    case "pool":
      return <PoolPage />;
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
      return <Zones />;
  }
}

/** All zones, or those that stay when map and account lie in a second window. */
function Zones() {
  const { desk } = useDeps();
  if (desk.first?.open.value) {
    return (
      <main class="desk">
        <QueueZone />
        <div class="work alone">
          <IncidentZone />
          <section class="zone note-zone" aria-label={desk.speech.value.say("note")}>
            <NoteField key={desk.desk.selectedId.value ?? "none"} id={desk.desk.selectedId.value} />
          </section>
        </div>
      </main>
    );
  }
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

const NAMED = 3; // a storm is said as a number: nobody can listen to two hundred names

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
    if (!ref.current || news.length === 0) return;
    const told = news.slice(0, NAMED).map((incident) => {
      const kind = speech.sayOr("kind", incident.kind);
      return speech.say("new_alarm", { kind: incident.silent ? `${kind} (${speech.say("mark_silent")})` : kind, who: who(incident, speech) });
    });
    if (news.length > NAMED) told.push(speech.say("new_alarms_more", { count: news.length - NAMED }));
    ref.current.textContent = told.join(". ");
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
