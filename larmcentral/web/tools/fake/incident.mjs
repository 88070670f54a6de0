// What the stand-in server answers about one incident beyond the commonest commands: its plan, whom else to tell, how it is closed.
import { PERSONS } from "./world.mjs";

const now = () => new Date().toISOString();
const in_ = (s) => new Date(Date.now() + s * 1000).toISOString();
const refused = (status, reason, fields = {}) => ({ status, body: { reason, detail: "", fields } });

const field = (key, choices, note_for = []) => ({ key, choices, note_for });
const VIOLENT = ["panic", "duress", "hold_up", "group_alarm", "unspecified_alarm"];
const CAUSES = ["by_mistake", "device_fault", "misread", "training", "unknown"];
const FORMS = [
  {
    kinds: VIOLENT,
    outcome: "real",
    fields: [
      field("injury", ["none", "minor", "serious", "unknown"]),
      field("violence", ["none", "threat", "violence", "unknown"]),
      field("police_report", ["made", "later", "not_made"], ["not_made"]),
      field("support", ["accepted", "declined", "not_reached"]),
      field("sent", ["colleagues", "guard", "sos", "nobody"], ["nobody"]),
    ],
  },
  { kinds: [...VIOLENT, "medical", "man_down", "fall", "no_motion", "missed_check_in"], outcome: "false", fields: [field("cause", CAUSES)] },
];

const STEPS = [
  ["listen", "Lyssna in: säg ingenting förrän du vet om hon kan tala"],
  ["team", "Ring gruppen och fråga vem som är närmast"],
  ["guard", "Ring väktarbolaget och ge dem adress och portkod"],
  ["police", "Ring 112 vid hot eller våld, läs från SOS-kortet"],
];

/** The state of it all: what came of steps, by incident; and where places lie. */
export const inside = () => ({ records: new Map(), place: null, indoor: null, map: null, dossiers: new Map(), photo: false });

