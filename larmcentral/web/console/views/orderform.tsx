// The form of a dialog that asks something of the server about one incident: sent by Enter, open until it is done.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { IncidentView } from "../../shared/shapes";
import type { Order } from "../models/orders";
import { useDeps } from "./deps";

/** The incident as chosen when the dialog opened, and as it stands now: the selection cannot slip away below it. */
export function useChosen(): IncidentView | null {
  const { desk } = useDeps();
  const [chosen] = useState(desk.desk.selected.value);
  if (chosen === null) return null;
  return desk.desk.incidents.value.get(chosen.id) ?? desk.desk.done.value.find((one) => one.id === chosen.id) ?? chosen;
}

interface Asked {
  incident: IncidentView;
  order: Order;
  /** On the button that sends. */
  words: string;
  /** What is missing, in words; null once it can be sent. Said when somebody tries. */
  missing: string | null;
  /** Nothing can be chosen as things stand: nothing to send. */
  idle?: boolean;
  send(): Promise<boolean>;
  /** Somebody tried while something was missing. */
  tried?(): void;
  /** What the keys 1, 2, 3 choose. */
  pick?(index: number): void;
  children: ComponentChildren;
}

export function OrderForm(props: Asked) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [tried, setTried] = useState(false);
  const sending = desk.orders.sending(props.incident.id, props.order);
  const refusal = desk.refusal.value;
  const mayAct = desk.fresh.value.mayAct;
  const send = async () => {
    setTried(true);
    if (props.missing !== null) return props.tried?.();
    if (sending) return;
    if (await props.send()) desk.dialog.value = null;
  };
  const press = (event: KeyboardEvent) => {
    const at = event.target;
    const writes = at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && at.type !== "radio" && at.type !== "checkbox");
    if (event.key === "Enter" && !event.isComposing && (event.ctrlKey || (!writes && !(at instanceof HTMLButtonElement)))) {
      event.preventDefault();
      void send();
    } else if (!writes && /^[1-9]$/.test(event.key) && !event.ctrlKey) {
      props.pick?.(Number(event.key) - 1);
    }
  };
  const said = tried && props.missing !== null ? props.missing : !mayAct ? speech.say("locked") : refusal?.incidentId === props.incident.id && refusal.order === props.order ? refusal.words : "";
  return (
    <form onSubmit={(event) => (event.preventDefault(), void send())} onKeyDown={press} noValidate>
      {props.children}
      <p class="refusal" role="alert">
        {said}
      </p>
      <footer>
        <button type="button" class="act" onClick={() => (desk.dialog.value = null)}>
          {speech.say("cancel")}
        </button>
        <button type="submit" class="act primary" disabled={sending || !mayAct || props.idle}>
          {sending ? speech.say("sending") : props.words} <kbd>Ctrl Enter</kbd>
        </button>
      </footer>
    </form>
  );
}

export interface Choosable<T extends string | number> {
  value: T;
  words: string;
  aside?: string;
  able?: boolean;
  checked: boolean;
}

/** One of a few, by arrows or by its digit. The first that can be chosen has the focus when the dialog opens. */
export function Choices<T extends string | number>(props: { name: string; legend: string; all: readonly Choosable<T>[]; choose(value: T): void; first?: boolean; row?: boolean }) {
  const first = props.all.find((one) => one.able !== false)?.value;
  return (
    <fieldset class={props.row ? "in-row" : ""}>
      <legend>{props.legend}</legend>
      {props.all.map((one, index) => (
        <label key={one.value} class={`choice ${one.able === false ? "unable" : ""}`}>
          <input
            type="radio"
            name={props.name}
            checked={one.checked}
            disabled={one.able === false}
            autofocus={props.first !== false && one.value === first}
            onChange={() => props.choose(one.value)}
          />
          <span>
            {one.words}
            {one.aside && <span class="aside">{one.aside}</span>}
          </span>
          <kbd aria-hidden="true">{index + 1}</kbd>
        </label>
      ))}
    </fieldset>
  );
}
