import { beforeEach, expect, test } from "vitest";
import { type Api, Refusal, Unreachable } from "../../shared/api";
import { FakeClock } from "../../shared/clock";
import type { Source } from "../../shared/feed";
import type { IncidentView, Me } from "../../shared/shapes";
import { Console } from "./console";
import { Settings } from "./settings";
import { START, at, detail, entry, incident, queueOf } from "../../shared/testing/made";

const ME: Me = { user_id: "u", name: "Sofia", role: "operator", person_id: null, committees: [], language: "sv" };

class FakeApi {
  asked: string[] = [];
  loggedIn = true;
  incidents: IncidentView[] = [incident("a"), incident("b", { gravity: 2 })];
  next: (() => Promise<IncidentView>) | null = null;
  flood = false;
  house = { picture: async () => ({ at: at(0), seats: [], opened_10_min: 30, untaken: 3, per_operator: 30, flood: this.flood }) };
  me = async () => (this.loggedIn ? ME : this.refuse(401, "log_in"));
  logIn = async () => ME;
  logOut = async () => null;
  queue = async () => (this.asked.push("queue"), queueOf(...this.incidents));
  detail = async (id: string) => (this.asked.push(`detail ${id}`), detail(this.incidents.find((i) => i.id === id) ?? incident(id), [entry(1, "opened")]));
  command = async (id: string, what: string) => {
    this.asked.push(`${what} ${id}`);
    return this.next ? this.next() : (this.incidents.find((i) => i.id === id) as IncidentView);
  };
  note = async (id: string) => this.command(id, "note");
  standDown = async (id: string) => this.command(id, "stand-down");
  startDrill = async () => ({ incident_id: "drill" });
  refuse(status: number, reason: string, fields: Record<string, string> = {}): never {
    throw new Refusal(status, { reason, detail: "", fields });
  }
}

let api: FakeApi;
let clock: FakeClock;
let say: (type: string, body: unknown) => void;
let opened: string[];
let desk: Console;
const settle = () => new Promise((done) => setTimeout(done));

beforeEach(async () => {
  api = new FakeApi();
  clock = new FakeClock(START);
  opened = [];
  const memory = new Map<string, string>();
  const settings = new Settings({ getItem: (k) => memory.get(k) ?? null, setItem: (k, v) => void memory.set(k, v) }, "dark");
  const open = (url: string): Source => {
    opened.push(url);
    const listeners = new Map<string, (event: MessageEvent<string>) => void>();
    say = (type, body) => listeners.get(type)?.({ data: JSON.stringify(body), lastEventId: "" } as MessageEvent<string>);
    return { readyState: 1, addEventListener: (type, call) => void listeners.set(type, call), close: () => undefined };
  };
  desk = new Console(api as unknown as Api, open, clock, settings);
  await desk.start();
  await settle();
});

const tick = (ready = true) => say("tick", { server_time: new Date(clock.now()).toISOString(), ready });

test("it starts with the queue, the gravest selected, and a feed that goes on from the queue's cursor", () => {
  expect(desk.session.value).toBe("in");
  expect(desk.desk.selectedId.value).toBe("a");
  expect(opened).toEqual(["/api/feed?after=7"]);
});

test("without a session it asks for one", async () => {
  api.loggedIn = false;
  await desk.start();
  expect(desk.session.value).toBe("out");
});

test("a new alarm appears from the feed and does not steal the selection", () => {
  say("incident", { incident: incident("c", { opened_at: at(-99) }), entries: [] });
  expect(desk.queue.value.lines.map((line) => line.incident.id)).toEqual(["c", "a", "b"]);
  expect(desk.desk.selectedId.value).toBe("a");
});

test("when the selected one is stood down, the next alarm to come is shown at once", () => {
  say("incident", { incident: incident("a", { version: 2, state: "stood_down" }), entries: [] });
  expect(desk.desk.selected.value?.state).toBe("stood_down");
  say("incident", { incident: incident("c"), entries: [] });
  clock.run(60);
  expect(desk.desk.selectedId.value).toBe("c");
});

test("nothing looks taken until the server has said so", async () => {
  let answer: (view: IncidentView) => void = () => undefined;
  api.next = () => new Promise((done) => (answer = done));
  const done = desk.acts.take();
  expect(desk.orders.sending("a", "acknowledge")).toBe(true);
  expect(desk.desk.selected.value?.state).toBe("open");
  answer(incident("a", { version: 2, state: "acknowledged", owner: { user_id: "u", name: "Sofia" } }));
  expect(await done).toBe(true);
  expect(desk.orders.sending("a", "acknowledge")).toBe(false);
  expect(desk.desk.selected.value?.owner?.name).toBe("Sofia");
});

