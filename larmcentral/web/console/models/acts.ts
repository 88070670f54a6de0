// What an operator may ask for, when, and how it is sent. Everything goes through Orders: nothing is assumed done.
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Api } from "../../shared/api";
import type { Clock } from "../../shared/clock";
import type { IncidentView, Kind, OutcomeWord, Purpose, Role } from "../../shared/shapes";
import type { SosCall } from "../../shared/shapes_desk";
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

  async standDown(id: string, outcome: OutcomeWord, note: string): Promise<boolean> {
    if (!this.mayAtAll("stand_down")) return false;
    return this.send(id, "stand_down", () => this.api.standDown(id, { outcome, note: note.trim() }));
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

  private async send(id: string, what: Order, call: () => Promise<IncidentView | null>): Promise<boolean> {
    const done = await this.orders.send(id, what, call);
    if (this.orders.refused.value?.sessionOver) this.around.sessionOver();
    else if (id !== "") this.around.changed(id);
    return done;
  }
}
