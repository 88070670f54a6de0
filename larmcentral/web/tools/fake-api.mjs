// A stand-in for the server: serves dist and the API with scripted incidents. For development and browser tests only.
//   node tools/fake-api.mjs [--port 8090] [--scene working|empty|one|flood|trouble|outage|thousands] [--dist FOLDER]
// Tests steer it with POST /fake/<what>; see `steer`.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { house, houseAnswer } from "./fake/desk.mjs";
import { FLOOR, closingDetail, incidentAnswer, inside, whereabouts } from "./fake/incident.mjs";
import { orders, ordersAnswer } from "./fake/orders.mjs";
import { serveTiles } from "./fake/tiles.mjs";
import { ways, waysAnswer } from "./fake/ways.mjs";
import { DEVICES, ME, PERSONS, UNKNOWN, incident, scene } from "./fake/world.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "8090" }, scene: { type: "string", default: "working" }, dist: { type: "string" } } });
const DIST = values.dist ?? fileURLToPath(new URL("../dist/", import.meta.url));
const CSP = "default-src 'self'; img-src 'self' data:; connect-src 'self'; style-src 'self'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".json": "application/json" };

let world, cursor, system, sessions, mood, me, out, asked, rooms, storm, within;
const listeners = new Set();
const log = [];

function reset(name) {
  const { incidents, system: alarms } = scene(name, Date.now());
  world = new Map(incidents.map((i) => [i.view.id, i]));
  system = alarms;
  cursor = 1;
  me = { ...ME };
  out = ways();
  asked = orders();
  within = inside();
  rooms = house(ME);
  clearInterval(storm);
  sessions = new Map();
  mood = { silent: false, down: false, ready: true, slowMs: 0, refuse: null };
  log.length = 0;
  for (const response of listeners) response.end();
  listeners.clear();
}
reset(values.scene);

const frame = (event, body, id) => `event: ${event}\n${id ? `id: ${id}\n` : ""}data: ${body === null ? "" : JSON.stringify(body)}\n\n`;
const tell = (text) => mood.silent || listeners.forEach((response) => response.write(text));
const tick = () => frame("tick", { server_time: new Date().toISOString(), ready: mood.ready });
setInterval(() => tell(tick()), 2000);

/** Changes an incident, writes its account, tells everybody. */
function change(one, fields, kind, by, detail = {}) {
  Object.assign(one.view, fields, { version: one.view.version + 1 });
  const entry = { seq: one.timeline.length + 1, at: new Date().toISOString(), kind, by, detail, hash: randomUUID().replaceAll("-", "") };
  one.timeline.push(entry);
  cursor += 1;
  tell(frame("incident", { incident: one.view, entries: [entry] }, String(cursor)));
  return one.view;
}

const operator = { kind: "operator", name: ME.name };
/** Whoever logs in as lars is a second operator; all others are the first. */
const LARS = { user_id: "b0000000-0000-7000-8000-000000000002", name: "Lars Ek" };
const whoIs = (login) => (login === "lars" ? { ...me, ...LARS } : me);
const now = () => new Date().toISOString();
const in_ = (s) => new Date(Date.now() + s * 1000).toISOString();

const COMMANDS = {
  acknowledge(one, _, { user_id, name } = ME) {
    const by = { user_id, name };
    if (one.view.owner) return problem(409, "taken", { name: one.view.owner.name });
    const next = { what: "lapse", due_at: in_(120), step: null, targets: [] };
    return change(one, { state: "acknowledged", owner: by, acknowledged_at: now(), next }, "acknowledged", { kind: "operator", name: by.name });
  },
  escalate(one) {
    const step = Math.min(one.view.step + 1, one.view.steps - 1);
    const next = { what: "next_step", due_at: in_(60), step: step + 1 < one.view.steps ? step + 1 : null, targets: ["Securitas Väst"] };
    return change(one, { step, next }, "escalated_now", operator);
  },
  "sos-call": (one, body) => change(one, {}, "sos_call", operator, { what: body.what, ...(body.text ? { text: body.text } : {}) }),
  note: (one, body) => change(one, {}, "note", operator, { text: body.text }),
  shown: (one) => (one.view.shown_at ? one.view : change(one, { shown_at: now() }, "shown", operator)),
  "stand-down": (one, body) =>
    change(one, { state: "stood_down", stood_down_at: now(), outcome: body.outcome, next: null, responders: one.view.responders.map((r) => ({ ...r, state: "released" })) }, "stood_down", operator, { outcome: body.outcome, ...(body.note ? { note: body.note } : {}), ...closingDetail(body) }),
};

const problem = (status, reason, fields = {}) => ({ status, body: { reason, detail: "", fields } });

/** What tests may do to the world. */
function steer(what, body) {
  switch (what) {
    case "reset": reset(body.scene ?? "working"); return {};
    case "alarm": { const one = incident(Date.now(), { agoS: 0, ...body }); world.set(one.view.id, one); cursor += 1; tell(frame("incident", { incident: one.view, entries: one.timeline }, String(cursor))); return { id: one.view.id }; }
    case "take": return COMMANDS.acknowledge(world.get(body.id), null, { user_id: randomUUID(), name: body.name });
    case "system": system = body.alarms.map((a) => ({ id: randomUUID(), incident_id: null, step: null, raised_at: now(), ...a })); tell(frame("system", { system_alarms: system })); return {};
    case "mood": Object.assign(mood, body); if (body.down) { listeners.forEach((r) => r.end()); listeners.clear(); } return {};
    case "resync": tell(frame("resync", null)); return {};
    case "house": Object.assign(rooms, body); return {};
    case "storm": return blow(body);
    case "me": Object.assign(me, body); return me;
    case "ways": Object.assign(out, body); return {};
    case "inside": Object.assign(within, body); return {};
    case "log": return log;
    default: return {};
  }
}