test("a second press while sending sends nothing", async () => {
  api.next = () => new Promise(() => undefined);
  void desk.acts.take();
  void desk.acts.take();
  expect(api.asked.filter((a) => a === "acknowledge a")).toHaveLength(1);
});

test("a refusal is said in words, in the language of the screen", async () => {
  api.next = async () => api.refuse(409, "taken", { name: "Karin" });
  expect(await desk.acts.take()).toBe(false);
  expect(desk.refusal.value?.words).toBe("Karin hann före och har larmet.");
  desk.settings.switchLanguage();
  expect(desk.refusal.value?.words).toBe("Karin took it first.");
  expect(desk.desk.selected.value?.state).toBe("open");
});

test("no answer is not success: it says that it is uncertain", async () => {
  api.next = async () => {
    throw new Unreachable();
  };
  await desk.acts.take();
  expect(desk.refusal.value?.words).toMatch(/inte säkert/);
});

test("an old answer cannot undo what the feed has told since", async () => {
  say("incident", { incident: incident("a", { version: 5, state: "acknowledged" }), entries: [] });
  desk.desk.take(incident("a", { version: 4 }));
  expect(desk.desk.selected.value?.state).toBe("acknowledged");
});

test("escalating takes two presses within four seconds", async () => {
  await desk.acts.escalate();
  expect(api.asked).not.toContain("escalate a");
  clock.run(4000);
  await desk.acts.escalate();
  expect(api.asked).not.toContain("escalate a");
  await desk.acts.escalate();
  expect(api.asked).toContain("escalate a");
});

test("a stale picture locks the actions, and a tick unlocks them", async () => {
  clock.run(6000);
  expect(desk.fresh.value).toMatchObject({ state: "stale", ageMs: 6000 });
  expect(await desk.acts.take()).toBe(false);
  expect(await desk.acts.note("a", "hej")).toBe(false);
  expect(api.asked).not.toContain("acknowledge a");
  tick();
  expect(desk.fresh.value.state).toBe("live");
});

test("a stale picture does not swallow the keys that open a dialog: the dialog says what is wrong", () => {
  clock.run(6000);
  expect(desk.acts.may("stand_down", desk.desk.selected.value)).toBe(false);
  expect(desk.acts.mayOpen("stand_down", desk.desk.selected.value)).toBe(true);
  expect(desk.acts.mayOpen("stand_down", null)).toBe(false);
  expect(desk.acts.mayOpen("stand_down", incident("x", { state: "stood_down" }))).toBe(false);
});

test("a database that is gone locks the actions although ticks arrive", () => {
  tick(false);
  expect(desk.fresh.value.state).toBe("no_database");
  expect(desk.acts.may("acknowledge", desk.desk.selected.value)).toBe(false);
});

test("resync fetches the queue anew and drops what is no longer open", async () => {
  api.incidents = [incident("b", { gravity: 2, version: 9 })];
  say("resync", null);
  await settle();
  expect(desk.queue.value.lines.map((line) => line.incident.id)).toEqual(["b"]);
  expect(desk.desk.selectedId.value).toBe("a");
  expect(desk.desk.selected.value).not.toBeNull();
});

test("an alarm that arrives while the queue is being fetched is not lost to the older answer", () => {
  desk.desk.expectQueue();
  say("incident", { incident: incident("new"), entries: [] });
  desk.desk.takeQueue(queueOf(incident("a")));
  expect([...desk.desk.incidents.value.keys()]).toEqual(["a", "new"]);
});

test("the timeline grows live, without doubles, and the detail is asked for once a burst", async () => {
  api.asked = [];
  say("incident", { incident: incident("a", { version: 2 }), entries: [entry(2, "shown")] });
  say("incident", { incident: incident("a", { version: 3 }), entries: [entry(2, "shown"), entry(3, "note")] });
  clock.run(60);
  expect(desk.desk.detail.value?.timeline.map((e) => e.seq)).toEqual([1, 2, 3]);
  clock.run(400);
  await settle();
  expect(api.asked).toEqual(["detail a"]);
  expect(desk.desk.detail.value?.timeline.map((e) => e.seq)).toEqual([1, 2, 3]);
});

test("shown is posted once for a real incident, never for a drill", async () => {
  say("incident", { incident: incident("d", { purpose: "drill" }), entries: [] });
  await Promise.all([desk.shown("a"), desk.shown("a"), desk.shown("d")]);
  expect(api.asked.filter((a) => a.startsWith("shown"))).toEqual(["shown a"]);
});

