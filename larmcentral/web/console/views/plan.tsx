// The action plan as steps to tick. A step is drawn as done when the server has it; until then its button says that it is sent.
import { useEffect, useRef, useState } from "preact/hooks";
import type { IncidentView } from "../../shared/shapes";
import { PlanDesk, STEP_OUTCOMES, type StepLine, type StepOutcome, planPicture } from "../models/plan";
import { useDeps } from "./deps";
import { Fact } from "./fact";
import { useKept } from "./fetched";
import { PLAN_ID } from "./keyboard";
import { StepShape } from "./shapes";

export function Plan({ incident }: { incident: IncidentView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = useKept(() => new PlanDesk(desk.api.desk, incident.id), incident.id);
  const detail = desk.desk.detail.value;
  const recorded = detail?.incident.id === incident.id ? detail.timeline.filter((entry) => entry.kind === "step_recorded").length : null;
  useEffect(() => void one.load(), [one, recorded, incident.kind]); // a row that becomes an attack has another plan
  const plan = one.plan.value && planPicture(one.plan.value, desk.now.value, speech);
  if (one.plan.value && !plan) return null; // no plan goes with it: nothing to tick, and nothing to read past
  return (
    <Fact name={speech.say("plan")} class="plan" beside={plan && `${plan.name} · ${speech.say("plan_count", { recorded: plan.recorded, count: plan.steps.length })}`}>
      {!plan && (
        <p class="nothing">
          {speech.say(one.failed.value ? "plan_failed" : "loading")}{" "}
          {one.failed.value && (
            <button type="button" class="link" onClick={() => void one.load()}>
              {speech.say("refresh")}
            </button>
          )}
        </p>
      )}
      {plan && (
        <ol class="steps">
          {plan.steps.map((step, index) => (
            <Step key={step.key} incident={incident} step={step} entrance={plan.next === null ? index === 0 : step.key === plan.next} loaded={() => one.load()} />
          ))}
        </ol>
      )}
    </Fact>
  );
}

/** entrance: its first button is where the key P leads. */
function Step(props: { incident: IncidentView; step: StepLine; entrance: boolean; loaded(): Promise<void> }) {
  const { incident, step } = props;
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState("");
  const line = useRef<HTMLLIElement>(null);
  const may = desk.acts.may("plan", incident);
  const sending = desk.orders.sending(incident.id, "plan", step.key);
  const refusal = desk.refusal.value;
  const refused = refusal?.incidentId === incident.id && refusal.order === "plan" && refusal.part === step.key ? refusal.words : "";
  const about = speech.say("plan_about", { step: step.number, text: step.text });
  const record = async (outcome: StepOutcome) => {
    if (!may || sending || !(await desk.acts.recordStep(incident.id, step.key, { outcome, note: note.trim() }))) return;
    const stayed = line.current?.contains(document.activeElement); // before the answer is drawn, which takes the button away
    await props.loaded();
    setOpen(false);
    setNote("");
    if (stayed) requestAnimationFrame(() => document.getElementById(PLAN_ID)?.focus()); // on to the next
  };
  const id = props.entrance ? PLAN_ID : undefined;
  const other = speech.say(step.outcome === null ? "plan_other" : "plan_change");
  return (
    <li ref={line} class={`plan-step ${step.outcome ?? "open"}`}>
      <StepShape outcome={step.outcome} />
      <p class="what">
        <span class="number">{step.number}.</span> {step.text}
        {step.record && (
          <span class="aside">
            {step.record}
            {step.note && <q>{step.note}</q>}
          </span>
        )}
      </p>
      <div class="ticks" role="group" aria-label={about}>
        {step.outcome === null && (
          <button type="button" class="act" id={id} disabled={!may} aria-disabled={sending} onClick={() => void record("done")}>
            {speech.say(sending ? "sending" : "plan_done")}
          </button>
        )}
        <button type="button" class="quiet" id={step.outcome === null ? undefined : id} aria-expanded={open} disabled={!may} onClick={() => setOpen(!open)}>
          {other}
        </button>
      </div>
      {open && (
        <form class="say" onSubmit={(event) => event.preventDefault()} onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), setOpen(false))}>
          <input type="text" maxLength={500} value={note} ref={focused} aria-label={speech.say("plan_note")} placeholder={speech.say("plan_note")} onInput={(event) => setNote(event.currentTarget.value)} />
          {STEP_OUTCOMES.map((outcome) => (
            <button key={outcome} type="button" class="act" disabled={!may} aria-disabled={sending} onClick={() => void record(outcome)}>
              {sending ? speech.say("sending") : speech.sayOr("plan", outcome)}
            </button>
          ))}
        </form>
      )}
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
    </li>
  );
}

const focused = (field: HTMLInputElement | null) => field?.focus();
