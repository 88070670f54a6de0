// The server's HTTP, as functions. Each answers with a shape, or throws Refusal (it said no) or Unreachable (it said nothing).
import { type As, Asker, type Fetch } from "./ask";
import { DeskApi } from "./api_desk";
import { HouseApi } from "./api_house";
import { OrdersApi } from "./api_orders";
import { WaysApi } from "./api_ways";
import type { DeviceHealth, PersonChoice, UnknownInput } from "./shapes_registers";
import type { DrillStart, DrillStarted, IncidentDetail, IncidentView, LogIn, Me, Note, Queue, StandDown } from "./shapes";
import type { SosCall } from "./shapes_desk";

export { type Fetch, Refusal, Unreachable } from "./ask";
export type Command = "acknowledge" | "escalate" | "shown";

export class Api {
  private readonly ask: Asker["ask"];
  readonly ways: WaysApi;
  readonly orders: OrdersApi;
  readonly house: HouseApi;
  readonly desk: DeskApi;

  constructor(fetch: Fetch, as: As = "desk") {
    const asker = new Asker(fetch, as);
    this.ask = asker.ask.bind(asker);
    this.ways = new WaysApi(this.ask);
    this.orders = new OrdersApi(this.ask);
    this.house = new HouseApi(this.ask);
    this.desk = new DeskApi(this.ask);
  }

  logIn = (body: LogIn) => this.ask<Me>("POST", "/api/session", body);
  logOut = () => this.ask<unknown>("DELETE", "/api/session");
  me = () => this.ask<Me>("GET", "/api/me");
  queue = () => this.ask<Queue>("GET", "/api/incidents");
  detail = (id: string) => this.ask<IncidentDetail>("GET", `/api/incidents/${id}`);
  command = (id: string, what: Command) => this.ask<IncidentView>("POST", `/api/incidents/${id}/${what}`);
  note = (id: string, body: Note) => this.ask<IncidentView>("POST", `/api/incidents/${id}/note`, body);
  standDown = (id: string, body: StandDown) => this.ask<IncidentView>("POST", `/api/incidents/${id}/stand-down`, body);
  sosCall = (id: string, body: SosCall) => this.ask<IncidentView>("POST", `/api/incidents/${id}/sos-call`, body);
  startDrill = (body: DrillStart) => this.ask<DrillStarted>("POST", "/api/drills", body);
  persons = () => this.ask<readonly PersonChoice[]>("GET", "/api/persons");
  devices = () => this.ask<readonly DeviceHealth[]>("GET", "/api/devices");
  unknownInput = () => this.ask<readonly UnknownInput[]>("GET", "/api/unknown-input");
}
