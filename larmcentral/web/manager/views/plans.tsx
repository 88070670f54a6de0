// Action plans: the list, and the one that is written.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PlaceChoice } from "../../shared/shapes_places";
import type { ActionPlanView } from "../../shared/shapes_plans";
import type { UnitChoice } from "../../shared/shapes_reports";
import { Asked, deniedWords } from "../models/asked";
import { KINDS } from "../models/choices";
import { aim, complaint, type Draft, draftOf, PlanDesk, STEP_LETTERS, STEPS_MOST } from "../models/plandesk";
import { hashOf, keeps } from "../models/routes";
import { useDeps, useKept } from "./deps";
import { Standing } from "./parts";
import "../css/edit.css";

const NEW = "new";
const KEY_LETTERS = 12;

export function PlansPage() {
  const { office } = useDeps();
  const speech = office.speech.value;
  const id = office.route.value.id;
  const plans = useKept(() => new Asked<readonly ActionPlanView[]>());
  const ask = () => plans.ask(() => office.api.plans(), false);
  useEffect(() => void ask(), [plans]);
  const writes = keeps(office.me.value?.role);
  const chosen = plans.value.value?.find((plan) => plan.id === id) ?? null;
  const done = async () => {
    await ask();
    office.go("plans");
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>{speech.say("page_plans")}</h1>
        <p class="lead">{speech.say("plans_lead")}</p>
        {writes && (
          <a class="act" href={hashOf("plans", NEW)}>
            {speech.say("plan_new")}
          </a>
        )}
      </header>
      <Standing asked={plans} again={() => void ask()} />
      <div class="edit-grid">
        {plans.value.value && (
          <nav class="choices" aria-label={speech.say("page_plans")}>
            {plans.value.value.length === 0 && <p class="nothing">{speech.say("plans_none")}</p>}
            <ul>
              {plans.value.value.map((plan) => (
                <li key={plan.id}>
                  <a href={hashOf("plans", plan.id)} aria-current={plan.id === id ? "true" : undefined}>
                    <b>{plan.name}</b>
                    <span class="aside">{aim(plan, speech)}</span>
                    <span class="aside">{speech.say("plan_steps", { n: plan.steps.length })}</span>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {chosen && !writes && <Read plan={chosen} />}
        {writes && chosen && <Write key={`${chosen.id} ${chosen.version}`} plan={chosen} done={done} />}
        {writes && id === NEW && <Write key={NEW} plan={null} done={done} />}
        {plans.value.value && chosen === null && id !== NEW && <p class="nothing padded">{speech.say(id === null ? "plan_choose" : "not_found_here")}</p>}
      </div>
    </div>
  );
}

function Read({ plan }: { plan: ActionPlanView }) {
  const speech = useDeps().office.speech.value;
  return (
    <section class="editor">
      <h2>{plan.name}</h2>
      <p class="dim">{aim(plan, speech)}</p>
      <ol class="steps-read">
        {plan.steps.map((step) => (
          <li key={step.key}>{step.text}</li>
        ))}
      </ol>
    </section>
  );
}

function Write({ plan, done }: { plan: ActionPlanView | null; done(): Promise<void> }) {
  const { office, newId } = useDeps();
  const speech = office.speech.value;
  const committees = office.me.value?.committees ?? [];
  const empty: Draft = { committee: committees[0]?.id ?? "", name: "", kind: "", unit: "", place: "", steps: [] };
  const newKey = () => newId().replace(/[^a-z0-9]/g, "").slice(0, KEY_LETTERS);
  const desk = useKept(() => new PlanDesk(office.api, plan?.id ?? newId(), plan ? draftOf(plan) : empty, plan?.version ?? 0, newKey));
  const units = useKept(() => new Asked<readonly UnitChoice[]>());
  const places = useKept(() => new Asked<readonly PlaceChoice[]>());
  const [sure, setSure] = useState(false);
  useEffect(() => {
    void units.ask(() => office.api.units());
    void places.ask(() => office.api.places());
  }, [units, places]);
  const draft = desk.draft.value;
  const wrong = complaint(draft, speech);
  const doing = desk.errand.doing.value;
  const denied = deniedWords(desk.errand.denied.value, speech);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (wrong === null && (await desk.save())) await done();
  };
  const remove = async () => {
    if (!sure) return setSure(true);
    if (await desk.remove()) await done();
  };
  const mine = <T extends { committee_id: string }>(all: readonly T[] | null) => all?.filter((one) => one.committee_id === draft.committee) ?? [];
  return (
    <form class="editor" onSubmit={(event) => void save(event)}>
      <h2>{speech.say(plan ? "plan_change" : "plan_new")}</h2>
      <label class="row-wide">
        {speech.say("plan_name")}
        <input required maxLength={200} value={draft.name} onInput={(event) => desk.write({ name: event.currentTarget.value })} />
      </label>
      <fieldset class="aims">
        <legend>{speech.say("plan_for")}</legend>
        {committees.length > 1 && (
          <label>
            {speech.say("committee")}
            <select value={draft.committee} disabled={plan !== null} onChange={(event) => desk.write({ committee: event.currentTarget.value, unit: "", place: "" })}>
              {committees.map((one) => (
                <option key={one.id} value={one.id} selected={one.id === draft.committee}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {speech.say("filter_kind")}
          <select value={draft.kind} onChange={(event) => desk.write({ kind: event.currentTarget.value as Draft["kind"] })}>
            <option value="">{speech.say("any_kind")}</option>
            {KINDS.map((kind) => (
              <option key={kind} value={kind} selected={kind === draft.kind}>
                {speech.sayOr("kind", kind)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {speech.say("unit")}
          <select value={draft.unit} onChange={(event) => desk.write({ unit: event.currentTarget.value })}>
            <option value="">{speech.say("any")}</option>
            {mine(units.value.value).map((unit) => (
              <option key={unit.id} value={unit.id} selected={unit.id === draft.unit}>
                {unit.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {speech.say("place")}
          <select value={draft.place} onChange={(event) => desk.write({ place: event.currentTarget.value })}>
            <option value="">{speech.say("any")}</option>
            {mine(places.value.value).map((place) => (
              <option key={place.id} value={place.id} selected={place.id === draft.place}>
                {place.name}
              </option>
            ))}
          </select>
        </label>
        <p class="hint">{speech.say("plan_for_lead")}</p>
      </fieldset>
      <Steps desk={desk} />
      {(wrong || denied) && (
        <p class={denied ? "refusal" : "hint"} role={denied ? "alert" : undefined}>
          {denied ?? wrong}
        </p>
      )}
      <p class="buttons">
        <button type="submit" class="act primary" disabled={doing !== null || wrong !== null || !desk.changed.value}>
          {speech.say(doing === "save" ? "sending" : "save")}
        </button>
        <a class="act" href={hashOf("plans")}>
          {speech.say("cancel")}
        </a>
        {!desk.isNew && (
          <button type="button" class={`act ${sure ? "danger" : ""}`} disabled={doing !== null} onClick={() => void remove()}>
            {speech.say(doing === "remove" ? "sending" : sure ? "plan_remove_sure" : "plan_remove")}
          </button>
        )}
      </p>
      {sure && <p class="hint">{speech.say("plan_remove_lead")}</p>}
    </form>
  );
}

const ARROWS = { up: "M12 19V6M6 12l6-6 6 6", down: "M12 5v13M6 12l6 6 6-6", away: "M6 6l12 12M18 6L6 18" } as const;

function Steps({ desk }: { desk: PlanDesk }) {
  const speech = useDeps().office.speech.value;
  const { steps } = desk.draft.value;
  const list = useRef<HTMLOListElement>(null);
  const [after, setAfter] = useState<{ key: string; what: string } | null>(null);
  useLayoutEffect(() => {
    // A step that was moved keeps the focus on the button that moved it; a new one is written in at once.
    if (after === null) return;
    const row = [...(list.current?.querySelectorAll<HTMLElement>("li") ?? [])].find((one) => one.dataset.key === after.key);
    const wish = row?.querySelector<HTMLElement>(`[data-what="${after.what}"]:enabled`) ?? row?.querySelector<HTMLElement>("textarea");
    wish?.focus();
    setAfter(null);
  }, [after]);
  const move = (key: string, by: -1 | 1) => {
    desk.moveStep(key, by);
    setAfter({ key, what: by < 0 ? "up" : "down" });
  };
  const add = () => {
    desk.addStep();
    setAfter({ key: desk.draft.value.steps.at(-1)?.key ?? "", what: "text" });
  };
  return (
    <fieldset class="steps">
      <legend>{speech.say("plan_steps_head")}</legend>
      <ol ref={list}>
        {steps.map((step, index) => {
          const n = index + 1;
          return (
            <li key={step.key} data-key={step.key}>
              <span class="step-number" aria-hidden="true">
                {n}
              </span>
              <textarea
                data-what="text"
                rows={2}
                maxLength={STEP_LETTERS}
                aria-label={speech.say("plan_step", { n })}
                value={step.text}
                onInput={(event) => desk.writeStep(step.key, event.currentTarget.value)}
              />
              <Small what="up" words={speech.say("step_up", { n })} disabled={index === 0} press={() => move(step.key, -1)} />
              <Small what="down" words={speech.say("step_down", { n })} disabled={index === steps.length - 1} press={() => move(step.key, 1)} />
              <Small what="away" words={speech.say("step_away", { n })} disabled={steps.length === 1} press={() => desk.removeStep(step.key)} />
            </li>
          );
        })}
      </ol>
      <button type="button" class="act" disabled={steps.length >= STEPS_MOST} onClick={add}>
        {speech.say("step_add")}
      </button>
    </fieldset>
  );
}

function Small(props: { what: keyof typeof ARROWS; words: string; disabled: boolean; press(): void }) {
  return (
    <button type="button" class="quiet small" data-what={props.what} aria-label={props.words} title={props.words} disabled={props.disabled} onClick={props.press}>
      <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
        <path d={ARROWS[props.what]} />
      </svg>
    </button>
  );
}
