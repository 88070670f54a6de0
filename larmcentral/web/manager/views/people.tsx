// People: what helpers should know of each, whom to tell, and a photo. Opened by a press, for the person sees that it was.
import { useEffect, useState } from "preact/hooks";
import type { PersonChoice } from "../../shared/shapes_registers";
import { links } from "../models/api";
import { Asked, deniedWords } from "../models/asked";
import { DossierDesk, KIN_MOST, NOTES_LETTERS, PHOTO_TYPES } from "../models/dossierdesk";
import { named } from "../models/persons";
import { hashOf } from "../models/routes";
import { useDeps, useKept } from "./deps";
import { Standing } from "./parts";
import "../css/edit.css";

export function PeoplePage() {
  const { office } = useDeps();
  const speech = office.speech.value;
  const id = office.route.value.id;
  const persons = useKept(() => new Asked<readonly PersonChoice[]>());
  const [filter, setFilter] = useState("");
  const ask = () => void persons.ask(() => office.api.persons(), false);
  useEffect(ask, [persons]);
  const all = persons.value.value;
  const found = named(all ?? [], filter);
  const chosen = all?.find((one) => one.id === id) ?? null;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{speech.say("page_people")}</h1>
        <p class="lead">{speech.say("people_lead")}</p>
      </header>
      <Standing asked={persons} again={ask} />
      <div class="edit-grid">
        {all && (
          <div class="choices">
            <label>
              {speech.say("people_filter")}
              <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
            </label>
            <p class="aside" role="status">
              {speech.say("people_found", { n: found.length })}
            </p>
            <nav aria-label={speech.say("page_people")}>
              <ul>
                {found.map((one) => (
                  <li key={one.id}>
                    <a href={hashOf("people", one.id)} aria-current={one.id === id ? "true" : undefined}>
                      <b>{one.name}</b>
                      <span class="aside">{one.unit}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          </div>
        )}
        {chosen ? <DossierPart key={chosen.id} person={chosen} /> : all && <p class="nothing padded">{speech.say(id === null ? "people_choose" : "not_found_here")}</p>}
      </div>
    </div>
  );
}

function DossierPart({ person }: { person: PersonChoice }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const desk = useKept(() => new DossierDesk(office.api, person.id));
  const kept = desk.asked.value.value;
  if (kept === null) {
    return (
      <section class="editor">
        <h2>{person.name}</h2>
        <Standing asked={desk.asked} />
        <p>{speech.say("dossier_why")}</p>
        <p class="buttons">
          <button type="button" class="act primary" disabled={desk.asked.asking.value} onClick={() => void desk.open()}>
            {speech.say("dossier_open")}
          </button>
        </p>
      </section>
    );
  }
  const doing = desk.errand.doing.value;
  const denied = deniedWords(desk.errand.denied.value, speech);
  const about = [kept.unit, ...kept.teams, kept.employer, kept.phone].filter(Boolean).join(" · ");
  return (
    <form class="editor" onSubmit={(event) => (event.preventDefault(), void desk.save())}>
      <div class="dossier-head">
        <Photo desk={desk} name={person.name} />
        <div>
          <h2>{person.name}</h2>
          <p class="dim">{about}</p>
        </div>
      </div>
      <label class="row-wide">
        {speech.say("dossier_notes")}
        <span class="hint">{speech.say("dossier_notes_lead")}</span>
        <textarea rows={5} maxLength={NOTES_LETTERS} value={desk.notes.value} onInput={(event) => desk.write(event.currentTarget.value)} />
      </label>
      <Near desk={desk} />
      {denied && (
        <p class="refusal" role="alert">
          {denied}
        </p>
      )}
      {desk.nameless.value && <p class="hint">{speech.say("kin_wants_name")}</p>}
      <p class="buttons">
        <button type="submit" class="act primary" disabled={doing !== null || !desk.changed.value || desk.nameless.value}>
          {speech.say(doing === "save" ? "sending" : "save")}
        </button>
        <button type="button" class="act" onClick={() => desk.close()}>
          {speech.say("close")}
        </button>
        <span role="status" class="saved">
          {desk.saved.value ? speech.say("saved") : ""}
        </span>
      </p>
    </form>
  );
}

function Near({ desk }: { desk: DossierDesk }) {
  const speech = useDeps().office.speech.value;
  const kin = desk.kin.value;
  return (
    <fieldset class="kin">
      <legend>{speech.say("kin")}</legend>
      {kin.length === 0 && <p class="nothing">{speech.say("kin_none")}</p>}
      {kin.map((one, index) => (
        <div class="kin-line" key={index} role="group" aria-label={speech.say("kin_n", { n: index + 1 })}>
          <label>
            {speech.say("kin_name")}
            <input maxLength={100} value={one.name} onInput={(event) => desk.writeKin(index, { name: event.currentTarget.value })} />
          </label>
          <label>
            {speech.say("kin_relation")}
            <input maxLength={100} value={one.relation} onInput={(event) => desk.writeKin(index, { relation: event.currentTarget.value })} />
          </label>
          <label>
            {speech.say("phone")}
            <input type="tel" maxLength={100} value={one.phone} onInput={(event) => desk.writeKin(index, { phone: event.currentTarget.value })} />
          </label>
          <button type="button" class="act" onClick={() => desk.removeKin(index)}>
            {speech.say("kin_remove")}
          </button>
        </div>
      ))}
      <button type="button" class="act" disabled={kin.length >= KIN_MOST} onClick={() => desk.addKin()}>
        {speech.say("kin_add")}
      </button>
    </fieldset>
  );
}

function Photo({ desk, name }: { desk: DossierDesk; name: string }) {
  const speech = useDeps().office.speech.value;
  const fault = desk.photoFault.value;
  const doing = desk.errand.doing.value === "photo";
  const take = (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (file) void desk.takePhoto(file);
    input.value = ""; // so that the same file can be chosen again
  };
  return (
    <div class="photo-part">
      {desk.photo.value ? (
        <img class="photo" src={links.photo(desk.person, desk.photoTurn.value)} alt={speech.say("photo_of", { name })} />
      ) : (
        <p class="photo none">{speech.say("photo_none")}</p>
      )}
      <label class="act file">
        {speech.say(doing ? "sending" : desk.photo.value ? "photo_change" : "photo_add")}
        <input class="unseen" type="file" accept={PHOTO_TYPES.join(",")} disabled={doing} onChange={(event) => take(event.currentTarget)} />
      </label>
      {desk.photo.value && (
        <button type="button" class="act" disabled={doing} onClick={() => void desk.dropPhoto()}>
          {speech.say("photo_remove")}
        </button>
      )}
      {fault && (
        <p class="refusal" role="alert">
          {speech.sayOr("photo_fault", fault)}
        </p>
      )}
    </div>
  );
}
