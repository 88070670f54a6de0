// The stand-in's ways out, centres, texts and contact points: what they answer, and a test that comes back by and by.
import { randomUUID } from "node:crypto";
import { COMMITTEE, PERSONS } from "./world.mjs";

const iso = (ms) => new Date(ms).toISOString();
const ago = (s) => iso(Date.now() - s * 1000);
const KINDS = ["panic", "duress", "hold_up", "fall"];
const MEDIA = ["push", "sms", "voice", "mail", "teams", "webhook", "pager"];
const TITLED = ["push", "mail", "teams", "webhook"];
const TEXT_MS = 900; // how long a made-up provider takes

const figures = (tries, lost) => ({ tries, lost, lost_pct: (100 * lost) / tries, p50_ms: 40, p95_ms: 340, p99_ms: 900, worst_ms: 2100 });
const PROVIDERS = [
  ["apns", "apns", { host: "api.push.apple.com", port: "443", topic: "se.example.larm" }], ["fcm", "fcm", {}], ["46elks", "sms", { endpoint: "https://api.46elks.com/a1/sms", sender: "Larm" }],
  ["smpp", "sms", { host: "smsc.example", port: "2775", tls: "True" }], ["twilio", "voice", { number: "+46980319203" }], ["mail", "mail", { host: "mail.example", tls: "starttls" }],
  ["pager", "pager", { character_set: "latin1", text_limit: "80" }],
];

export function ways() {
  const points = new Map(PERSONS.slice(0, 4).map((p, i) => [p.id, [
    point(p, "apns", null, 0, { health: "reached", last_reached_at: ago(60), verified_at: ago(9000), proof: "push" }),
    point(p, "sms", `+4670174061${i}`, 1, { proof: "code", ...(i === 1 ? { health: "failing", last_failed_at: ago(300), last_failed_why: "no_answer" } : {}) }),
    point(p, "pager", `30${i}`, 2, { proof: "seen", label: "Natt" }),
    ...(i === 2 ? [point(p, "fcm", null, 3, { proof: "push", health: "retired", retired_at: ago(4000), retired_why: "UNREGISTERED" })] : []),
  ]]));
  const centre = { name: "larmbolaget", label: "Larmbolaget", telephone: "0980-319 201", in_test: false, test_until: null, test_changed_at: null, test_changed_by: null };
  return { points, messages: new Map(), rows: new Map(), texts: [], centre, dead: [] };
}

function point(person, channel, address, rank, wish = {}) {
  return {
    id: randomUUID(), committee_id: COMMITTEE, person_id: person.id, person: person.name, channel, address, label: null, rank, made_at: ago(90_000), proof: "code", verified_at: null,
    health: "never_reached", last_reached_at: null, last_failed_at: null, last_failed_why: null, retired_at: null, retired_why: null, ...wish,
  };
}

const rendered = (body, title = null) => {
  const filled = body.replace("{kind}", "Fall").replace("{subject}", "Anna Lindqvist").replace("{place}", "Kyrkogatan 15").replace("{advice}", "Ring inte upp.");
  return { title, body: filled, counted: filled.length, most: 160, unit: "septets", title_counted: title && title.length, title_most: title && 120 };
};

function complaints({ body, silent }) {
  const found = [];
  for (const [, name] of body.matchAll(/\{(\w+)\}/g)) if (!["kind", "subject", "place", "time", "lateness", "advice"].includes(name)) found.push({ fault: "unknown_placeholder", part: "body", fields: { name } });
  if (silent && !body.includes("{advice}")) found.push({ fault: "advice_missing", part: "body", fields: {} });
  if (rendered(body).counted > 160) found.push({ fault: "too_long", part: "body", fields: { counted: String(rendered(body).counted), most: "160", unit: "septets" } });
  return found;
}

const proposal = (kind, silent) => ({ kind, silent, version: 0, event_code: silent ? "HA" : "PA", sia: silent ? "HA" : "PA", cid: "120", area: "", section: "", detector: "", section_text: "{place}", detector_text: "{person}", text: "{kind} kl. {time}\n{person}", why: "manual panic", made_at: null, made_by: null, signed: null, complaints: [] });
const rowKey = (kind, silence) => `${kind}/${silence === "silent"}`;
const rowOf = (state, kind, silence) => state.rows.get(rowKey(kind, silence)) ?? proposal(kind, silence === "silent");
const faults = (row) => (/^[A-Z]{2}$/.test(row.sia) ? [] : [{ fault: "code_form", field: "sia", path: "secondary", fields: {} }]);

/** Files a test; it is under way at first, then taken, then delivered where there are receipts. */
function tried(state, wish) {
  const id = randomUUID();
  state.messages.set(id, { at: Date.now(), view: { id, kind: "test", channel: "sms", point_id: null, receiver: null, asked_at: iso(Date.now()), state: "pending", settled_at: null, tries: 0, provider: null, seconds: null, reason: "", answer: "", ...wish } });
  return { message_id: id };
}

