// The card for the operator's own call. It dials nothing and links to nothing that does; stamps say what a person did.
import { useEffect, useState } from "preact/hooks";
import { deniedWords } from "../models/errand";
import { CardDesk, type Fact, STAMPS, type Stamp, about, dangers, done, stamped, where } from "../models/card";
import { who } from "../../shared/account/marks";
import type { SosCard } from "../../shared/shapes_card";
import "../css/card.css";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { Sign } from "./shapes";

export function CardDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  // The incident as chosen when the dialog opened: the selection cannot slip away below it.
  const [chosen] = useState(desk.desk.selected.value);
  const [one] = useState(() => new CardDesk(desk.api.ways, chosen?.id ?? ""));
  const now = chosen ? (desk.desk.incidents.value.get(chosen.id) ?? chosen) : null;
  useEffect(() => {
    if (now) void one.load(); // each change of the incident may be one of the card
  }, [now?.version]);
  if (!now) return null;
  const card = one.card.value;
  const failed = deniedWords(one.failed.value, speech);
  return (
    <Dialog title={speech.say("card_title", { who: who(now, speech) })} class="wide sos-card">
      {failed && <p class="refusal">{failed}</p>}
      {!card && !failed && <p class="nothing">{speech.say("loading")}</p>}
      {card && <Card card={card} />}
    </Dialog>
  );
}

function Card({ card }: { card: SosCard }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const warned = dangers(card, speech);
  const places = where(card, speech);
  const did = done(card, speech);
  const script = card.scripts.find((one) => one.language === speech.language) ?? card.scripts[0];
  return (
    <div class="card-body">
      <p class={card.purpose === "real" ? "hint" : "is-poor"}>{speech.say(card.purpose === "real" ? "card_lead" : "card_not_real")}</p>
      <div class="card-columns">
        <div>
          <section class="card-script" aria-label={speech.say("card_script")}>
            <h3>{speech.say("card_script")}</h3>
            <ol lang={script?.language}>
              {script?.sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ol>
          </section>
          <Stamps card={card} />
        </div>
        <div>
          {warned.length > 0 && (
            <div class="danger" role="note">
              <Sign name="warning" />
              <b>{speech.say("premises_danger")}</b>
              {warned.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
          )}
          <Facts title={speech.say("card_where")} facts={places} nothing={speech.say("card_nowhere")} />
          <Facts title={speech.say("card_who")} facts={about(card, speech)} nothing="" />
          <Facts
            title={card.centre}
            facts={[
              { name: speech.say("card_case"), value: card.number, code: true },
              { name: speech.say("card_call_back"), value: card.call_back ?? speech.say("not_told"), code: true },
            ]}
            nothing=""
          />
          <section>
            <h3>{speech.say("card_done")}</h3>
            {did.length === 0 && <p class="nothing">{speech.say("card_done_none")}</p>}
            <ul>
              {did.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}

function Facts({ title, facts, nothing }: { title: string; facts: readonly Fact[]; nothing: string }) {
  return (
    <section>
      <h3>{title}</h3>
      {facts.length === 0 && <p class="is-poor">{nothing}</p>}
      <dl class="pairs">
        {facts.map((fact) => (
          <div key={fact.name}>
            <dt>{fact.name}</dt>
            <dd class={fact.code ? "code" : ""}>{fact.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Stamps({ card }: { card: SosCard }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [number, setNumber] = useState("");
  const sending = desk.orders.sending(card.incident_id, "sos_call");
  const refusal = desk.refusal.value;
  const may = desk.fresh.value.mayAct && card.state !== "stood_down";
  const stamp = async (what: Stamp) => {
    if ((await desk.acts.stamp(card.incident_id, what, what === "case_number" ? number : "")) && what === "case_number") setNumber("");
  };
  return (
    <section class="stamps" aria-label={speech.say("card_stamps")}>
      <h3>{speech.say("card_stamps")}</h3>
      {STAMPS.map((what) => {
        const last = stamped(card.calls, what);
        return (
          <form key={what} onSubmit={(event) => (event.preventDefault(), void stamp(what))}>
            {what === "case_number" ? (
              <>
                <label>
                  {speech.say("card_case_number")}
                  <input value={number} maxLength={200} onInput={(event) => setNumber(event.currentTarget.value)} />
                </label>
                <button type="submit" class="act" disabled={!may || sending || number.trim() === ""}>
                  {speech.say("card_stamp")}
                </button>
              </>
            ) : (
              <button type="submit" class="act" disabled={!may || sending}>
                {speech.sayOr("card", what)}
              </button>
            )}
            <p class="stamp" role="status">
              {last && [last.text, last.by ? speech.say("card_stamped_by", { time: speech.time(last.at), name: last.by }) : speech.time(last.at)].filter(Boolean).join(" · ")}
            </p>
          </form>
        );
      })}
      <p class="refusal" role="alert">
        {!desk.fresh.value.mayAct ? speech.say("locked") : refusal?.order === "sos_call" ? refusal.words : ""}
      </p>
    </section>
  );
}
