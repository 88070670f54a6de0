// A made-up municipality and its incidents, for developing and testing the console without the server.
import { randomUUID } from "node:crypto";

export const COMMITTEE = "c0000000-0000-7000-8000-000000000001";
const GRAVITY = { panic: 1, duress: 1, hold_up: 1, medical: 2, man_down: 2, fall: 2, unspecified_alarm: 2, no_motion: 3, missed_check_in: 3, group_alarm: 2, overdue: 3, lost_contact: 3, low_battery: 4 };
const iso = (ms) => new Date(ms).toISOString();

const NAMES = [
  "Anna Lindqvist", "Björn Håkansson", "Karin Öberg", "Mohammed Al-Rashid", "Åsa Wretman Söderbäck", "Eva Nyström",
  "Margareta Christina af Klintberg-Oxenstierna", "Li Wei", "Jonas Ekdahl", "Fatima Yusuf", "Per-Olof Bergström-Dahlqvist", "Ida Holm",
];
const UNITS = ["Hemtjänsten Norr", "Hemtjänsten Centrum", "Boendestöd", "Ekonomiskt bistånd, mottagningen", "Myndighetsutövning barn och unga"];
const TEAMS = ["Natt 2", "Kväll 1", "Team Älven", "Reception", null];

export const PERSONS = NAMES.map((name, i) => ({
  id: `a0000000-0000-7000-8000-0000000000${String(i).padStart(2, "0")}`,
  name,
  unit: UNITS[i % UNITS.length],
  team: TEAMS[i % TEAMS.length],
  phone: i % 4 === 3 ? null : `070-174 06 ${String(10 + i)}`,
  employer: i === 6 ? "Trygg Bemanning Väst AB" : null,
}));

export const ME = {
  user_id: "b0000000-0000-7000-8000-000000000001",
  name: "Sofia Grahn",
  role: "operator",
  person_id: null,
  committees: [{ id: COMMITTEE, name: "Vård- och omsorgsnämnden" }],
  language: "sv",
};

const responder = (i, state, since, step) => ({ person_id: PERSONS[i].id, name: PERSONS[i].name, state, since: iso(since), step });

/** A whole incident with its account. wish overrides any field of the row. */
export function incident(now, { who = 0, kind = "panic", agoS = 20, detail = {}, ...wish } = {}) {
  const opened = now - agoS * 1000;
  const person = who === null ? null : PERSONS[who % PERSONS.length];
  const seed = (who ?? 5) * 7 + 3;
  const view = {
    id: randomUUID(),
    committee_id: COMMITTEE,
    version: 1,
    state: "open",
    purpose: "real",
    kind,
    gravity: GRAVITY[kind],
    silent: false,
    opened_at: iso(opened),
    event_at: iso(opened - 1400),
    lateness_s: 1.4,
    person,
    device: {
      id: person ? randomUUID() : null, protocol: person ? "watch" : "dc09", account: person ? `86472903${1000 + seed}` : "4711",
      label: person ? `Larmklocka ${10 + seed}` : null, model: person ? "Reachfar V48" : null,
      battery_pct: person ? (seed * 13) % 100 : null, last_seen_at: iso(opened),
    },
    position: {
      lat: 57.92 + (seed % 9) * 0.013, lon: 12.06 + (seed % 7) * 0.019, accuracy_m: 12 + (seed % 5) * 30,
      fix_at: iso(opened - 30_000), received_at: iso(opened), valid: true,
    },
    owner: null,
    acknowledged_at: null,
    shown_at: null,
    stood_down_at: null,
    outcome: null,
    next: { what: "next_step", due_at: iso(opened + 90_000), step: 1, targets: ["Team Älven", "desk"] },
    responders: [responder(1, "notified", opened + 300, 0), responder(5, "notified", opened + 300, 0)],
    step: 0,
    steps: 4,
    round: 1,
    system_faults: [], merged_into: null, held_s: 0, place: null,
    ...wish,
  };
  return { view, ...account(view, opened, detail) };
}

