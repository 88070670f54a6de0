// Who works alone just now, the most pressing first; ask how somebody is, end a session, begin one for somebody who called in.
import { useState } from "preact/hooks";
import type { PersonChoice } from "../../shared/shapes_registers";
import { type AloneRow, type BeginFields, NOTHING_YET, aloneRows, begun, missing } from "../models/alone";
import { Errand, deniedWords } from "../models/errand";
import "../css/house.css";
import "../css/points.css";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { useFetched } from "./fetched";
import { FetchedAt } from "./fetchedat";
import { PersonSearch } from "./persons";
import { Sign } from "./shapes";

const LOOK_MS = 15_000; // each look is written down for those whose places it shows
const LENGTHS_MIN = [30, 60, 90, 120, 180, 240, 480] as const;
const INTERVALS_MIN = [10, 15, 20, 30, 60] as const;

export function AlonePage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fetched = useFetched(desk.api.house.sessions, LOOK_MS);
  const [beginning, setBeginning] = useState(false);
  const rows = aloneRows(fetched.value ?? [], desk.now.value, speech);
  const missed = rows.filter((row) => row.tone === "missed").length;
  const role = desk.desk.me.value?.role;
  const may = role === "operator" || role === "manager";
  return (
    <main class="page">
      <header>
        <h1>{speech.say("page_alone")}</h1>
        <p class="lead">{speech.say("alone_lead")}</p>
        <p class="counts">{fetched.value && speech.say("alone_counts", { count: rows.length, missed })}</p>
        {may && (
          <button type="button" class="act" onClick={() => setBeginning(true)}>
            {speech.say("begin_open")}
          </button>
        )}
        <FetchedAt fetched={fetched} />
      </header>
      {beginning && <BeginDialog close={() => setBeginning(false)} begun={fetched.again} />}
      <div class="table scroller" tabIndex={0} role="region" aria-label={speech.say("page_alone")}>
        {fetched.failed && <p class="refusal">{fetched.failed}</p>}
        {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
        {fetched.value && rows.length === 0 && <p class="nothing">{speech.say("alone_nobody")}</p>}
        {rows.length > 0 && (
          <ul class="sessions">
            {rows.map((row) => (
              <Session key={row.id} row={row} may={may} changed={fetched.again} />
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}

function Session({ row, may, changed }: { row: AloneRow; may: boolean; changed(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [errand] = useState(() => new Errand());
  const [ending, setEnding] = useState(false);
  const [playing, setPlaying] = useState(false);
  const doing = errand.doing.value;
  const operator = desk.desk.me.value?.role === "operator";
  const ask = async () => {
    if (await errand.run("welfare", () => desk.api.house.welfare(row.personId))) changed();
  };
  const end = async () => {
    if (!ending) return setEnding(true); // the first press arms: nobody watches over a session that was ended
    if (await errand.run("end", () => desk.api.house.endSession(row.personId))) changed();
  };
  return (
    <li class={`session ${row.tone}`}>
      <p class="due">
        <span class="figure">{row.clock}</span>
        <span class="stage">
          {row.tone !== "calm" && <Sign name={row.tone === "missed" ? "warning" : "clock"} />} {row.stage}
        </span>
        <span class="aside">{row.due}</span>
      </p>
      <p class="who">
        <b>{row.person}</b>
        <span>{row.purpose}</span>
        <span class="aside">{[row.where, row.companions].filter(Boolean).join(" · ")}</span>
        <span class="aside">{row.started}</span>
      </p>
      <div class="memo">
        {row.memo && <q>{row.memo}</q>}
        {row.recording && operator && !playing && (
          <button type="button" class="quiet" onClick={() => setPlaying(true)}>
            <Sign name="speaker" /> {speech.say("alone_play")}
          </button>
        )}
        {playing && <audio controls autoplay src={desk.api.house.recording(row.id)} aria-label={speech.say("alone_play")} />}
      </div>
      <div class="session-acts">
        {row.phone && (
          <a class="act" href={`tel:${row.phone.replace(/[^+\d]/g, "")}`}>
            <Sign name="phone" /> {row.phone}
          </a>
        )}
        {operator && (
          <button type="button" class="act" disabled={doing !== null || row.asked} onClick={() => void ask()}>
            {speech.say(doing === "welfare" ? "sending" : row.asked ? "alone_asked" : "alone_ask")}
          </button>
        )}
        {may && (
          <button type="button" class={`act ${ending ? "primary" : ""}`} disabled={doing !== null} onBlur={() => setEnding(false)} onClick={() => void end()}>
            {speech.say(doing === "end" ? "sending" : ending ? "alone_end_sure" : "alone_end")}
          </button>
        )}
        <p class="refusal" role="alert">
          {deniedWords(errand.denied.value, speech) ?? ""}
        </p>
      </div>
    </li>
  );
}

function BeginDialog(props: { close(): void; begun(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const places = useFetched(desk.api.house.places);
  const [person, setPerson] = useState<PersonChoice | null>(null);
  const [fields, setFields] = useState<BeginFields>(NOTHING_YET);
  const [asked, setAsked] = useState(false);
  const [errand] = useState(() => new Errand());
  const set = (wish: Partial<BeginFields>) => setFields({ ...fields, ...wish });
  const lacks = missing(fields);
  const send = async () => {
    setAsked(true);
    if (lacks.length > 0) return;
    if (await errand.run("begin", () => desk.api.house.startSession(begun(fields, desk.desk.time.now())))) {
      props.begun();
      props.close();
    }
  };
  const minutes = (all: readonly number[], none: string) => (
    <>
      <option value="">{none}</option>
      {all.map((n) => (
        <option key={n} value={String(n)}>
          {speech.length(n * 60_000)}
        </option>
      ))}
    </>
  );
  const there = (places.value ?? []).filter((place) => person === null || place.committee_id === person.committee_id);
  return (
    <Dialog title={speech.say("begin_title")} class="begin" close={props.close}>
      <form onSubmit={(event) => (event.preventDefault(), void send())}>
        <p class="lead">{speech.say("begin_lead")}</p>
        <PersonSearch label={speech.say("begin_who_label")} chosen={person} choose={(one) => (setPerson(one), set({ personId: one.id, placeId: "" }))} />
        <label>
          {speech.say("begin_purpose_label")}
          <input value={fields.purpose} maxLength={200} autocomplete="off" onInput={(event) => set({ purpose: event.currentTarget.value })} />
        </label>
        <label>
          {speech.say("place")}
          <select value={fields.placeId} onChange={(event) => set({ placeId: event.currentTarget.value })}>
            <option value="">{speech.say("begin_no_place")}</option>
            {there.map((place) => (
              <option key={place.id} value={place.id}>
                {place.risk === "none" ? place.name : `${place.name} (${speech.sayOr("risk", place.risk)})`}
              </option>
            ))}
          </select>
        </label>
        <div class="two">
          <label>
            {speech.say("begin_lasts")}
            <select value={fields.lasts} onChange={(event) => set({ lasts: event.currentTarget.value })}>
              {minutes(LENGTHS_MIN, speech.say("begin_no_end"))}
            </select>
          </label>
          <label>
            {speech.say("begin_every")}
            <select value={fields.every} onChange={(event) => set({ every: event.currentTarget.value })}>
              {minutes(INTERVALS_MIN, speech.say("begin_no_check_in"))}
            </select>
          </label>
        </div>
        <label>
          {speech.say("begin_memo")}
          <textarea rows={2} maxLength={2000} value={fields.memo} onInput={(event) => set({ memo: event.currentTarget.value })} />
        </label>
        <p class="refusal" role="alert">
          {asked && lacks.length > 0 ? lacks.map((lack) => speech.say(lack)).join(" ") : (deniedWords(errand.denied.value, speech) ?? "")}
        </p>
        <footer>
          <button type="button" class="act" onClick={props.close}>
            {speech.say("cancel")}
          </button>
          <button type="submit" class="act primary" disabled={errand.doing.value !== null}>
            {speech.say(errand.doing.value ? "sending" : "begin_send")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
