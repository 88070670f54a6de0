// The acts that are asked for less often, behind one button, each with its key and with why not where it cannot be.
import { useEffect, useRef, useState } from "preact/hooks";
import type { IncidentView } from "../../shared/shapes";
import { asksForSessions, type MenuLine, menu } from "../models/menu";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { MORE_ID, NOTE_ID } from "./keyboard";

export function More({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const dialog = desk.dialog.value;
  useEffect(() => setOpen(false), [incident.id, dialog]); // a dialog, or another incident: the menu has had its answer
  const shut = (back: boolean) => {
    setOpen(false);
    if (back) button.current?.focus();
  };
  return (
    <div class="more">
      <button
        type="button"
        class="act"
        id={MORE_ID}
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={!desk.acts.mayOpen("note", incident)}
        onClick={() => setOpen(!open)}
      >
        {speech.say("more")} <kbd>.</kbd>
      </button>
      {open && <Menu incident={incident} shut={shut} />}
    </div>
  );
}

function Menu({ incident, shut }: { incident: IncidentView; shut(back: boolean): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const box = useRef<HTMLDivElement>(null);
  const sessions = useFetched(asksForSessions(incident) ? desk.api.house.sessions : async () => []);
  const known = {
    me: desk.desk.me.value?.user_id ?? null,
    open: desk.desk.incidents.value.values(),
    sessions: sessions.value,
    now: desk.now.value,
    may: (order: MenuLine["order"]) => desk.acts.may(order, incident),
  };
  const lines = menu(incident, known, speech);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: Event) => event.target instanceof Node && !box.current?.parentElement?.contains(event.target) && shut(false);
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, []);
  const choose = (line: MenuLine) => {
    if (line.why !== null) return;
    shut(line.choice.what !== "note");
    switch (line.choice.what) {
      case "dialog":
        desk.dialog.value = line.choice.name;
        return;
      case "note":
        return document.getElementById(NOTE_ID)?.focus();
      case "put_back":
        return void desk.acts.putBack(incident.id);
      case "welfare":
        return void desk.acts.welfare(incident.id, line.choice.person);
    }
  };
  const press = (event: KeyboardEvent) => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    else if (event.key === "Escape" || event.key === ".") shut(true);
    else if (event.key === "Tab") return shut(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu" role="menu" ref={box} aria-label={speech.say("more_title")} onKeyDown={press}>
      {lines.map((line) => (
        <button key={line.order} type="button" role="menuitem" tabIndex={-1} aria-disabled={line.why !== null} onClick={() => choose(line)}>
          <span>
            {line.words}
            {line.why && <span class="aside">{line.why}</span>}
          </span>
          {line.key && <kbd aria-hidden="true">{line.key}</kbd>}
        </button>
      ))}
    </div>
  );
}