/** per_s changes a second of what lies open, until the world is reset; opens: one in so many is a new alarm. */
function blow({ per_s, opens = 0 }) {
  clearInterval(storm);
  let turn = 0;
  const open = [...world.values()];
  storm = per_s > 0 && setInterval(() => {
    turn += 1;
    if (opens > 0 && turn % opens === 0) return steer("alarm", { who: turn % 12, kind: "lost_contact" });
    const one = open[(turn * 7919) % open.length];
    change(one, { lateness_s: turn % 90 }, "notice_delivered", { kind: "system", name: null }, { channel: "sms" });
  }, 1000 / per_s);
  return {};
}

async function answer(request, response, url) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
  const send = (status, value, headers = {}) => {
    response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", "X-Larm": "1", ...headers });
    response.end(value === undefined ? "" : JSON.stringify(value));
  };
  const path = url.pathname;
  if (path.startsWith("/fake/")) return send(200, steer(path.slice(6), body));
  log.push(`${request.method} ${path}`);
  if (mood.down) return response.destroy();
  if (mood.slowMs && request.method !== "GET") await new Promise((go) => setTimeout(go, mood.slowMs));
  if (request.method !== "GET" && request.headers["x-larm"] !== "1") return send(403, problem(403, "forbidden").body);
  if (path === "/api/session" && request.method === "POST") {
    if (body.password !== "natt") return send(401, problem(401, "log_in").body);
    const id = randomUUID();
    sessions.set(id, body.login);
    return send(200, whoIs(body.login), { "Set-Cookie": `larm=${id}; HttpOnly; SameSite=Strict; Path=/` });
  }
  const id = /larm=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
  if (!sessions.has(id)) return send(401, problem(401, "log_in").body);
  if (path === "/api/session") { sessions.delete(id); return send(204); }
  const asking = whoIs(sessions.get(id));
  if (path === "/api/me") return send(200, asking);
  const dealt = /^\/api\/system-alarms\/([^/]+)\/dealt-with$/.exec(path)?.[1];
  if (dealt) {
    system = system.filter((alarm) => alarm.id !== dealt);
    tell(frame("system", { system_alarms: system }));
    return send(204);
  }
  const housed = houseAnswer(rooms, request.method, path, body, world, asking);
  if (housed) return send(housed.status, housed.body);
  const told = waysAnswer(out, request.method, path, url.searchParams, body, world);
  if (told) return send(told.status, told.body);
  const said = ordersAnswer(asked, request.method, path, body, world);
  if (said) return send(said.status, said.body);
  if (/^\/api\/places\/[^/]+\/plan$/.test(path)) return response.writeHead(200, { "Content-Type": "image/svg+xml" }).end(FLOOR);
  const of = mood.refuse && request.method !== "GET" ? null : incidentAnswer(within, request.method, path, body, world, change, asking, rooms.seats);
  if (of) return send(of.status, of.body);
  if (path === "/api/persons") return send(200, PERSONS.map((p) => ({ id: p.id, name: p.name, committee_id: ME.committees[0].id, unit: p.unit })));
  if (path === "/api/devices") return send(200, DEVICES(Date.now()));
  if (path === "/api/unknown-input") return send(200, UNKNOWN(Date.now()));
  if (path === "/api/incidents") return send(200, { cursor: String(cursor), server_time: now(), incidents: [...world.values()].map((i) => i.view).filter((v) => v.state !== "stood_down"), system_alarms: system });
  if (path === "/api/drills") {
    const one = incident(Date.now(), { who: PERSONS.findIndex((p) => p.id === body.person_id), kind: body.kind, agoS: 0, purpose: "drill" });
    world.set(one.view.id, one);
    cursor += 1;
    tell(frame("incident", { incident: one.view, entries: one.timeline }, String(cursor)));
    return send(200, { incident_id: one.view.id });
  }
  if (path === "/api/feed") {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(mood.silent ? ":\n\n" : tick() + frame("system", { system_alarms: system }));
    const after = Number(request.headers["last-event-id"] ?? url.searchParams.get("after") ?? 0);
    if (after < cursor && !mood.silent) response.write(frame("resync", null));
    listeners.add(response);
    return response.on("close", () => listeners.delete(response));
  }
  const [, incidentId, command] = /^\/api\/incidents\/([^/]+)(?:\/([^/]+)(?:\/[^/]+)?)?$/.exec(path) ?? [];
  const one = world.get(incidentId);
  if (!one) return send(404, problem(404, "not_found").body);
  if (!command) return send(200, { incident: one.view, timeline: one.timeline, signals: one.signals, notices: one.notices, trail: one.trail, ...whereabouts(within, one) });
  if (mood.refuse && command !== "shown") return send(409, problem(409, mood.refuse.reason, mood.refuse.fields).body);
  if (one.view.state === "stood_down") return send(409, problem(409, "stood_down").body);
  const result = COMMANDS[command]?.(one, body, asking) ?? problem(404, "not_found");
  return result.status ? send(result.status, result.body) : send(200, result);
}

async function file(response, path) {
  const name = normalize(path === "/" || !extname(path) ? "/index.html" : path);
  try {
    const content = await readFile(join(DIST, name));
    response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff" });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (serveTiles(request, response, url.pathname)) return;
  const work = /^\/(api|fake)\//.test(url.pathname) ? answer(request, response, url) : file(response, url.pathname);
  work.catch((error) => { process.stderr.write(`${error.stack}\n`); response.destroy(); });
});
server.listen(Number(values.port), "127.0.0.1", () => process.stdout.write(`listening on ${server.address().port}\n`));
