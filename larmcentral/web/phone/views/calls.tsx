// The calls one was told of: a list, the line that stands over every page while one waits, and the way to each.
import { head } from "../models/call";
import { CallPage } from "./call";
import { useDeps } from "./deps";
import { PushWanted } from "./push";

export function CallsPage() {
  const { calls } = useDeps();
  const id = calls.opened.value;
  return id === null ? <List /> : <CallPage key={id} id={id} />;
}

function List() {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  const rows = calls.list.value;
  const open = rows.filter((one) => one.state !== "stood_down");
  const past = rows.filter((one) => one.state === "stood_down");
  return (
    <main class="page calls">
      <h1>{speech.say("tab_calls")}</h1>
      {open.length === 0 && <p class="dim">{speech.say(calls.fresh.value ? "calls_none" : "loading")}</p>}
      <ul class="call-list">
        {open.map((one) => (
          <Row key={one.id} id={one.id} />
        ))}
      </ul>
      <PushWanted />
      {past.length > 0 && (
        <>
          <h2>{speech.say("calls_past")}</h2>
          <ul class="call-list past">
            {past.map((one) => (
              <Row key={one.id} id={one.id} />
            ))}
          </ul>
        </>
      )}
    </main>
  );
}

function Row({ id }: { id: string }) {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  const incident = calls.find(id);
  if (!incident) return null;
  const now = phone.now.value;
  const row = head(incident, phone.me.value?.person_id ?? null, now, speech);
  const asks = calls.asking.value.some((one) => one.id === id);
  const waits = calls.waiting(id);
  return (
    <li>
      <a class={`call-row gravity-${incident.gravity}${asks ? " asks" : ""}${row.over ? " over" : ""}`} href={`#/calls/${id}`}>
        <span class="call-kind">
          {row.drill && <b class="mark drill">{speech.say("mark_drill")}</b>}
          {row.silent && <b class="mark silent">{speech.say("mark_silent")}</b>}
          {speech.sayOr("kind", row.kind)}
        </span>
        <span class="call-age">{row.over ? speech.moment(incident.opened_at, now).slice(0, -3) : row.age}</span>
        <b class="call-who">{row.who}</b>
        <span class="call-place">{row.place ?? row.unit ?? ""}</span>
        <span class="call-own">
          {waits
            ? speech.say("answer_waits", { word: speech.sayOr("call_do", waits) })
            : row.over
              ? speech.say("state_stood_down", { outcome: speech.sayOr("outcome", incident.outcome ?? "other").toLowerCase() })
              : asks
                ? speech.say("call_asks")
                : row.own && speech.sayOr("call_own", row.own)}
        </span>
      </a>
    </li>
  );
}

/** Over every page while a call waits for an answer, but not over that call itself. */
export function CallBanner() {
  const { phone, calls } = useDeps();
  const speech = phone.speech.value;
  const first = calls.bannered.value;
  if (!first) return null;
  const row = head(first, phone.me.value?.person_id ?? null, phone.now.value, speech);
  return (
    <div class={`call-banner gravity-${first.gravity}`} role="alert">
      <a href={`#/calls/${first.id}`}>
        <b>
          {row.drill ? `${speech.say("mark_drill")}: ` : ""}
          {speech.sayOr("kind", row.kind)}
        </b>
        <span>{[row.who, row.place].filter(Boolean).join(", ")}</span>
        <span class="call-answer">{speech.say("call_answer")}</span>
      </a>
    </div>
  );
}
