// A person's photo, what helpers should know, and the next of kin: opened by a press, for the person sees that it was.
import { useEffect, useState } from "preact/hooks";
import type { IncidentView, PersonView } from "../../shared/shapes";
import type { Dossier } from "../../shared/shapes_persons";
import { DossierDesk, kin } from "../models/dossier";
import { deniedWords } from "../models/errand";
import { useDeps } from "./deps";
import { useKept } from "./fetched";
import { Sign } from "./shapes";

export function DossierPart({ incident, person }: { incident: IncidentView; person: PersonView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = useKept(() => new DossierDesk(desk.api.desk, person.id, incident.id), `${incident.id} ${person.id}`);
  const over = incident.state === "stood_down";
  useEffect(() => {
    if (over) one.close(); // what was open for the alarm's sake is shut with it
  }, [one, over]);
  const dossier = one.dossier.value;
  const failed = deniedWords(one.failed.value, speech);
  if (dossier) return <Opened dossier={dossier} close={() => one.close()} />;
  return (
    <div class="dossier shut">
      <button type="button" class="act" disabled={one.opening.value} onClick={() => void one.open()}>
        {speech.say(one.opening.value ? "loading" : "dossier_open")}
      </button>
      <p class={failed ? "refusal" : "hint"} role={failed ? "alert" : undefined}>
        {failed ?? speech.say(incident.silent ? "dossier_why_silent" : "dossier_why")}
      </p>
    </div>
  );
}

function Opened({ dossier, close }: { dossier: Dossier; close(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const near = kin(dossier, speech);
  return (
    <div class="dossier">
      <Photo dossier={dossier} />
      <div class="dossier-words">
        <h4>{speech.say("dossier_notes")}</h4>
        <p class={dossier.notes ? "notes" : "nothing"}>{dossier.notes || speech.say("dossier_notes_none")}</p>
        <h4>{speech.say("kin")}</h4>
        {near.instead && <p class="nothing">{near.instead}</p>}
        <ul>
          {near.lines.map((line) => (
            <li key={`${line.name} ${line.phone}`}>
              <span>
                {line.name}
                <span class="aside">{line.relation}</span>
              </span>
              {line.dial ? (
                <a class="phone" href={`tel:${line.dial}`} aria-label={speech.say("call_person", { name: line.name })}>
                  <Sign name="phone" />
                  {line.phone}
                </a>
              ) : (
                <span>{line.phone}</span>
              )}
            </li>
          ))}
        </ul>
      </div>
      <button type="button" class="quiet" onClick={close}>
        {speech.say("dossier_close")}
      </button>
    </div>
  );
}

function Photo({ dossier }: { dossier: Dossier }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [lost, setLost] = useState(false);
  if (!dossier.photo || lost) return <p class="photo none">{speech.say("dossier_no_photo")}</p>;
  return <img class="photo" src={desk.api.desk.photo(dossier.person_id)} alt={speech.say("dossier_photo", { name: dossier.name })} onError={() => setLost(true)} />;
}
