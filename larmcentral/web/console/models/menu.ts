// What else can be done about an incident, behind one button: each with its key, and why not where it cannot.
import type { IncidentView } from "../../shared/shapes";
import type { SessionView } from "../../shared/shapes_work";
import { holdLeft, mates } from "./course";
import type { DialogName } from "./dialogs";
import type { Speech, WordKey } from "../words/speech";
import type { Order } from "./orders";

export type Choice = { what: "dialog"; name: DialogName } | { what: "welfare"; person: string } | { what: "put_back" } | { what: "note" };

export interface MenuLine {
  order: Order;
  words: string;
  key: string | null;
  choice: Choice;
  /** Why it cannot be; null where it can. */
  why: string | null;
}

export interface Known {
  me: string | null;
  open: Iterable<IncidentView>;
  /** Null while it is not known who works alone now. */
  sessions: readonly SessionView[] | null;
  now: number;
  may(order: Order): boolean;
}

export function menu(incident: IncidentView, known: Known, speech: Speech): MenuLine[] {
  const line = (order: Order, words: WordKey, key: string | null, choice: Choice, why: WordKey | null): MenuLine => ({
    order,
    words: speech.say(words),
    key,
    choice,
    why: why === null ? (known.may(order) ? null : speech.say("menu_locked")) : speech.say(why),
  });
  const dialog = (name: DialogName): Choice => ({ what: "dialog", name });
  const held = incident.state !== "open" ? "refused_not_open" : holdLeft(incident) === 0 ? "refused_held_enough" : null;
  const alone = mates(incident, known.open, known.now, speech).length === 0;
  const mine = incident.owner !== null && incident.owner.user_id === known.me;
  return [
    line("note", "note", "N", { what: "note" }, null),
    line("add", "add_people", "A", dialog("add"), null),
    line("hold", "hold", "H", dialog("hold"), held),
    line("jump", "jump", null, dialog("jump"), incident.steps < 2 ? "jump_nowhere" : null),
    line("hand_over", "hand_over", "O", dialog("hand_over"), incident.owner ? null : "refused_not_taken"),
    line("put_back", "put_back", null, { what: "put_back" }, mine ? null : "refused_not_owner"),
    line("welfare", "welfare", null, { what: "welfare", person: incident.person?.id ?? "" }, noWelfare(incident, known.sessions)),
    line("merge", "merge", null, dialog("merge"), alone ? "merge_nothing" : null),
  ];
}

/**
 * Whether the menu must know who works alone. Not in a silent alarm: that the places of sessions were shown is written
 * down where the wearer's phone tells it, and a line in that minute would tell of the alarm.
 */
export const asksForSessions = (incident: IncidentView): boolean => !incident.silent && incident.person !== null;

/** A question on her phone would tell whoever stands beside the wearer of a silent alarm. */
function noWelfare(incident: IncidentView, sessions: readonly SessionView[] | null): WordKey | null {
  if (incident.silent) return "welfare_silent";
  if (!incident.person) return "no_person";
  if (sessions === null) return "loading";
  return sessions.some((one) => one.person_id === incident.person?.id) ? null : "refused_no_session";
}
