// What the stand-in server answers about words down to devices and commissioning sheets.
import { randomUUID } from "node:crypto";

const iso = (ms) => new Date(ms).toISOString();

/** What was asked of devices, by incident, and the sheets that were written, by device. */
export const orders = () => ({ words: new Map(), sheets: new Map() });

/** The answer to a request about devices, or null where it is none of these. */
export function ordersAnswer(out, method, path, body, world) {
  const [, incident, device, what] = /^\/api\/incidents\/([^/]+)\/devices(?:\/([^/]+)\/([^/]+))?$/.exec(path) ?? [];
  if (incident) return ofIncident(out, method, world.get(incident), device, what, body);
  const [, sheetOf, send] = /^\/api\/devices\/([^/]+)\/commissioning(\/send)?$/.exec(path) ?? [];
  return sheetOf ? ofSheet(out, method, sheetOf, Boolean(send), body) : null;
}

function ofIncident(out, method, one, device, what, body) {
  if (!one) return refused(404, "not_found");
  const words = out.words.get(one.view.id) ?? [];
  if (method === "GET") {
    const over = one.view.state === "stood_down" ? "stood_down" : null;
    const from = one.view.device;
    if (!from?.id) return { status: 200, body: [] };
    const call = over ?? (one.view.silent ? "silent_incident" : null);
    const locate = over ?? (one.view.silent && !out.sheets.get(from.id)?.quiet_locate ? "locate_may_show" : null);
    return { status: 200, body: [{ device_id: from.id, label: from.label ?? from.account, protocol: from.protocol, locate_refused: locate, call_back_refused: call, words }] };
  }
  if (what === "call-back" && String(body.number).replace(/\D/g, "").length < 7) return refused(422, "invalid", { number: "not_a_number" });
  const filed = said(what === "locate" ? "locate" : "call_back", body.number ?? null);
  out.words.set(one.view.id, [filed, ...words]);
  return { status: 201, body: { order_id: filed.id } };
}

function ofSheet(out, method, device, send, body) {
  const empty = { sos_numbers: null, fall_detection: null, fall_calls: null, in_utc: null, report_every_s: null, note: "", quiet_locate: false, changed_at: null, changed_by: null, said: [] };
  const sheet = out.sheets.get(device) ?? empty;
  if (method === "PUT") {
    out.sheets.set(device, { ...sheet, ...body, changed_at: iso(Date.now()), changed_by: "Eva" });
    return { status: 204 };
  }
  if (send) {
    out.sheets.set(device, { ...sheet, said: [said("commission", null), ...sheet.said] });
    return { status: 201, body: { order_id: randomUUID() } };
  }
  const by_hand = sheet.in_utc === null ? [] : ["in_utc"];
  return { status: 200, body: { device_id: device, label: "Larmklocka", protocol: "watch", can: ["fall_calls", "fall_detection", "report_every_s", "sos_numbers"], by_hand, ...sheet } };
}

const WAITS_MS = { commission: 7 * 86_400_000 };
const said = (kind, number) => ({ id: randomUUID(), kind, state: "waiting", filed_at: iso(Date.now()), expires_at: iso(Date.now() + (WAITS_MS[kind] ?? 900_000)), sent_at: null, answered_at: null, answer: null, placed_at: null, unsaid: null, number, by: "Eva" });
const refused = (status, reason, fields = {}) => ({ status, body: { reason, detail: "", fields } });
