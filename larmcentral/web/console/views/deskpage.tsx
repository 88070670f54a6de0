// The desk as a workplace: who sits there, what was taken and left lying, and the change of shift.
import { useState } from "preact/hooks";
import { Errand, deniedWords } from "../models/errand";
import { type HandoverPicture, handovers } from "../models/handovers";
import { pressureWords } from "../models/pressure";
import { idleRows, leaving, seatRows } from "../models/seats";
import "../css/ways.css";
import "../css/house.css";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { FetchedAt } from "./fetchedat";
import { GravityShape, Sign } from "./shapes";

const LOOK_MS = 5_000;

export function DeskPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const seats = useFetched(desk.api.house.desk, LOOK_MS);
  const lists = useFetched(desk.api.house.handovers, LOOK_MS);
  const load = pressureWords(desk.pressure.picture.value, speech);
  return (
    <main class="page">
      <header>
        <h1>{speech.say("page_desk")}</h1>
        <p class="lead">{speech.say("desk_lead")}</p>
        <FetchedAt fetched={seats} />
      </header>
      <div class="columns scroller" tabIndex={0} role="region" aria-label={speech.say("page_desk")}>
        <section>
          <h2>{speech.say("desk_seats")}</h2>
          {load && (
            <p class={`pressure ${load.tone}`} role="status">
              {load.load}
              {load.advice && <b>{load.advice}</b>}
            </p>
          )}
          <Seats seats={seats} />
          <h2>{speech.say("desk_idle")}</h2>
          <Idle />
        </section>
        <section>
          <h2>{speech.say("desk_handover")}</h2>
          <MakeList others={seats.value ?? []} made={lists.again} />
          {lists.failed && <p class="refusal">{lists.failed}</p>}
          {lists.value?.length === 0 && <p class="nothing">{speech.say("handover_none")}</p>}
          {handovers(lists.value ?? [], desk.desk.incidents.value, desk.desk.me.value?.user_id ?? null, desk.now.value, speech).map((list) => (
            <List key={list.id} list={list} signed={lists.again} />
          ))}
        </section>
      </div>
    </main>
  );
}

function Seats({ seats }: { seats: { value: Parameters<typeof seatRows>[0] | null; failed: string | null; again(): void } }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const me = desk.desk.me.value;
  const [errand] = useState(() => new Errand());
  const open = desk.desk.incidents.value;
  const rows = seatRows(seats.value ?? [], desk.pressure.picture.value, open.values(), me?.user_id ?? null, desk.now.value, speech);
  const seated = rows.some((row) => row.me);
  const sit = async () => {
    if (await errand.run("sit", desk.api.house.sitDown)) seats.again();
  };
  const leave = async () => {
    if (leaving(open.values(), desk.pressure.picture.value, me?.user_id ?? null, speech)) desk.dialog.value = "leave_desk";
    else if (await errand.run("leave", desk.api.house.leaveDesk)) seats.again();
  };
  return (
    <>
      {seats.failed && <p class="refusal">{seats.failed}</p>}
      {seats.value?.length === 0 && <p class="nothing">{speech.say("desk_nobody")}</p>}
      <ul class="seats">
        {rows.map((row) => (
          <li key={row.id} class={row.quiet ? "quiet-seat" : ""}>
            <b>
              {row.name} {row.me && <span class="mark">{speech.say("seat_you")}</span>}
            </b>
            <span class="figures">{row.load}</span>
            <span class="aside">{row.since}</span>
            <span class="aside">{row.rate}</span>
            {row.idle && (
              <span class="is-poor">
                <Sign name="warning" /> {row.idle}
              </span>
            )}
            {row.quiet && (
              <span class="is-poor">
                <Sign name="clock" /> {row.quiet}
              </span>
            )}
          </li>
        ))}
      </ul>
      {me?.role === "operator" && (
        <p class="seat-acts">
          {seated ? (
            <button type="button" class="act" disabled={errand.doing.value !== null} onClick={() => void leave()}>
              {speech.say("leave_desk")}
            </button>
          ) : (
            <button type="button" class="act primary" disabled={errand.doing.value !== null || seats.value === null} onClick={() => void sit()}>
              {speech.say("sit_down")}
            </button>
          )}
          <span class="hint">{speech.say(seated ? "leave_desk_hint" : "sit_down_hint")}</span>
        </p>
      )}
      <p class="refusal" role="alert">
        {deniedWords(errand.denied.value, speech) ?? ""}
      </p>
    </>
  );
}

