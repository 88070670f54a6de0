// The form that starts a session: where, why, how long, who else; with what one should know of the place, and of this phone.
import { useEffect } from "preact/hooks";
import { refusalWords } from "../models/refusal";
import type { Going } from "../models/visit";
import { STILL_CHOICES_MIN } from "../models/watching";
import { Checks } from "./checks";
import { useDeps } from "./deps";
import { PlaceCard } from "./place";

const LENGTHS_MIN = [30, 60, 120] as const;
const EVERY_MIN = [10, 15, 30, 60] as const;
const PURPOSES = ["purpose_visit", "purpose_meeting", "purpose_travel"] as const;

export function StartForm() {
  const { phone, visit, own, watching } = useDeps();
  const speech = phone.speech.value;
  const draft = visit.draft.value;
  useEffect(() => own.openStart(), [own]);
  const after = (minutes: number) => visit.write({ until: speech.time(phone.now.value + minutes * 60_000).slice(0, 5) });
  return (
    <main class="page">
      <h1>{speech.say("start_title")}</h1>
      <RefusedStart />
      <form
        class="start"
        onSubmit={(event) => {
          event.preventDefault();
          void visit.start();
        }}
      >
        <label>
          {speech.say("start_place")}
          <select value={draft.place_id ?? ""} onChange={(event) => visit.write({ place_id: event.currentTarget.value || null })}>
            <option value="">{speech.say("start_no_place")}</option>
            {(own.places.value.rows ?? []).map((one) => (
              <option key={one.id} value={one.id}>
                {one.address && one.address !== one.name ? `${one.name}, ${one.address}` : one.name}
              </option>
            ))}
          </select>
        </label>
        {own.places.value.state === "failed" && <p class="warn">{speech.say("places_failed")}</p>}
        {draft.place_id && <PlaceCard id={draft.place_id} />}
        <label>
          {speech.say("start_purpose")}
          <input value={draft.purpose} required maxLength={200} onInput={(event) => visit.write({ purpose: event.currentTarget.value })} />
        </label>
        <div class="chips">
          {PURPOSES.map((key) => (
            <button key={key} type="button" class="chip" onClick={() => visit.write({ purpose: speech.say(key) })}>
              {speech.say(key)}
            </button>
          ))}
        </div>
        <label>
          {speech.say("start_until")}
          <input type="time" value={draft.until} onInput={(event) => visit.write({ until: event.currentTarget.value })} />
        </label>
        <div class="chips">
          {LENGTHS_MIN.map((n) => (
            <button key={n} type="button" class="chip" onClick={() => after(n)}>
              {speech.say("extend_by", { n })}
            </button>
          ))}
        </div>
        <label>
          {speech.say("start_every")}
          <select
            value={String(draft.check_in_every_s ?? "")}
            onChange={(event) => visit.write({ check_in_every_s: Number(event.currentTarget.value) || null })}
          >
            <option value="">{speech.say("start_every_none")}</option>
            {EVERY_MIN.map((n) => (
              <option key={n} value={n * 60}>
                {speech.say("every_min", { n })}
              </option>
            ))}
          </select>
        </label>
        <label>
          {speech.say("start_still")}
          <select value={String(watching.stillMin.value)} onChange={(event) => (watching.stillMin.value = Number(event.currentTarget.value))}>
            {STILL_CHOICES_MIN.map((n) => (
              <option key={n} value={n}>
                {n === 0 ? speech.say("still_off") : speech.say("still_min", { n })}
              </option>
            ))}
          </select>
        </label>
        <Colleagues />
        <label>
          {speech.say("start_memo")}
          <textarea rows={2} maxLength={1000} value={draft.memo} onInput={(event) => visit.write({ memo: event.currentTarget.value })} />
        </label>
        <Checks />
        <button type="submit" class="huge calm">
          {speech.say("start")}
        </button>
      </form>
    </main>
  );
}

/** Why the server did not begin it, on what ground, and what may be begun instead. */
function RefusedStart() {
  const { phone, visit } = useDeps();
  const speech = phone.speech.value;
  const refused = visit.refusedStart.value?.refused;
  if (!refused) return null;
  const { ground, rule, offer } = refused.problem.fields;
  return (
    <div class="refused" role="alert">
      <p>
        <b>{refusalWords(refused.problem, speech)}</b>
      </p>
      {ground && <p>{speech.say("refused_ground", { ground })}</p>}
      {rule && <p class="dim">{speech.say("refused_rule", { rule })}</p>}
      {offer && <p>{speech.say("refused_offer")}</p>}
    </div>
  );
}

function Colleagues() {
  const { phone, own, visit } = useDeps();
  const speech = phone.speech.value;
  const rows = own.colleagues.value.rows ?? [];
  const going = visit.draft.value.going;
  if (rows.length === 0) return null;
  return (
    <details class="card" open={visit.together.value}>
      <summary>{speech.say("colleagues", { n: Object.keys(going).length })}</summary>
      {rows.map((one) => (
        <label key={one.id}>
          {one.name}
          <select value={going[one.id] ?? ""} onChange={(event) => visit.choose(one.id, (event.currentTarget.value || null) as Going | null)}>
            <option value="">{speech.say("colleague_no")}</option>
            <option value="told">{speech.say("colleague_told")}</option>
            <option value="linked">{speech.say("colleague_linked")}</option>
          </select>
        </label>
      ))}
    </details>
  );
}