function looked(one) {
  const past = Date.now() - one.at;
  if (past < TEXT_MS) return one.view;
  const by = one.view.kind === "receiver_test" ? { provider: "receiver:larmbolaget", answer: "primary: 0 OK" } : { provider: "46elks", answer: '200 {"status": "created"}' };
  return { ...one.view, ...by, tries: 1, seconds: 0.042, state: past > 2 * TEXT_MS && one.view.channel === "sms" ? "delivered" : "sent", settled_at: iso(one.at + TEXT_MS) };
}

const no = (status, reason, fields = {}) => ({ status, body: { reason, detail: "", fields } });
const ok = (body, status = 200) => ({ status, body });

/** The answer to a request under /api that is about ways out; null for any other. */
export function waysAnswer(state, method, path, query, body, views) {
  const parts = path.split("/").slice(2);
  const all = [...state.points.values()].flat();
  switch (parts[0]) {
    case "ways-out":
      return ok({ server_time: iso(Date.now()), dead_channels: state.dead, ways: [...PROVIDERS.map(([provider, channel]) => wayOf(provider, channel, null, state)), wayOf("receiver:larmbolaget", "receiver", "larmbolaget", state)] });
    case "channels":
      if (method === "POST") return ok(tried(state, { channel: parts[1], point_id: body.point_id }), 201);
      return ok([...new Set([...PROVIDERS.map(([, c]) => c), "teams"])].map((channel) => ({ channel, providers: PROVIDERS.filter(([, c]) => c === channel).map(([provider, , facts]) => ({ provider, facts })), proven: 2, unproven: 3, failing: 1, retired: 0, last_test: null })));
    case "service-messages": {
      const one = state.messages.get(parts[1]);
      return one ? ok(looked(one)) : no(404, "not_found");
    }
    case "forwarders":
      return forwarders(state, method, parts.slice(1), query, body);
    case "templates":
      return templates(state, method, parts[1], body);
    case "points":
      if (method === "GET") return ok(all.filter((p) => p.verified_at === null || p.health !== "reached"));
      return onePoint(state, method, parts[1], parts[2], body);
    case "persons":
      return parts[2] === "points" ? pointsOf(state, parts[1], method, parts[3], body) : null;
    case "me":
      if (parts[1] !== "points") return null;
      return parts[2] && parts[2] !== "order" ? onePoint(state, method, parts[2], parts[3], body) : pointsOf(state, PERSONS[0].id, method, parts[2], body);
    case "incidents":
      return parts[2] === "card" && views.has(parts[1]) ? ok(card(views.get(parts[1]))) : null;
    default:
      return null;
  }
}

function wayOf(provider, channel, receiver, state) {
  const dead = state.dead.includes(channel);
  const minutes = [50, 31, 12, 3].map((m, i) => ({ minute: iso(Math.floor(Date.now() / 60_000) * 60_000 - m * 60_000), figures: figures(4 + i * 3, dead && i === 3 ? 9 : i % 2) }));
  return {
    provider, channel, receiver, state: dead ? "dead" : provider === "mail" ? "slow" : provider === "pager" ? "unknown" : "alive", since: provider === "pager" ? null : ago(600), reason: dead || provider === "mail" ? "no answer in time" : "",
    last_good_at: provider === "pager" ? null : ago(9), last_bad_at: null, answered_at: null, processes: 1, say_dead: dead ? 1 : 0, in_line: 0, waiting: dead ? 3 : 0, oldest_at: dead ? ago(7) : null,
    next_due_at: dead ? iso(Date.now() + 20_000) : null, last_due_at: null, hour: provider === "pager" ? null : figures(34, 2), minutes: provider === "pager" ? [] : minutes,
  };
}

function forwarders(state, method, [name, what, kind, silence, act], query, body) {
  const { centre } = state;
  const signed = KINDS.flatMap((k) => ["open", "silent"].map((s) => rowOf(state, k, s))).filter((row) => row.signed).length;
  const beat = (path) => ({ path, every_s: 60, tried_at: ago(8), heard_at: path === "primary" ? ago(8) : ago(400), missed: path === "primary" ? 0 : 3, words: path === "primary" ? "0 OK: heard" : "no answer" });
  if (!name) return ok([{ ...centre, unsigned: KINDS.length * 2 - signed, paths: ["primary", "secondary"].map((p) => ({ name: p, speaks: "sos_access", character_set: "latin1", beat: beat(p) })).concat({ name: "number", speaks: "number", character_set: "latin1", beat: null }) }]);
  if (what === "test-state") return Object.assign(centre, { in_test: body.until !== null, test_until: body.until }), ok(undefined, 204);
  if (!kind) return ok(KINDS.flatMap((k) => ["open", "silent"].map((s) => rowOf(state, k, s))));
  const row = rowOf(state, kind, silence);
  const key = rowKey(kind, silence);
  if (act === "dry-run") {
    const said = { ...row, ...body };
    return ok({ complaints: faults(said), paths: ["primary", "secondary"].map((path) => ({ path, text: `<alarmrequest>\n<eventcode>${said.event_code}</eventcode>\n<alarmtype>${query.get("over") === "true" ? "RE" : "AL"}</alarmtype>\n</alarmrequest>`, notes: path === "primary" ? [] : ["goes out encrypted"] })) });
  }
  if (act === "test") return centre.in_test ? ok(tried(state, { kind: "receiver_test", channel: "receiver", receiver: name }), 201) : no(409, "not_in_test_state");
  if (act === "sign") return state.rows.set(key, { ...row, signed: { signed_at: iso(Date.now()), signed_by: "u", tested_at: iso(Date.now()), path: "primary", note: body.note ?? "" } }), ok(undefined, 204);
  if (method === "DELETE") return state.rows.delete(key), ok(undefined, 204);
  if (faults({ ...row, ...body }).length > 0) return no(409, "complaints");
  state.rows.set(key, { ...row, ...body, version: (body.version ?? 0) + 1, signed: null });
  return ok({ version: (body.version ?? 0) + 1 });
}

