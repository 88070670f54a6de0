// A responder's phone for the models' tests: the house, the calls it is told of, and a browser that can be pushed to.
import { incident, responder } from "../../../shared/testing/made";
import type { IncidentView, Me, ResponderState } from "../../../shared/shapes";
import type { PointView } from "../../../shared/shapes_points";
import { Calls } from "../calls";
import { type Door, Push, type Way } from "../push";
import type { Leave } from "../senses";
import { Disk, House } from "./house";

export const BO: Me = { user_id: "u-bo", name: "Bo", role: "responder", person_id: "p-Bo", committees: [], language: "en" };

export const call = (id: string, state: ResponderState, wish: Partial<IncidentView> = {}): IncidentView => incident(id, { responders: [responder("Bo", state)], ...wish });

export class FakeDoor implements Door {
  can: Way = "able";
  leaves: Leave = "granted";
  /** What its owner says when he is asked. */
  will: Leave = "granted";
  made = 0;
  dropped = 0;
  address = "address-1";
  key = "";
  way = () => this.can;
  leave = () => this.leaves;

  async ask(): Promise<Leave> {
    this.leaves = this.will;
    return this.leaves;
  }

  async subscribe(key: string): Promise<string> {
    this.made++;
    this.key = key;
    return this.address;
  }

  async drop(): Promise<void> {
    this.dropped++;
  }
}

export class Responder {
  readonly house: House;
  readonly door = new FakeDoor();
  readonly closed: string[] = [];
  readonly calls: Calls;
  readonly push: Push;
  open: IncidentView[] = [];
  past: IncidentView[] = [];
  points: PointView[] = [];

  constructor(readonly disk = new Disk()) {
    this.house = new House(disk);
    const { house } = this;
    house.me = BO;
    const senses = { buzz: (pattern: readonly number[]) => house.buzzes.push(pattern), whereabouts: { leave: async () => "granted" as const, fix: async () => house.position, watch: () => () => undefined } };
    this.calls = new Calls(house.phone, senses as never, { close: (tag, over) => this.closed.push(over ? `${tag} over` : tag) });
    this.push = new Push(house.phone, this.door, {
      getItem: (key) => disk.memory.get(key) ?? null,
      setItem: (key, value) => void disk.memory.set(key, value),
      removeItem: (key) => void disk.memory.delete(key),
    });
    house.phone.join(this.calls, this.push);
    house.answers.set("GET /api/incidents", () => ({ cursor: "1", server_time: "", incidents: this.open, system_alarms: [] }));
    house.answers.set("GET /api/incidents?state=past&limit=10", () => ({ cursor: "1", server_time: "", incidents: this.past, system_alarms: [] }));
    house.answers.set("GET /api/me/messages", () => []);
    house.answers.set("GET /api/setup", () => ({ organisation: "o", map: null, push_key: "key-1", call_back: null }));
    house.answers.set("GET /api/me/points", () => this.points);
    house.answers.set("POST /api/me/points", (body) => {
      const had = this.points.find((one) => one.address === body.address);
      if (!had) this.points = [...this.points, point(String(body.id), { address: null })];
      return { id: had?.id ?? body.id };
    });
  }

  async opened(): Promise<this> {
    await this.house.opened();
    return this;
  }

  /** Everything that was sent, as "METHOD url". */
  get sent(): string[] {
    return this.house.sent.map((one) => `${one.method} ${one.url}`);
  }
}

export const point = (id: string, wish: Partial<PointView> = {}): PointView => ({
  id,
  committee_id: "c",
  person_id: "p-Bo",
  person: "Bo",
  channel: "web_push",
  address: null,
  label: null,
  rank: 0,
  made_at: "2026-11-22T02:00:00Z",
  proof: "push",
  verified_at: null,
  health: "never_reached",
  last_reached_at: null,
  last_failed_at: null,
  last_failed_why: null,
  retired_at: null,
  retired_why: null,
  ...wish,
});
