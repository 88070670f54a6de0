import { expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import type { Source } from "../../shared/feed";
import type { IncidentView, Me, Role } from "../../shared/shapes";
import { at, incident, queueOf } from "../../shared/testing/made";
import { ManagerApi } from "./api";
import { Office } from "./office";
import { Settings } from "./settings";
import { memory } from "./testing/made";

const OURS = { "X-Larm": "1" };
const me = (role: Role): Me => ({ user_id: "u", name: "Maria", role, person_id: null, committees: [], language: "en" });

/** A server that answers by address, and a feed that is heard by hand. */
function office(answers: Record<string, unknown> = {}) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const all: Record<string, unknown> = { "GET /api/me": me("manager"), "GET /api/incidents": queueOf(), "GET /api/setup": { organisation: "", map: null, push_key: null, call_back: null }, "POST /api/session": me("manager"), "DELETE /api/session": null, ...answers };
  const fetch = async (url: string, init: RequestInit) => {
    const name = `${init.method} ${url}`;
    asked.push(name);
    const found = all[name];
    if (found instanceof Error) throw found;
    if (typeof found === "number") return new Response(JSON.stringify({ reason: found === 401 ? "session_over" : "forbidden" }), { status: found, headers: OURS });
    return new Response(JSON.stringify(found ?? null), { headers: OURS });
  };
  const listeners = new Map<string, (event: MessageEvent<string>) => void>();
  const opened: string[] = [];
  const source = (url: string): Source => {
    opened.push(url);
    return { readyState: 1, addEventListener: (type, listener) => void listeners.set(type, listener), close: () => undefined };
  };
  const say = (type: string, body: unknown) => listeners.get(type)?.({ data: JSON.stringify(body), lastEventId: "" } as MessageEvent<string>);
  const turned: [string, boolean][] = [];
  const one = new Office(new ManagerApi(fetch), source, clock, new Settings(memory(), "dark"), (hash, replace) => turned.push([hash, replace]));
  const hear = (view: IncidentView) => say("incident", { incident: view, entries: [] });
  return { one, all, asked, opened, clock, hear, say, turned };
}

const settled = () => new Promise<void>((done) => setTimeout(done)); // what was answered has been taken

test("a session that stands is entered, in the account's language, and the feed is the managers' own", async () => {
  const { one, opened } = office();
  await one.start();
  await settled();
  expect([one.session.value, one.speech.value.language]).toEqual(["in", "en"]);
  expect(opened).toEqual(["/api/feed?after=7&as=manager"]);
});

test("nobody logged in leads to the log-in, and a wrong password says so", async () => {
  const { one, all } = office({ "GET /api/me": 401, "POST /api/session": 403 });
  await one.start();
  expect([one.session.value, one.ended.value]).toEqual(["out", false]);
  expect(await one.logIn("maria", "x")).toBe(one.speech.value.say("refused_forbidden"));
  all["POST /api/session"] = me("manager");
  expect(await one.logIn("maria", "right")).toBeNull();
  expect(one.session.value).toBe("in");
});

test("a server that does not answer is asked again", async () => {
  const { one, all, clock } = office({ "GET /api/me": new Error("no network") });
  await one.start();
  expect(one.session.value).toBe("unreachable");
  all["GET /api/me"] = me("manager");
  clock.run(3000);
  await settled();
  expect(one.session.value).toBe("in");
});

test("a worker has no page here, and nothing is fetched for him", async () => {
  const { one, asked } = office({ "GET /api/me": me("worker") });
  await one.start();
  await settled();
  expect([one.pages.value, asked]).toEqual([[], ["GET /api/me"]]);
});

test("a drill is known while it is open, whether it stood already or comes", async () => {
  const { one, hear } = office({ "GET /api/incidents": queueOf(incident("a", { purpose: "drill" }), incident("b")) });
  await one.start();
  await settled();
  expect(one.drills.value).toBe(1);
  hear(incident("c", { purpose: "drill" }));
  expect(one.drills.value).toBe(2);
  hear(incident("a", { purpose: "drill", version: 2, state: "stood_down" }));
  hear(incident("c", { purpose: "drill", version: 2, state: "stood_down" }));
  expect(one.drills.value).toBe(0);
  hear(incident("c", { purpose: "drill", version: 1 })); // an older word, late
  expect(one.drills.value).toBe(0);
});

test("an incident that went on since it was fetched is known to have", async () => {
  const { one, hear } = office({ "GET /api/incidents": queueOf(incident("a", { version: 3 })) });
  await one.start();
  await settled();
  expect([one.moved(incident("a", { version: 3 })), one.moved(incident("x"))]).toEqual([false, false]);
  hear(incident("a", { version: 4, state: "stood_down" }));
  expect(one.moved(incident("a", { version: 3 }))).toBe(true);
});

test("a session that the server ended leads to the log-in, and says so", async () => {
  const { one, all } = office();
  await one.start();
  await settled();
  all["GET /api/reports/units"] = 401;
  await expect(one.api.units()).rejects.toThrow();
  expect([one.session.value, one.ended.value, one.me.value]).toEqual(["out", true, null]);
});

test("a log-out that does not arrive is said not to have", async () => {
  const { one, all } = office({ "DELETE /api/session": new Error("no network") });
  await one.start();
  await settled();
  expect(await one.logOut()).toBe(one.speech.value.say("log_out_failed"));
  expect(one.session.value).toBe("in");
  all["DELETE /api/session"] = null;
  expect([await one.logOut(), one.session.value]).toEqual([null, "out"]);
});

test("ages are counted from the server's time, not from a clock that is wrong", async () => {
  const { one, say, clock } = office();
  await one.start();
  await settled();
  say("tick", { server_time: at(3600), ready: true });
  clock.run(1000);
  expect(one.now.value).toBe(Date.parse(at(3601)));
});
