// The page of a session: the next sign of life, its end, words about it; or the form that starts one.
import { useEffect, useState } from "preact/hooks";
import { stopwatch } from "../../shared/say";
import { extended, nextTime } from "../models/visit";
import { useDeps } from "./deps";
import { PinPad } from "./pinpad";
import { PlaceCard } from "./place";
import { StartForm } from "./start";

export function VisitPage() {
  const { visit } = useDeps();
  if (visit.session.value) return <Running />;
  return visit.waits("start").length > 0 ? <Starting /> : <StartForm />;
}

/** Asked for and not yet answered: nothing runs before the centre has said so. */
function Starting() {
  const { phone, visit } = useDeps();
  const speech = phone.speech.value;
  const row = visit.waits("start").at(-1);
  return (
    <main class="page">
      <h1>{speech.say("starting")}</h1>
      <p class="warn" role="status">
        {speech.say("starting_lead", { time: speech.time(row?.made_at ?? 0).slice(0, 5) })}
      </p>
    </main>
  );
}

function Running() {
  const { phone, visit, work } = useDeps();
  const speech = phone.speech.value;
  const [asks, setAsks] = useState<"end" | "check_in" | null>(null);
  const session = visit.session.value;
  if (!session) return null;
  const now = phone.now.value;
  const due = session.check_in_due_at === null ? null : Date.parse(session.check_in_due_at);
  const clock = (at: string | number) => speech.time(at).slice(0, 5);
  const waits = visit.waits("check_in").at(-1);
  const ends = visit.waits("end").length > 0;
  if (asks) {
    const check = asks === "check_in";
    return (
      <main class="page">
        <h1>{speech.say(check ? "check_in" : "end")}</h1>
        <PinPad
          label={speech.say("pin")}
          say={speech.say(check ? "check_in" : "end_short")}
          sending={false}
          refusal={null}
          onPin={(pin) => {
            void (check ? visit.checkIn(pin) : visit.end(pin));
            setAsks(null);
          }}
          onCancel={() => setAsks(null)}
        />
      </main>
    );
  }
  return (
    <main class="page">
      <h1>{session.place ?? session.purpose}</h1>
      <p class="dim">
        {session.place && `${session.purpose} · `}
        {speech.say("since", { time: clock(session.started_at) })}
        {session.companions.length > 0 && ` · ${speech.say("with", { names: speech.list(session.companions) })}`}
      </p>
      {work.remembered.value && <p class="warn">{speech.say("remembered")}</p>}
      {ends && <p class="warn" role="status">{speech.say("end_waits")}</p>}
      {due !== null && (
        <section class="card due">
          <p class="dim">{speech.say(session.shortened ? "due_shortened" : "due")}</p>
          <p class={now > due ? "left late" : "left"} role="timer">
            {now > due ? `+${stopwatch(now - due)}` : stopwatch(due - now)}
          </p>
          <p class="dim">{speech.say("due_at", { time: clock(due) })}</p>
          <button type="button" class="huge calm" onClick={() => void visit.checkIn()}>
            {speech.say("check_in")}
          </button>
          {waits && <p class="warn" role="status">{speech.say("check_in_waits", { time: clock(waits.made_at) })}</p>}
          {visit.pinSet.value && (
            <button type="button" class="small" onClick={() => setAsks("check_in")}>
              {speech.say("with_pin")}
            </button>
          )}
        </section>
      )}
      <Ends />
      {session.place_id && <PlaceCard id={session.place_id} />}
      <Memo />
      <Watch />
      <button type="button" class="big" onClick={() => (visit.pinSet.value ? setAsks("end") : void visit.end(null))}>
        {speech.say("end")}
      </button>
    </main>
  );
}

/** What the phone feels, and the press that lets it: some phones ask anew each time the app is opened. */
function Watch() {
  const { phone, visit, watching, readiness } = useDeps();
  const speech = phone.speech.value;
  useEffect(() => void readiness.look(), [readiness]);
  const feels = watching.feels.value;
  const ask = !feels && visit.pinSet.value && readiness.checks.value.some((one) => one.name === "motion" && one.ask);
  return (
    <section class="card">
      <h2>{speech.say("watch_title")}</h2>
      <p>{speech.say(feels ? "watch_feels" : !visit.pinSet.value ? "watch_no_pin" : ask ? "check_motion_ask" : "watch_not")}</p>
      {ask && (
        <button type="button" class="big" onClick={() => void readiness.ask("motion")}>
          {speech.say("allow")}
        </button>
      )}
      <p class="dim">{speech.say("watch_dark")}</p>
    </section>
  );
}

function Ends() {
  const { phone, visit } = useDeps();
  const speech = phone.speech.value;
  const [time, setTime] = useState("");
  const session = visit.session.value;
  if (!session) return null;
  const waits = visit.waits("extend").length > 0;
  const until = nextTime(time, phone.now.value);
  return (
    <section class="card">
      <h2>
        {session.ends_at === null ? speech.say("ends_open") : speech.say("ends_at", { time: speech.time(session.ends_at).slice(0, 5) })}
      </h2>
      {waits && <p class="warn" role="status">{speech.say("extend_waits")}</p>}
      <div class="chips">
        {[15, 30, 60].map((n) => (
          <button key={n} type="button" class="chip" onClick={() => void visit.extend(extended(session, n, phone.time.now()))}>
            {speech.say("extend_by", { n })}
          </button>
        ))}
      </div>
      <form
        class="row-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (until !== null) void visit.extend(until);
          setTime("");
        }}
      >
        <label>
          {speech.say("extend_until")}
          <input type="time" value={time} onInput={(event) => setTime(event.currentTarget.value)} />
        </label>
        <button type="submit" class="small" disabled={until === null}>
          {speech.say("change")}
        </button>
      </form>
    </section>
  );
}

function Memo() {
  const { phone, visit } = useDeps();
  const speech = phone.speech.value;
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState<string | null>(null);
  const waits = phone.outbox.waiting.value.some((row) => row.id === asked);
  const refused = phone.outbox.refused.value.some((row) => row.id === asked);
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim() === "") return;
        void visit.memo(words.trim()).then((row) => setAsked(row.id));
        setWords("");
      }}
    >
      <label>
        {speech.say("memo")}
        <textarea rows={3} maxLength={1000} value={words} placeholder={speech.say("memo_such_as")} onInput={(event) => setWords(event.currentTarget.value)} />
      </label>
      <button type="submit" class="small" disabled={words.trim() === ""}>
        {speech.say("memo_send")}
      </button>
      <p class="dim" role="status">
        {asked && !refused ? speech.say(waits ? "memo_waits" : "memo_there") : ""}
      </p>
    </form>
  );
}
