// Calling more people to one incident: those near, the house's own, or anybody by name.
import { useRef, useState } from "preact/hooks";
import { who } from "../../shared/account/marks";
import type { IncidentView } from "../../shared/shapes";
import type { PersonChoice } from "../../shared/shapes_registers";
import { found } from "../models/persons";
import { extras, standsAs, targetsOf } from "../models/telling";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { useFetched } from "./fetched";
import { OrderForm, useChosen } from "./orderform";

export function AddDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = useChosen();
  const centres = useFetched(desk.api.ways.centres);
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [persons, setPersons] = useState<readonly PersonChoice[]>([]);
  if (!incident) return null;
  const all = extras(incident, centres.value ?? [], speech);
  const extra = all.filter((one) => keys.has(one.key));
  const toggle = (key: string | undefined) => {
    if (key === undefined) return;
    const next = new Set(keys);
    if (!next.delete(key)) next.add(key);
    setKeys(next);
  };
  const turn = (person: PersonChoice) => setPersons(persons.some((one) => one.id === person.id) ? persons.filter((one) => one.id !== person.id) : [...persons, person]);
  const targets = targetsOf(persons, extra);
  return (
    <Dialog title={speech.say("add_title", { who: who(incident, speech) })} class="adding">
      <OrderForm
        incident={incident}
        order="add"
        words={speech.say("add_send")}
        missing={targets.length === 0 ? speech.say("add_choose") : null}
        send={() => desk.acts.add(incident.id, targets)}
        pick={(index) => toggle(all[index]?.key)}
      >
        <fieldset>
          <legend>{speech.say("add_house")}</legend>
          {all.map((one, index) => (
            <label key={one.key} class="choice">
              <input type="checkbox" checked={keys.has(one.key)} autofocus={index === 0} onChange={() => toggle(one.key)} />
              {one.words} <kbd aria-hidden="true">{index + 1}</kbd>
            </label>
          ))}
        </fieldset>
        <Persons incident={incident} chosen={persons} turn={turn} />
      </OrderForm>
    </Dialog>
  );
}

/** Enter in the search takes the first that it leaves. */
function Persons(props: { incident: IncidentView; chosen: readonly PersonChoice[]; turn(person: PersonChoice): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const persons = useFetched(desk.api.persons);
  const [search, setSearch] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const shown = found(persons.value ?? [], search);
  const listed = [...props.chosen, ...(search.trim() === "" ? [] : shown.first.filter((one) => !props.chosen.some((other) => other.id === one.id)))];
  const enter = (event: KeyboardEvent) => {
    const [first] = shown.first;
    if (event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (!first || search.trim() === "") return;
    props.turn(first);
    setSearch("");
  };
  return (
    <fieldset class="person-search">
      <legend>{speech.say("add_person")}</legend>
      <input ref={field} type="search" value={search} aria-label={speech.say("add_person")} placeholder={speech.say("drill_find")} onInput={(event) => setSearch(event.currentTarget.value)} onKeyDown={enter} />
      {persons.value === null && <p class="nothing">{persons.failed ?? speech.say("loading")}</p>}
      {persons.value !== null && search.trim() !== "" && shown.first.length === 0 && <p class="nothing">{speech.say("drill_nobody")}</p>}
      <div class="found">
        {listed.map((one) => (
          <label key={one.id} class="choice">
            <input type="checkbox" checked={props.chosen.some((other) => other.id === one.id)} onChange={() => props.turn(one)} />
            <span>
              {one.name}
              <span class="aside">{[one.unit, standsAs(props.incident, one, speech)].filter(Boolean).join(" · ")}</span>
            </span>
          </label>
        ))}
      </div>
      {search.trim() !== "" && shown.more > 0 && <p class="hint">{speech.say("persons_more", { count: shown.more })}</p>}
    </fieldset>
  );
}