function Idle() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const rows = idleRows(desk.open.value.map((one) => one.incident), desk.now.value, speech);
  const show = (id: string) => {
    desk.show("queue");
    desk.select(id);
  };
  if (rows.length === 0) return <p class="nothing">{speech.say("desk_idle_none")}</p>;
  return (
    <ul class="seats">
      {rows.map((row) => (
        <li key={row.id}>
          <b>{row.words}</b>
          <button type="button" class="quiet" onClick={() => show(row.id)}>
            {speech.say("fault_show")}
          </button>
          <span class="aside is-poor">
            {row.since} · {row.owner}
          </span>
        </li>
      ))}
    </ul>
  );
}

function MakeList({ others, made }: { others: readonly { user_id: string; name: string }[]; made(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const me = desk.desk.me.value;
  const [to, setTo] = useState("");
  const [errand] = useState(() => new Errand());
  if (me?.role !== "operator") return null;
  const make = async () => {
    if (await errand.run("make", () => desk.api.house.makeHandover({ to: to === "" ? null : to }))) made();
  };
  return (
    <form class="make-list" onSubmit={(event) => (event.preventDefault(), void make())}>
      <label>
        {speech.say("handover_to")}
        <select value={to} onChange={(event) => setTo(event.currentTarget.value)}>
          <option value="">{speech.say("handover_whoever")}</option>
          {others
            .filter((seat) => seat.user_id !== me.user_id)
            .map((seat) => (
              <option key={seat.user_id} value={seat.user_id}>
                {seat.name}
              </option>
            ))}
        </select>
      </label>
      <button type="submit" class="act primary" disabled={errand.doing.value !== null}>
        {speech.say(errand.doing.value ? "sending" : "handover_make")}
      </button>
      <p class="hint">{speech.say("handover_hint")}</p>
      <p class="refusal" role="alert">
        {deniedWords(errand.denied.value, speech) ?? ""}
      </p>
    </form>
  );
}

function List({ list, signed }: { list: HandoverPicture; signed(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [errand] = useState(() => new Errand());
  const sign = async () => {
    if (await errand.run("sign", () => desk.api.house.sign(list.id))) signed();
  };
  const show = (id: string) => {
    desk.show("queue");
    desk.select(id);
  };
  return (
    <article class="handover" aria-label={speech.say("handover_title", { time: list.made })}>
      <h3>{speech.say("handover_title", { time: list.made })}</h3>
      <dl>
        {list.sides.map((side) => (
          <div key={side.part} class={side.signed ? "signed" : "unsigned"}>
            <dt>{side.part}</dt>
            <dd>
              {side.name} <b>{side.words}</b>
            </dd>
          </div>
        ))}
      </dl>
      {list.cases.length === 0 ? (
        <p class="nothing">{speech.say("handover_empty")}</p>
      ) : (
        <ol>
          {list.cases.map((one) => (
            <li key={one.id}>
              <GravityShape gravity={one.gravity} taken={false} done={!one.open} purpose="real" />
              <span>
                {one.kind}: <b>{one.who}</b>
                <span class="aside">
                  {one.then}, {one.age}
                  {one.now && ` → ${one.now}`}
                </span>
              </span>
              {one.open && (
                <button type="button" class="quiet" onClick={() => show(one.id)}>
                  {speech.say("fault_show")}
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
      <footer>
        {list.maySign && (
          <button type="button" class="act primary" disabled={errand.doing.value !== null} onClick={() => void sign()}>
            {speech.say(errand.doing.value ? "sending" : "handover_sign")}
          </button>
        )}
        <p class="refusal" role="alert">
          {deniedWords(errand.denied.value, speech) ?? ""}
        </p>
      </footer>
    </article>
  );
}
