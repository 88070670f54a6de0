// A shift change on paper: the list of what was open, and whose names stand under it.
import type { HandoverCase, HandoverView } from "../../shared/shapes_desk";
import type { IncidentView } from "../../shared/shapes";
import type { Speech } from "../words/speech";

export interface HandoverPicture {
  id: string;
  made: string;
  from: string;
  to: string;
  /** Each side with whether it has signed. */
  sides: { part: string; name: string; signed: boolean; words: string }[];
  /** One may put one's own name there now. */
  maySign: boolean;
  cases: HandoverLine[];
}

export interface HandoverLine {
  id: string;
  gravity: number;
  kind: string;
  who: string;
  age: string;
  /** How it stood when the list was made. */
  then: string;
  /** How it stands now, where that is something else. */
  now: string | null;
  /** It can still be opened in the queue. */
  open: boolean;
}

export function handovers(views: readonly HandoverView[], open: ReadonlyMap<string, IncidentView>, me: string | null, now: number, speech: Speech): HandoverPicture[] {
  return views.toSorted((a, b) => Date.parse(b.made_at) - Date.parse(a.made_at)).map((view) => {
    const left = view.signed_by.includes(view.from_user_id);
    const came = view.signed_by.some((id) => id !== view.from_user_id);
    const comes = view.to_user_id === null || view.to_user_id === me;
    const side = (part: string, name: string, signed: boolean) => ({ part, name, signed, words: speech.say(signed ? "handover_signed" : "handover_unsigned") });
    return {
      id: view.id,
      made: speech.moment(view.made_at, now),
      from: view.from_user,
      to: view.to_user ?? speech.say("handover_whoever"),
      sides: [side(speech.say("handover_leaves"), view.from_user, left), side(speech.say("handover_comes"), view.to_user ?? speech.say("handover_whoever"), came)],
      maySign: me !== null && (me === view.from_user_id ? !left : !came && comes),
      cases: view.cases.map((one) => line(one, open.get(one.incident_id), Date.parse(view.made_at), speech)),
    };
  });
}

function line(one: HandoverCase, current: IncidentView | undefined, madeAt: number, speech: Speech): HandoverLine {
  const state = (value: string) => speech.sayOr("case", value);
  const is = current?.state ?? "stood_down";
  return {
    id: one.incident_id,
    gravity: one.gravity,
    kind: speech.sayOr("kind", one.kind),
    who: one.person ?? speech.say("unknown_person"),
    age: speech.age(madeAt - Date.parse(one.opened_at)),
    then: state(one.state),
    now: is === one.state ? null : state(is),
    open: current !== undefined,
  };
}

/** How many lists wait for a name: for the tab and for whoever is about to go. */
export const waitingFor = (views: readonly HandoverView[], me: string | null): number =>
  views.filter((view) => (view.from_user_id === me || view.to_user_id === me) && !view.signed_by.some((id) => id === me)).length;
