// Turning the course of one incident: hold the next step, jump to one, hand it over, let another incident go on for both.
import { useState } from "preact/hooks";
import { who } from "../../shared/account/marks";
import type { IncidentView } from "../../shared/shapes";
import { chainSteps, holdLeft, mates, seats, waits } from "../models/course";
import type { Order } from "../models/orders";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { useFetched } from "./fetched";
import { type Choosable, Choices, OrderForm, useChosen } from "./orderform";

interface Turn<T extends string | number> {
  incident: IncidentView;
  order: Order;
  title: string;
  lead: string;
  legend: string;
  all: readonly Omit<Choosable<T>, "checked">[];
  /** In place of choices where there are none. */
  nothing: string | null;
  choose: string;
  words: string;
  send(value: T): Promise<boolean>;
}

function TurnDialog<T extends string | number>(props: Turn<T>) {
  const [chosen, setChosen] = useState<T | null>(null);
  const pick = (index: number) => {
    const one = props.all[index];
    if (one && one.able !== false) setChosen(one.value);
  };
  return (
    <Dialog title={props.title}>
      <OrderForm
        incident={props.incident}
        order={props.order}
        words={props.words}
        missing={chosen === null ? (props.nothing ?? props.choose) : null}
        idle={props.nothing !== null}
        send={() => (chosen === null ? Promise.resolve(false) : props.send(chosen))}
        pick={pick}
      >
        <p class="lead">{props.lead}</p>
        {props.nothing === null ? (
          <Choices<T> name={props.order} legend={props.legend} all={props.all.map((one) => ({ ...one, checked: one.value === chosen }))} choose={setChosen} />
        ) : (
          <p class="nothing">{props.nothing}</p>
        )}
      </OrderForm>
    </Dialog>
  );
}

export function HoldDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = useChosen();
  if (!incident) return null;
  const left = speech.age(holdLeft(incident) * 1000);
  return (
    <TurnDialog
      incident={incident}
      order="hold"
      title={speech.say("hold_title", { who: who(incident, speech) })}
      lead={speech.say("hold_lead", { left })}
      legend={speech.say("hold")}
      all={waits(incident, speech).map((one) => ({ value: one.seconds, words: one.words, able: one.able }))}
      nothing={incident.state === "open" ? null : speech.say("refused_not_open")}
      choose={speech.say("hold_choose")}
      words={speech.say("hold_send")}
      send={(seconds) => desk.acts.hold(incident.id, seconds)}
    />
  );
}

export function JumpDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = useChosen();
  if (!incident) return null;
  return (
    <TurnDialog
      incident={incident}
      order="jump"
      title={speech.say("jump_title", { who: who(incident, speech) })}
      lead={speech.say("jump_lead")}
      legend={speech.say("jump")}
      all={chainSteps(incident, speech).map((step) => ({ value: step.index, words: step.words }))}
      nothing={incident.steps === 0 ? speech.say("jump_nowhere") : null}
      choose={speech.say("jump_choose")}
      words={speech.say("jump_send")}
      send={(step) => desk.acts.jump(incident.id, step)}
    />
  );
}

export function HandOverDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = useChosen();
  const sitting = useFetched(desk.api.house.desk);
  if (!incident) return null;
  const all = seats(incident, sitting.value ?? [], desk.desk.me.value?.user_id ?? null, speech);
  const none = sitting.value === null ? (sitting.failed ?? speech.say("loading")) : speech.say("hand_over_nobody");
  return (
    <TurnDialog
      incident={incident}
      order="hand_over"
      title={speech.say("hand_over_title", { who: who(incident, speech) })}
      lead={speech.say("hand_over_lead")}
      legend={speech.say("hand_over")}
      all={all.map((seat) => ({ value: seat.id, words: seat.name, aside: seat.load }))}
      nothing={incident.owner === null ? speech.say("refused_not_taken") : all.length === 0 ? none : null}
      choose={speech.say("hand_over_choose")}
      words={speech.say("hand_over")}
      send={(to) => desk.acts.handOver(incident.id, to)}
    />
  );
}

export function MergeDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = useChosen();
  if (!incident) return null;
  const all = mates(incident, desk.desk.incidents.value.values(), desk.now.value, speech);
  return (
    <TurnDialog
      incident={incident}
      order="merge"
      title={speech.say("merge_title", { who: who(incident, speech) })}
      lead={speech.say("merge_lead")}
      legend={speech.say("merge")}
      all={all.map((one) => ({ value: one.id, words: one.words, aside: speech.say("merge_opened", { time: one.opened }) }))}
      nothing={all.length === 0 ? speech.say("merge_nothing") : null}
      choose={speech.say("merge_choose")}
      words={speech.say("merge_send")}
      send={(into) => desk.acts.merge(incident.id, into)}
    />
  );
}
