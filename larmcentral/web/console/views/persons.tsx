// Finding a person among thousands: a search, and the few that it leaves.
import { useState } from "preact/hooks";
import type { PersonChoice } from "../../shared/shapes_registers";
import { found } from "../models/persons";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";

export function PersonSearch(props: { label: string; chosen: PersonChoice | null; choose(person: PersonChoice): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const persons = useFetched(desk.api.persons);
  const [search, setSearch] = useState("");
  const { first, more } = found(persons.value ?? [], search);
  const shown = props.chosen && search === "" ? [props.chosen] : first;
  return (
    <div class="person-search">
      <label>
        {props.label}
        <input type="search" value={search} placeholder={speech.say("points_find")} onInput={(event) => setSearch(event.currentTarget.value)} />
      </label>
      <fieldset>
        <legend class="unseen">{props.label}</legend>
        {persons.value === null && <p class="nothing">{persons.failed ?? speech.say("loading")}</p>}
        {persons.value !== null && first.length === 0 && <p class="nothing">{speech.say("drill_nobody")}</p>}
        {shown.map((one) => (
          <label key={one.id} class="choice">
            <input type="radio" name="person-found" checked={props.chosen?.id === one.id} onChange={() => props.choose(one)} />
            <span>
              {one.name}
              <span class="aside">{one.unit}</span>
            </span>
          </label>
        ))}
        {shown === first && more > 0 && <p class="hint">{speech.say("persons_more", { count: more })}</p>}
      </fieldset>
    </div>
  );
}
