// What the stand-in server answers about the house: the desk and its load, shift changes, lone work, reach, the pool.
import { randomUUID } from "node:crypto";
import { COMMITTEE, PERSONS } from "./world.mjs";

const iso = (ms) => new Date(ms).toISOString();
const in_ = (s) => iso(Date.now() + s * 1000);
const HOUR_S = 3600;

/** picture: fields that a test puts over the counted ones. */
export function house(me) {
  return {
    seats: [seat(me, 7800), seat({ user_id: "b0000000-0000-7000-8000-000000000002", name: "Lars Ek" }, 1260)],
    picture: {},
    handovers: [],
    sessions: [
      session(3, { stage: "missed", check_in_due_at: in_(-95), place: "Björkgatan 7, lägenhet 1203", purpose: "Hembesök, uppsägning av bostad" }),
      session(0, { check_in_due_at: in_(170), recording: true, memo: "Går in nu. Hund i hallen, portkod 1974.", companions: ["Karin Öberg"] }),
      session(4, { stage: "welfare", answer_by: in_(45), phone: null }),
      session(7, { ends_at: in_(5400), place: null }),
    ],
    pool: PERSONS.slice(0, 5).map((person, i) => ({
      device_id: randomUUID(), committee_id: COMMITTEE, tag: `LV-00${i + 1}`, label: `Poolklocka ${i + 1}`, battery_pct: [88, 12, 61, 97, null][i], last_seen_at: in_(-30), tested_at: i === 3 ? null : in_(-i * 90_000),
      loan: i < 2 ? { person_id: person.id, person: person.name, out_at: in_(-20_000), due_back_at: in_(i === 0 ? -900 : 9000) } : null,
    })),
  };
}

const seat = (who, sinceS) => ({ user_id: who.user_id, name: who.name, since: in_(-sinceS) });

function session(who, wish) {
  const person = PERSONS[who];
  return {
    id: randomUUID(), committee_id: COMMITTEE, person_id: person.id, person: person.name, phone: person.phone, place_id: null, place: "Kyrkogatan 15", purpose: "Hembesök", memo: null, companions: [],
    started_at: in_(-1500), check_in_due_at: null, ends_at: in_(2100), answer_by: null, stage: "running", recording: false, ...wish,
  };
}

const slots = (...parts) => parts.map(([from, until, ...persons]) => ({ from_at: in_((from - 0.5) * HOUR_S), until_at: in_((until - 0.5) * HOUR_S), persons, nobody: persons.length === 0 }));
const REACH = () => [
  { committee_id: COMMITTEE, unit_id: randomUUID(), unit: "Hemtjänsten Centrum", chain: "Omsorg, natt", slots: slots([0, 72, "Karin Öberg", "Åsa Wretman", "Jonas Ekdahl"]) },
  { committee_id: COMMITTEE, unit_id: randomUUID(), unit: "Hemtjänsten Norr", chain: "Omsorg, natt", slots: slots([0, 3, "Karin Öberg", "Eva Nyström"], [3, 5, "Eva Nyström"], [5, 6.6], [6.6, 72, "Eva Nyström", "Li Wei"]) },
  { committee_id: COMMITTEE, unit_id: null, unit: "Boendestöd", chain: null, slots: slots([0, 72]) },
];

const inHand = (world, user) => [...world.values()].filter(({ view }) => view.state === "acknowledged" && view.owner?.user_id === user).length;

function counted(state, world) {
  const views = [...world.values()].map(({ view }) => view);
  const lately = views.filter((view) => view.purpose === "real" && Date.now() - Date.parse(view.opened_at) < 600_000).length;
  const each = lately / Math.max(1, state.seats.length);
  const seats = state.seats.map((one) => ({ ...one, load: inHand(world, one.user_id), alarms_10_min: inHand(world, one.user_id) }));
  return { at: iso(Date.now()), seats, opened_10_min: lately, untaken: views.filter((view) => view.state === "open").length, per_operator: each, flood: each > 10, ...state.picture };
}

const done = { status: 204 };
const refused = (status, reason, fields = {}) => ({ status, body: { reason, detail: "", fields } });