function templates(state, method, what, body) {
  if (what === "preview") return ok({ complaints: complaints(body), rendered: complaints(body).some((c) => c.fault === "unknown_placeholder") ? null : rendered(body.body, body.title ?? null) });
  if (method === "DELETE") return (state.texts = state.texts.filter((t) => t.id !== what)), ok(undefined, 204);
  if (method === "PUT") {
    if (complaints(body).length > 0) return no(409, "complaints");
    state.texts.push({ id: randomUUID(), kind: null, silent: false, language: "sv", title: null, ...body, version: (body.version ?? 0) + 1, made_at: iso(Date.now()), made_by: "Sofia", rendered: rendered(body.body, body.title ?? null) });
    return ok({ version: 1 });
  }
  const own = MEDIA.flatMap((medium) => [false, true].flatMap((silent) => ["sv", "en"].map((language) => ({ medium, silent, language, rendered: rendered(`${silent ? "TYST LARM: " : ""}{kind}. {subject}, {place}.`, TITLED.includes(medium) ? "Fall" : null) }))));
  return ok({ placeholders: ["kind", "subject", "place", "time", "advice"].map((name) => ({ name, sample: name })), own, kept: state.texts });
}

function pointsOf(state, person, method, what, body) {
  const list = state.points.get(person) ?? [];
  if (method === "GET") return ok(list);
  if (what === "order") {
    body.ids.forEach((id, rank) => Object.assign(list.find((p) => p.id === id), { rank }));
    return ok(undefined, 204);
  }
  if (body.channel === "sms" && !body.address.startsWith("+")) return no(422, "invalid", { address: "not_a_number" });
  const about = PERSONS.find((p) => p.id === person);
  state.points.set(person, [...list, { ...point(about, body.channel, body.address, list.length, { proof: body.channel === "sms" ? "code" : "seen" }), id: body.id, label: body.label || null }]);
  return ok({ id: body.id }, 201);
}

function onePoint(state, method, id, act, body) {
  const [person, list] = [...state.points].find(([, points]) => points.some((p) => p.id === id)) ?? [];
  if (!list) return no(404, "not_found");
  const one = list.find((p) => p.id === id);
  switch (act) {
    case "test": return ok(tried(state, { channel: one.channel, point_id: id }), 201);
    case "seen": return (one.verified_at = iso(Date.now())), ok(undefined, 204);
    case "proof":
      if (method === "POST") return ok({ message_id: randomUUID(), by: one.proof, expires_at: iso(Date.now() + 600_000) }, 201);
      if (body.code !== "123456") return no(409, "wrong_code", { left: "4" });
      return (one.verified_at = iso(Date.now())), ok(undefined, 204);
    default:
      state.points.set(person, list.filter((p) => p !== one));
      return ok({ left: list.length - 1 });
  }
}

function card({ view, timeline }) {
  const person = view.person;
  const calls = timeline.filter((e) => e.kind === "sos_call").map((e) => ({ what: e.detail.what, text: e.detail.text ?? "", at: e.at, by: e.by.name }));
  return {
    incident_id: view.id, number: "7KQ2-M9XD", purpose: view.purpose, state: view.state, kind: view.kind, silent: view.silent, opened_at: view.opened_at, lateness_s: view.lateness_s, centre: "Älvmårdens kommun", call_back: "0980-319 200",
    person: { name: person?.name ?? null, unit: person?.unit ?? null, employer: null, device: view.device?.label ?? "", phone: view.silent ? null : (person?.phone ?? null), do_not_ring: view.silent },
    place: { name: "Kvarngården", address: "Kvarngatan 2", floor: "3 tr", door_code: "1947", danger: "Hund i lägenheten", risk: "raised", ground: null, lat: null, lon: null },
    position: view.position && { lat: view.position.lat, lon: view.position.lon, accuracy_m: view.position.accuracy_m, age_s: 30, valid: true },
    responders: view.responders.map((r) => ({ name: r.name, state: r.state, since: r.since })), centres: [{ receiver: "larmbolaget", state: "took", at: view.opened_at }], calls,
    scripts: [{ language: "sv", kind: "Fall", sentences: ["Det här är larmcentralen.", "Ni når oss på 0980-319 200."] }, { language: "en", kind: "Fall", sentences: ["This is the alarm centre.", "You reach us on 0980-319 200."] }],
  };
}
