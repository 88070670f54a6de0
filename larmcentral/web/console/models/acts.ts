// What an operator may ask for, when, and how it is sent. Everything goes through Orders: nothing is assumed done.
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Api } from "../../shared/api";
import type { Clock } from "../../shared/clock";
import type { ClosingAnswer, IncidentView, Kind, OutcomeWord, Purpose, Role } from "../../shared/shapes";
import type { SosCall, TargetNamed } from "../../shared/shapes_desk";
import type { MessageSend, StepDone } from "../../shared/shapes_plans";
import type { Desk } from "./desk";
import type { Freshness } from "./freshness";
import type { Order, Orders } from "./orders";

const ARMED_MS = 4000; // how long "escalate" waits for its second press

/** Who may ask for what; the server decides, this only greys what it would refuse. */
const ALLOWED: Readonly<Record<Order, readonly Role[]>> = {
  acknowledge: ["operator", "responder"],
  note: ["operator", "responder"],
  escalate: ["operator"],
  stand_down: ["operator"],
  drill: ["operator", "manager", "admin"],
  sos_call: ["operator"],
  message: ["operator"],
  welfare: ["operator"],
  jump: ["operator"],
  add: ["operator"],
  hold: ["operator"],
  hand_over: ["operator"],
  put_back: ["operator"],
  merge: ["operator"],
  plan: ["operator"],
};

/** What was real is not called a drill afterwards, nor a drill real. */
export const OUTCOMES: Readonly<Record<Purpose, readonly OutcomeWord[]>> = {
  real: ["real", "false", "test", "other"],
  drill: ["drill", "test", "other"],
  test: ["test", "real", "false", "drill", "other"],
};

/** What the acts need of the console around them. */
export interface Surroundings {
  fresh: ReadonlySignal<Freshness>;
  select(id: string): void;
  changed(id: string): void;
  sessionOver(): void;
}

export class Acts {
  /** The incident whose escalation waits for a second press. */
  readonly armed = signal<string | null>(null);
  private stopArmed: (() => void) | null = null;

  constructor(
    private readonly api: Api,
    private readonly desk: Desk,
    private readonly orders: Orders,
    private readonly clock: Clock,
    private readonly around: Surroundings,
  ) {}

  /** The picture is fresh, the incident is open, and this role may. */
  may(what: Order, incident: IncidentView | null): incident is IncidentView {
    if (incident === null || incident.state === "stood_down" || !this.mayAtAll(what)) return false;
    return what !== "acknowledge" || incident.owner === null;
  }

  /** A dialog may open on an old picture: it says itself that nothing can be sent yet, where a key without effect says nothing. */
  mayOpen(what: Order, incident: IncidentView | null): boolean {
    return incident !== null && incident.state !== "stood_down" && this.allowed(what);
  }

  mayAtAll(what: Order): boolean {
    return this.around.fresh.value.mayAct && this.allowed(what);
  }

  allowed(what: Order): boolean {
    const role = this.desk.me.value?.role;
    return role !== undefined && ALLOWED[what].includes(role);
  }

  take(): Promise<boolean> {
    const incident = this.desk.selected.value;
    if (!this.may("acknowledge", incident)) return Promise.resolve(false);
    return this.send(incident.id, "acknowledge", () => this.api.command(incident.id, "acknowledge"));
  }

  /** The first press arms, the second sends: more people are called, and that cannot be taken back. */
  async escalate(): Promise<boolean> {
    const incident = this.desk.selected.value;
    if (!this.may("escalate", incident) || this.orders.sending(incident.id, "escalate")) return false;
    this.stopArmed?.();
    if (this.armed.value !== incident.id) {
      this.armed.value = incident.id;
      this.stopArmed = this.clock.after(ARMED_MS, () => (this.armed.value = null));
      return false;
    }
    this.armed.value = null;
    return this.send(incident.id, "escalate", () => this.api.command(incident.id, "escalate"));
  }

  async note(id: string, text: string): Promise<boolean> {
    if (text.trim() === "" || !this.mayAtAll("note")) return false;
    return this.send(id, "note", () => this.api.note(id, { text: text.trim() }));
  }

  async standDown(id: string, outcome: OutcomeWord, note: string, closing: readonly ClosingAnswer[]): Promise<boolean> {
    if (!this.mayAtAll("stand_down")) return false;
    return this.send(id, "stand_down", () => this.api.standDown(id, { outcome, note: note.trim(), closing }));
  }

  message(id: string, to: MessageSend["to"], text: string): Promise<boolean> {
    return this.order(id, "message", () => this.api.desk.message(id, { to, text: text.trim() }));
  }

  /** Asks a wearer whose session runs whether all is well. */
  welfare(id: string, person: string): Promise<boolean> {
    return this.order(id, "welfare", () => this.api.house.welfare(person));
  }

  jump(id: string, step: number): Promise<boolean> {
    return this.order(id, "jump", () => this.api.desk.jump(id, { step }));
  }

  add(id: string, targets: readonly TargetNamed[]): Promise<boolean> {
    return this.order(id, "add", () => this.api.desk.add(id, { targets }));
  }

  hold(id: string, seconds: number): Promise<boolean> {
    return this.order(id, "hold", () => this.api.desk.hold(id, { wait_s: seconds }));
  }

  handOver(id: string, to: string): Promise<boolean> {
    return this.order(id, "hand_over", () => this.api.desk.handOver(id, { to }));
  }

  putBack(id: string): Promise<boolean> {
    return this.order(id, "put_back", () => this.api.desk.putBack(id));
  }

  /** The other one goes on for both, so the eye goes there. */
  async merge(id: string, into: string): Promise<boolean> {
    const done = await this.order(id, "merge", () => this.api.desk.merge(id, { into }));
    if (done && this.desk.selectedId.value === id) this.around.select(into);
    return done;
  }

  /** Says what came of one step of the plan. */
  recordStep(id: string, key: string, body: StepDone): Promise<boolean> {
    return this.order(id, "plan", () => this.api.desk.recordStep(id, key, body), key);
  }

  /** Stamps a moment of the operator's own call. Nothing is dialled from here. */
  async stamp(id: string, what: SosCall["what"], text: string): Promise<boolean> {
    if (!this.mayAtAll("sos_call")) return false;
    return this.send(id, "sos_call", () => this.api.sosCall(id, { what, text: text.trim() }));
  }

  async startDrill(personId: string, kind: Kind): Promise<boolean> {
    if (!this.mayAtAll("drill")) return false;
    let started = "";
    const done = await this.send("", "drill", async () => {
      started = (await this.api.startDrill({ person_id: personId, kind })).incident_id;
      return null;
    });
    if (done) this.around.select(started);
    return done;
  }

  private async order(id: string, what: Order, call: () => Promise<IncidentView | null>, part = ""): Promise<boolean> {
    return this.mayAtAll(what) && this.send(id, what, call, part);
  }

  private async send(id: string, what: Order, call: () => Promise<IncidentView | null>, part = ""): Promise<boolean> {
    const done = await this.orders.send(id, what, call, part);
    if (this.orders.refused.value?.sessionOver) this.around.sessionOver();
    else if (id !== "") this.around.changed(id);
    return done;
  }
}