/** The answer to a request about the house, or null where it is none of these. */
export function houseAnswer(state, method, path, body, world, me) {
  if (path === "/api/desk/picture") return { status: 200, body: counted(state, world) };
  if (path === "/api/desk") return ofDesk(state, method, world, me);
  if (path.startsWith("/api/handovers")) return ofHandovers(state, method, path, body, world, me);
  if (path.startsWith("/api/sessions")) return ofSessions(state, method, path, body);
  if (path === "/api/reach") return { status: 200, body: REACH() };
  if (path === "/api/places") return { status: 200, body: [{ id: randomUUID(), committee_id: COMMITTEE, name: "Björkgatan 7", address: "Björkgatan 7", risk: "evident", no_signal_at: null }] };
  if (path.startsWith("/api/pool")) return ofPool(state, path, body);
  return null;
}

function ofDesk(state, method, world, me) {
  if (method === "GET") return { status: 200, body: state.seats.map((one) => ({ ...one, seen_at: in_(-4), load: inHand(world, one.user_id) })) };
  state.seats = state.seats.filter((one) => one.user_id !== me.user_id);
  if (method === "POST") state.seats.push(seat(me, 0));
  return done;
}

function ofHandovers(state, method, path, body, world, me) {
  if (method === "GET") return { status: 200, body: state.handovers };
  const [, id] = /^\/api\/handovers\/([^/]+)\/sign$/.exec(path) ?? [];
  if (id) {
    const list = state.handovers.find((one) => one.id === id);
    if (!list) return refused(404, "not_found");
    if (list.signed_by.includes(me.user_id)) return refused(409, "signed");
    list.signed_by = [...list.signed_by, me.user_id];
    if (list.signed_by.length === 2) state.handovers = state.handovers.filter((one) => one !== list);
    return done;
  }
  const cases = [...world.values()].map(({ view }) => view).filter((view) => view.state !== "stood_down").sort((a, b) => a.gravity - b.gravity)
    .map((view) => ({ incident_id: view.id, kind: view.kind, gravity: view.gravity, state: view.state, person: view.person?.name ?? null, opened_at: view.opened_at }));
  const to = state.seats.find((one) => one.user_id === body.to);
  const made = { id: randomUUID(), made_at: iso(Date.now()), from_user_id: me.user_id, from_user: me.name, to_user_id: to?.user_id ?? null, to_user: to?.name ?? null, signed_by: [], cases };
  state.handovers = [made, ...state.handovers];
  return { status: 201, body: { handover_id: made.id } };
}

function ofSessions(state, method, path, body) {
  if (path === "/api/sessions" && method === "GET") return { status: 200, body: state.sessions };
  if (path === "/api/sessions") {
    const who = PERSONS.findIndex((one) => one.id === body.person_id);
    if (state.sessions.some((one) => one.person_id === body.person_id)) return refused(409, "session_runs");
    const { purpose, ends_at, memo } = body;
    state.sessions = [...state.sessions, session(who, { purpose, ends_at, memo, started_at: iso(Date.now()), place: null })];
    return { status: 201, body: { session_id: state.sessions.at(-1).id } };
  }
  const [, person, what] = /^\/api\/sessions\/([^/]+)\/(\w+)$/.exec(path) ?? [];
  const one = state.sessions.find((some) => some.person_id === person);
  if (!one) return refused(404, "not_found");
  if (what === "welfare" && one.stage === "welfare") return refused(409, "welfare_asked");
  if (what === "welfare") Object.assign(one, { stage: "welfare", answer_by: in_(60) });
  else state.sessions = state.sessions.filter((some) => some !== one);
  return done;
}

function ofPool(state, path, body) {
  if (path === "/api/pool") return { status: 200, body: state.pool };
  const one = state.pool.find((row) => row.tag === body.tag);
  if (!one) return refused(409, "not_in_pool");
  if (path === "/api/pool/check-in") {
    if (!one.loan) return refused(409, "returned");
    one.loan = null;
    return done;
  }
  if (one.loan) return refused(409, "lent");
  if (one.battery_pct < 20) return refused(409, "gate", { battery_low: String(one.battery_pct) });
  const person = PERSONS.find((some) => some.id === body.person_id);
  one.loan = { person_id: person.id, person: person.name, out_at: iso(Date.now()), due_back_at: body.due_back };
  return { status: 201, body: { loan_id: randomUUID() } };
}
