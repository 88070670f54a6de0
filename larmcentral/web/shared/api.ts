// The server's HTTP, as functions. Each answers with a shape, or throws Refusal (it said no) or Unreachable (it said nothing).
import { OrdersApi } from "./api_orders";
import { WaysApi } from "./api_ways";
import type {
  DeviceHealth,
  DrillStart,
  DrillStarted,
  IncidentDetail,
  IncidentView,
  LogIn,
  Me,
  Note,
  PersonChoice,
  Problem,
  Queue,
  StandDown,
  UnknownInput,
} from "./shapes";
import type { SosCall } from "./shapes_desk";

const PATIENCE_MS = 8000; // longer than a failover of one connection, shorter than an operator's

/** The server refused, and says why in a key. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.reason);
  }
}

/** No answer. Whether a command was carried out is unknown. */
export class Unreachable extends Error {}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
export type Command = "acknowledge" | "escalate" | "shown";

export class Api {
  readonly ways = new WaysApi((method, url, body) => this.ask(method, url, body));
  readonly orders = new OrdersApi((method, url, body) => this.ask(method, url, body));

  constructor(private readonly fetch: Fetch) {}

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

  private async ask<T>(method: string, url: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-Larm"] = "1";
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const init: RequestInit = { method, headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(url, init);
      text = await response.text();
    } catch (cause) {
      throw new Unreachable(url, { cause });
    }
    if (!response.ok) throw refusalOf(response.status, text, url);
    return (text === "" ? null : JSON.parse(text)) as T;
  }
}

function refusalOf(status: number, text: string, url: string): Refusal | Unreachable {
  try {
    const found = JSON.parse(text) as Partial<Problem>;
    if (typeof found.reason === "string") {
      return new Refusal(status, { reason: found.reason, detail: found.detail ?? "", fields: found.fields ?? {} });
    }
  } catch {
    // a proxy's page, not ours: the status is all there is
  }
  if (status >= 500) return new Unreachable(url); // somebody between us failed: what became of it is unknown
  return new Refusal(status, { reason: `http_${status}`, detail: "", fields: {} });
}