/** The answer to a request of these, or null where it is none. change: writes an account and tells everybody. seats: who is at the desk. */
export function incidentAnswer(state, method, path, body, world, change, me, seats) {
  if (path === "/api/closing") return { status: 200, body: FORMS };
  if (path === "/api/setup") return { status: 200, body: { organisation: "Älvmården", map: state.map, push_key: null, call_back: "0980-319 200" } };
  const [, person] = /^\/api\/persons\/([^/]+)\/dossier$/.exec(path) ?? [];
  if (person) return dossier(state, person);
  const [, id, what, key] = /^\/api\/incidents\/([^/]+)\/([a-z-]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const one = world.get(id);
  if (!one) return null;
  if (method === "GET") return what === "plan" ? { status: 200, body: planOf(state, one) } : null;
  const act = ACTS[key ? `${what}/step` : what];
  if (!act || (what === "stand-down" && !unanswered(one, body))) return null;
  if (one.view.state === "stood_down") return refused(409, "stood_down");
  return act({ state, one, body, key, world, change, seats, by: { kind: "operator", name: me.name } });
}

const done = (view) => ({ status: 200, body: view });

const ACTS = {
  "stand-down": ({ one, body }) => refused(422, "closing", unanswered(one, body)),
  "plan/step"({ state, one, body, key, change, by }) {
    const step = STEPS.find(([name]) => name === key);
    if (!step) return refused(404, "not_found");
    const records = state.records.get(one.view.id) ?? new Map();
    state.records.set(one.view.id, records.set(key, { outcome: body.outcome, note: body.note ?? "", by: by.name, at: now() }));
    return done(change(one, {}, "step_recorded", by, { plan: "Hot och våld", version: "1", key, text: step[1], outcome: body.outcome, ...(body.note ? { note: body.note } : {}) }));
  },
  message({ one, body, change, by }) {
    if (body.to === "wearer" && one.view.silent) return refused(409, "silent");
    return done(change(one, {}, "message_sent", by, { to: body.to, text: body.text, persons: String(one.view.responders.length) }));
  },
  jump: ({ one, body, change, by }) => done(change(one, { step: body.step }, "jumped", by, { step: String(body.step) })),
  add({ one, body, change, by }) {
    const told = body.targets.flatMap((target) => PERSONS.filter((person) => person.id === target.person));
    const more = told.map((person) => ({ person_id: person.id, name: person.name, state: "notified", since: now(), step: one.view.step }));
    return done(change(one, { responders: [...one.view.responders, ...more] }, "people_added", by, { persons: String(more.length) }));
  },
  hold({ one, body, change, by }) {
    const held = one.view.held_s + body.wait_s;
    if (held > 600) return refused(409, "held_enough");
    const due_at = new Date(Date.parse(one.view.next?.due_at ?? now()) + body.wait_s * 1000).toISOString();
    return done(change(one, { held_s: held, next: one.view.next && { ...one.view.next, due_at } }, "on_hold", by, { wait_s: String(body.wait_s) }));
  },
  "hand-over"({ one, body, change, seats, by }) {
    const to = seats.find((seat) => seat.user_id === body.to);
    return to ? done(change(one, { owner: { user_id: to.user_id, name: to.name } }, "handed_over", by, { to: to.user_id })) : refused(409, "not_at_desk");
  },
  "put-back": ({ one, change, by }) =>
    one.view.owner ? done(change(one, { owner: null, state: "open", next: { what: "next_step", due_at: in_(60), step: 1, targets: ["desk"] } }, "put_back", by)) : refused(409, "not_owner"),
  merge({ one, body, world, change, by }) {
    const into = world.get(body.into);
    if (!into) return refused(404, "not_found");
    change(into, {}, "absorbed", by);
    return done(change(one, { state: "stood_down", stood_down_at: now(), outcome: "other", merged_into: into.view.id, next: null }, "stood_down", by, { outcome: "other" }));
  },
};

/** What is missing of the answers, by question; null where all is there. */
function unanswered(one, body) {
  const form = one.view.purpose === "real" && FORMS.find((form) => form.outcome === body.outcome && form.kinds.includes(one.view.kind));
  const given = new Map((body.closing ?? []).map((answer) => [answer.key, answer]));
  const faults = (form ? form.fields : []).flatMap(({ key, note_for }) => (!given.has(key) ? [[key, "missing"]] : note_for.includes(given.get(key).choice) && !given.get(key).note ? [[key, "note"]] : []));
  return faults.length > 0 ? Object.fromEntries(faults) : null;
}

/** The answers of a stand-down as its entry keeps them. */
export const closingDetail = (body) =>
  Object.fromEntries((body.closing ?? []).flatMap(({ key, choice, note }) => [[`closing_${key}`, choice], ...(note ? [[`closing_${key}_note`, note]] : [])]));

function planOf(state, one) {
  const records = state.records.get(one.view.id);
  const has = one.view.person !== null && VIOLENT.includes(one.view.kind);
  const steps = STEPS.map(([key, text]) => ({ key, text, record: records?.get(key) ?? null }));
  return { incident_id: one.view.id, name: has ? "Hot och våld" : null, version: has ? 1 : 0, steps: has ? steps : [] };
}

function dossier(state, id) {
  const person = PERSONS.find((one) => one.id === id);
  if (!person) return refused(404, "not_found");
  const kept = state.dossiers.get(id) ?? {};
  return {
    status: 200,
    body: {
      person_id: id, name: person.name, unit: person.unit, teams: person.team ? [person.team] : [], employer: person.employer, phone: person.phone, photo: state.photo,
      notes: "Diabetes, bär insulin. Talar helst finska.\nHotad av före detta make.", next_of_kin: [{ name: "Göran Lindqvist", relation: "make", phone: "070-174 06 91" }], may_see_kin: true, ...kept,
    },
  };
}

/** A floor plan: rooms off a corridor. */
export const FLOOR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><g fill="none" stroke="#223" stroke-width="3"><path d="M4 4h312v192H4zM4 84h312M4 116h312M84 4v80M164 4v80M244 4v80M104 116v80M212 116v80"/></g></svg>';

/** What the detail of an incident says of its place. */
export const whereabouts = (state, one) => ({ place: state.place, indoor: state.indoor, closing: [], ...(one.view.state === "stood_down" ? { place: null, indoor: null } : {}) });