function account(view, opened, { long = 0 } = {}) {
  const timeline = [];
  const say = (ms, kind, by, detail = {}) =>
    timeline.push({ seq: timeline.length + 1, at: iso(ms), kind, by, detail, hash: randomUUID().replaceAll("-", "") });
  const system = { kind: "system", name: null };
  say(opened, "opened", system, { kind: view.kind });
  say(opened + 5, "step_begun", system, { step: "0", round: "1" });
  const notices = view.responders.flatMap((r, i) => {
    const channel = i % 3 === 2 ? "sms" : i % 2 === 0 ? "apns" : "fcm";
    const failed = i === 3;
    say(opened + 10 + i, "notice_filed", system, { person: r.person_id, channel, step: String(r.step) });
    say(opened + 60 + i * 40, failed ? "notice_failed" : "notice_delivered", system, { person: r.person_id, channel, ...(failed ? { reason: "device_unregistered" } : {}) });
    return [{
      id: randomUUID(), person: r.name, channel, state: failed ? "failed" : i === 1 ? "sent" : "delivered", step: r.step, round: 1, attempt: 1,
      filed_at: iso(opened + 10), sent_at: iso(opened + 45), delivered_at: failed || i === 1 ? null : iso(opened + 800 + i * 90), reason: failed ? "device_unregistered" : null,
    }];
  });
  notices.push({ id: randomUUID(), person: null, channel: "console", state: "delivered", step: 0, round: 1, attempt: 1, filed_at: iso(opened + 10), sent_at: iso(opened + 12), delivered_at: iso(opened + 30), reason: null });
  for (const r of view.responders) {
    const kind = { going: "on_the_way", on_site: "arrived", declined: "declined", acknowledged: "acknowledged" }[r.state];
    if (kind) say(Date.parse(r.since), kind, { kind: "responder", name: r.name });
  }
  if (view.owner) say(Date.parse(view.acknowledged_at), "acknowledged", { kind: "operator", name: view.owner.name });
  for (let i = 0; i < long; i++) {
    if (i % 5 === 4) say(opened + 2000 + i * 900, "note", { kind: "operator", name: "Karin Öberg" }, { text: i % 2 ? "Ringde gruppen, ingen svarade. Försöker igen om en minut." : "Hör röster i bakgrunden. En man, upprörd. Portkod 1947, tre trappor, hund i lägenheten enligt hemtjänsten." });
    else say(opened + 2000 + i * 900, i % 7 === 3 ? "notice_failed" : "notice_sent", system, { person: PERSONS[i % 4].id, channel: "sms" });
  }
  timeline.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  timeline.forEach((entry, i) => (entry.seq = i + 1));
  const signals = [{
    id: randomUUID(), kind: view.kind, code: view.person ? "AL,00010000" : "NRI1/HA01", text: view.person ? null : "OVERFALL KASSA",
    event_at: view.event_at, sent_at: view.event_at, received_at: iso(opened - 8), buffered: view.lateness_s > 60 ? true : null, attempts: view.lateness_s > 60 ? 3 : 1,
    doubts: view.person ? [] : ["account_not_known"],
  }];
  const trail = view.position
    ? Array.from({ length: 9 }, (_, i) => ({ ...view.position, lat: view.position.lat - (9 - i) * 0.0006 - (i % 3) * 0.0002, lon: view.position.lon - (9 - i) * 0.0008, fix_at: iso(opened - (9 - i) * 40_000), received_at: iso(opened - (9 - i) * 40_000) }))
    : [];
  return { timeline, signals, notices, trail };
}

