// Starting a drill: about whom, and which kind.
import { useEffect, useState } from "preact/hooks";
import type { Kind } from "../../shared/shapes";
import type { PersonChoice } from "../../shared/shapes_registers";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { useFetched } from "./fetched";

const KINDS = ["panic", "duress", "hold_up", "group_alarm", "medical", "man_down", "fall", "no_motion", "missed_check_in", "overdue"] as const satisfies readonly Kind[];
const SHOWN = 50; // more than one reads; the search narrows it

export function DrillDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const { value: persons, failed } = useFetched(desk.api.persons);
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<PersonChoice | null>(null);
  const [kind, setKind] = useState<Kind>("panic");
  const [missing, setMissing] = useState(false);
  const words = search.toLowerCase().split(/\s+/);
  const found = (persons ?? []).filter((p) => words.every((word) => `${p.name} ${p.unit ?? ""}`.toLowerCase().includes(word)));
  const only = found.length === 1 ? found[0] : undefined;
  useEffect(() => {
    if (only) setChosen(only);
  }, [only]);
  const sending = desk.orders.sending("", "drill");
  const refusal = desk.refusal.value;
  const send = async () => {
    if (!chosen) return setMissing(true);
    if (await desk.acts.startDrill(chosen.id, kind)) desk.dialog.value = null;
  };
  return (
    <Dialog title={speech.say("drill_title")} class="drill">
      <form onSubmit={(event) => (event.preventDefault(), void send())}>
        <p class="lead">{speech.say("drill_lead")}</p>
        <label>
          {speech.say("drill_find")}
          <input type="search" value={search} autofocus onInput={(event) => setSearch(event.currentTarget.value)} />
        </label>
        <fieldset class="persons">
          <legend>{speech.say("drill_person")}</legend>
          {persons === null && <p class="nothing">{failed ?? speech.say("loading")}</p>}
          {persons !== null && found.length === 0 && <p class="nothing">{speech.say("drill_nobody")}</p>}
          {found.slice(0, SHOWN).map((person) => (
            <label key={person.id} class="choice">
              <input type="radio" name="person" checked={chosen?.id === person.id} onChange={() => setChosen(person)} />
              <span>
                {person.name}
                <span class="aside">{person.unit}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label>
          {speech.say("drill_kind")}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {speech.sayOr("kind", one)}
              </option>
            ))}
          </select>
        </label>
        <p class="refusal" role="alert">
          {missing && !chosen ? speech.say("drill_choose") : !desk.fresh.value.mayAct ? speech.say("locked") : refusal?.order === "drill" ? refusal.words : ""}
        </p>
        <footer>
          <button type="button" class="act" onClick={() => (desk.dialog.value = null)}>
            {speech.say("cancel")}
          </button>
          <button type="submit" class="act primary" disabled={sending || !desk.fresh.value.mayAct}>
            {speech.say(sending ? "sending" : "drill_start")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