test("when the session ends under our hands, the log-in page says so and the picture is gone", async () => {
  api.next = async () => api.refuse(401, "log_in");
  await desk.acts.take();
  expect(desk.session.value).toBe("out");
  expect(desk.ended.value).toBe(true);
  expect(desk.desk.incidents.value.size).toBe(0);
});

test("a hidden second window lets go of its feed and fetches the picture when it is seen again", async () => {
  desk.allowFeed(false);
  clock.run(20_000);
  expect(opened).toHaveLength(1);
  desk.allowFeed(true);
  await settle();
  expect(opened).toHaveLength(2);
});

test("a drill that was started is selected", async () => {
  expect(await desk.acts.startDrill("p", "fall")).toBe(true);
  expect(desk.desk.selectedId.value).toBe("drill");
});

test("screens count with the server's time", () => {
  say("tick", { server_time: new Date(clock.now() + 60_000).toISOString(), ready: true });
  clock.run(1000);
  expect(desk.now.value).toBe(START + 61_000);
});

test("what another operator has cannot be taken, and a role that only reads cannot act", async () => {
  say("incident", { incident: incident("a", { version: 2, state: "acknowledged", owner: { user_id: "x", name: "Karin" } }), entries: [] });
  expect(desk.acts.may("acknowledge", desk.desk.selected.value)).toBe(false);
  expect(desk.acts.may("escalate", desk.desk.selected.value)).toBe(true);
  desk.desk.me.value = { ...ME, role: "manager" };
  expect(desk.acts.may("escalate", desk.desk.selected.value)).toBe(false);
  expect(desk.acts.mayAtAll("drill")).toBe(true);
  await desk.shown("b");
  expect(api.asked).not.toContain("shown b");
});

test("a torrent of the feed is drawn in heaps, and nothing of it is lost", () => {
  for (let i = 0; i < 50; i++) say("incident", { incident: incident(`n${i}`, { gravity: 3 }), entries: [] });
  expect(desk.queue.value.open).toBe(3);
  clock.run(60);
  expect(desk.queue.value.open).toBe(52);
});

test("in a flood alarms of one cause share a line; Enter opens it where the eye stands, a log-out closes it", async () => {
  const lost = (id: string) => incident(id, { kind: "lost_contact", gravity: 3, place: "Solg\u00e5rden" });
  api.flood = true;
  for (const id of ["x", "y", "z"]) say("incident", { incident: lost(id), entries: [] });
  clock.run(1000);
  await settle();
  const lines = () => desk.queue.value.lines.map((line) => (line.what === "group" ? line.ids.length : line.incident.id));
  expect(lines()).toEqual(["a", "b", 3]);
  desk.toggleGroup(); // the eye is on a row of its own
  expect(lines()).toEqual(["a", "b", 3]);
  desk.walk(1);
  desk.walk(1);
  expect(desk.desk.selectedId.value).toBe("x");
  desk.toggleGroup();
  expect(lines()).toEqual(["a", "b", 3, "x", "y", "z"]);
  desk.walk(1);
  expect(desk.desk.selectedId.value).toBe("y");
  desk.toggleGroup();
  expect(lines()).toEqual(["a", "b", 3]);
  desk.walk(-1);
  expect(desk.desk.selectedId.value).toBe("b");
});

test("logging out with alarms in hand asks first", async () => {
  say("incident", { incident: incident("a", { version: 2, state: "acknowledged", owner: { user_id: "u", name: "Sofia" } }), entries: [] });
  expect(await desk.wantOut()).toBeNull();
  expect([desk.dialog.value, desk.session.value]).toEqual(["log_out", "in"]);
  say("incident", { incident: incident("a", { version: 3, state: "stood_down" }), entries: [] });
  clock.run(60);
  await desk.wantOut();
  expect(desk.session.value).toBe("out");
});

test("a window that follows another asks the server for no picture and opens no feed", async () => {
  const memory = new Map<string, string>();
  const settings = new Settings({ getItem: (k) => memory.get(k) ?? null, setItem: (k, v) => void memory.set(k, v) }, "dark");
  const second = new Console(api as unknown as Api, () => { throw new Error("a feed"); }, clock, settings);
  const posted: string[] = [];
  second.follow({ post: (word) => posted.push(word.say), hear: () => undefined });
  api.asked = [];
  await second.start();
  await settle();
  expect([second.session.value, api.asked, posted[0]]).toEqual(["in", [], "here"]);
});