/** The scenes that screenshots and tests ask for by name. */
export function scene(name, now) {
  const working = () => [
    incident(now, { who: 0, kind: "panic", agoS: 34, silent: false, lateness_s: 242, event_at: iso(now - 276_000), responders: [responder(1, "going", now - 12_000, 0), responder(5, "notified", now - 33_000, 0), responder(7, "declined", now - 20_000, 0), responder(8, "notified", now - 33_000, 0)] }),
    incident(now, { who: 6, kind: "duress", agoS: 171, silent: true, round: 2, step: 3, system_faults: ["nobody_to_reach"], next: { what: "next_step", due_at: iso(now + 8000), step: null, targets: [] } }),
    incident(now, { who: 2, kind: "fall", agoS: 405, state: "acknowledged", owner: { user_id: ME.user_id, name: ME.name }, acknowledged_at: iso(now - 390_000), shown_at: iso(now - 403_000), step: 1, next: { what: "lapse", due_at: iso(now + 84_000), step: null, targets: [] }, responders: [responder(1, "on_site", now - 60_000, 0), responder(3, "going", now - 100_000, 1)], detail: { long: 12 } }),
    incident(now, { who: 4, kind: "medical", agoS: 903, state: "acknowledged", owner: { user_id: PERSONS[2].id, name: "Karin Öberg" }, acknowledged_at: iso(now - 880_000), shown_at: iso(now - 900_000), next: { what: "lapse", due_at: iso(now + 300_000), step: null, targets: [] } }),
    incident(now, { who: null, kind: "hold_up", agoS: 12, position: null, event_at: null, lateness_s: null, responders: [], step: 0, next: { what: "next_step", due_at: iso(now + 48_000), step: 1, targets: ["Securitas Väst"] } }),
    incident(now, { who: 9, kind: "missed_check_in", agoS: 62, device: null }),
    incident(now, { who: 11, kind: "panic", agoS: 140, purpose: "drill", state: "open" }),
    incident(now, { who: 3, kind: "unspecified_alarm", agoS: 30, purpose: "test", next: null, responders: [] }),
  ];
  const system = (fault, incidentId, step) => ({ id: randomUUID(), fault, incident_id: incidentId, step, raised_at: iso(now - 90_000) });
  switch (name) {
    case "empty": return { incidents: [], system: [] };
    case "one": return { incidents: [incident(now, { who: 0, kind: "panic", agoS: 8 })], system: [] };
    case "flood": {
      const kinds = Object.keys(GRAVITY);
      const incidents = Array.from({ length: 40 }, (_, i) => incident(now, { who: i % 12, kind: kinds[(i * 5) % 9], agoS: 10 + i * 37, silent: i % 11 === 4, ...(i % 3 === 0 ? { state: "acknowledged", owner: { user_id: PERSONS[2].id, name: NAMES[i % 12] }, acknowledged_at: iso(now - 5000), shown_at: iso(now - 6000) } : {}), detail: { long: i < 3 ? 200 : 0 } }));
      return { incidents, system: [] };
    }
    case "outage": {
      const lost = (i) => incident(now, { who: i, kind: "lost_contact", agoS: 20 + i * 3, place: i % 3 === 0 ? "Björkgatan 7" : "Solgården", owner: null, responders: [] });
      const fleet = (i) => incident(now, { who: null, kind: "low_battery", agoS: 5 + i, place: "Solgården", responders: [], position: null });
      const calls = [incident(now, { who: 3, kind: "panic", agoS: 44 }), incident(now, { who: 5, kind: "fall", agoS: 30 }), incident(now, { who: 7, kind: "lost_contact", agoS: 31, place: "Solgården", silent: true })];
      return { incidents: [...calls, ...Array.from({ length: 24 }, (_, i) => lost(i)), ...Array.from({ length: 9 }, (_, i) => fleet(i))], system: [] };
    }
    case "thousands": {
      const kinds = Object.keys(GRAVITY);
      return { incidents: Array.from({ length: 5000 }, (_, i) => incident(now, { who: i % 12, kind: kinds[(i * 5) % 9], agoS: 700 + i, shown_at: iso(now - 1000), silent: i % 101 === 4, place: `Plats ${i % 40}` })), system: [] };
    }
    default: {
      const incidents = working();
      return { incidents, system: name === "trouble" ? [system("nobody_to_reach", incidents[1].view.id, 2), system("chain_used_up", incidents[1].view.id, null)] : [] };
    }
  }
}

export const DEVICES = (now) => PERSONS.map((person, i) => ({
  device: { id: randomUUID(), protocol: ["watch", "gt06", "teltonika", "dc09"][i % 4], account: `86472903${1000 + i * 7}`, label: `Larmklocka ${10 + i}`, model: ["Reachfar V48", "Concox GT06", "TMT250", null][i % 4], battery_pct: i === 9 ? null : [88, 64, 12, 91, 45, 7, 73, 99, 52, 0, 38, 80][i], last_seen_at: i === 9 ? null : iso(now - [12, 40, 200, 8, 3900, 31, 90, 5, 90_000, 0, 61, 240][i] * 1000) },
  person: i === 8 ? null : person,
  charging: i === 5 ? true : i === 3 ? false : null,
  supervised: i !== 10,
  silent: i === 4 || i === 8,
  low_battery: i === 2 || i === 5,
  tested_at: i % 4 === 1 ? null : iso(now - (1 + i * 4) * 86_400_000),
  test_due: i % 4 === 1 || i > 7,
  pool: i === 8,
  supervision: i === 10 ? "" : ["wearable", "in_session", "wearable", "dp3"][i % 4],
}));

export const UNKNOWN = (now) => [
  { receiver: "watch", reason: "unknown_command", first_at: iso(now - 86_400_000 * 3), last_at: iso(now - 61_000), times: 214, sample_hex: "5b33472a383030303030303030312a303030392a584d4c5958492c315d" },
  { receiver: "dc09", reason: "crc_mismatch", first_at: iso(now - 7_200_000), last_at: iso(now - 3_600_000), times: 3, sample_hex: "0a4134314430303233224e554c4c22303030304c302334373131" },
  { receiver: "gt06", reason: "not_a_frame", first_at: iso(now - 400_000), last_at: iso(now - 400_000), times: 1, sample_hex: "474554202f20485454502f312e310d0a486f73743a20" },
];
