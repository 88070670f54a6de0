// The managers' HTTP, as functions. Each answers with a shape, or throws Refusal (it said no) or Unreachable (it said nothing).
import { Asker, type Fetch, Refusal, Unreachable } from "../../shared/ask";
import type { IncidentDetail, LogIn, Me, Problem, Queue } from "../../shared/shapes";
import type { Dossier, DossierDraft } from "../../shared/shapes_persons";
import type { PlaceChoice } from "../../shared/shapes_places";
import type { ActionPlanDraft, ActionPlanView } from "../../shared/shapes_plans";
import type { DeviceHealth, PersonChoice } from "../../shared/shapes_registers";
import type { IncidentPage, ResponseReport, UnitChoice, UsageReport } from "../../shared/shapes_reports";
import type { Setup } from "../../shared/shapes_setup";
import type { Query } from "./routes";

const FILE_PATIENCE_MS = 30_000; // a megabyte over a poor line

export class ManagerApi {
  /** Called when the server says that nobody is logged in any more. */
  over: () => void = () => undefined;
  private readonly asker: Asker;

  constructor(private readonly fetch: Fetch) {
    this.asker = new Asker(fetch, "manager");
  }

  logIn = (body: LogIn) => this.ask<Me>("POST", "/api/session", body);
  logOut = () => this.ask<unknown>("DELETE", "/api/session");
  me = () => this.ask<Me>("GET", "/api/me");
  queue = () => this.ask<Queue>("GET", "/api/incidents");
  setup = () => this.ask<Setup>("GET", "/api/setup");

  incidents = (query: Query) => this.ask<IncidentPage>("GET", `/api/reports/incidents${asked(query)}`);
  units = () => this.ask<readonly UnitChoice[]>("GET", "/api/reports/units");
  response = (query: Query) => this.ask<ResponseReport>("GET", `/api/reports/response${asked(query)}`);
  usage = (query: Query) => this.ask<UsageReport>("GET", `/api/reports/usage${asked(query)}`);
  detail = (id: string) => this.ask<IncidentDetail>("GET", `/api/incidents/${encodeURIComponent(id)}`);

  devices = () => this.ask<readonly DeviceHealth[]>("GET", "/api/devices");
  places = () => this.ask<readonly PlaceChoice[]>("GET", "/api/places");
  plans = () => this.ask<readonly ActionPlanView[]>("GET", "/api/action-plans");
  savePlan = (id: string, body: ActionPlanDraft) => this.ask<ActionPlanView>("PUT", `/api/action-plans/${id}`, body);
  removePlan = (id: string) => this.ask<null>("DELETE", `/api/action-plans/${id}`);

  persons = () => this.ask<readonly PersonChoice[]>("GET", "/api/persons");
  dossier = (person: string) => this.ask<Dossier>("GET", `/api/persons/${encodeURIComponent(person)}/dossier`);
  saveDossier = (person: string, body: DossierDraft) => this.ask<null>("PUT", `/api/persons/${person}/dossier`, body);
  removePhoto = (person: string) => this.ask<null>("DELETE", `/api/persons/${person}/photo`);

  /** A photo's file as it is. The request's body is no JSON, so it goes past the asker. */
  async savePhoto(person: string, file: Blob): Promise<void> {
    const url = `/api/persons/${person}/photo`;
    const headers = { "Content-Type": file.type, "X-Larm-As": "manager", "X-Larm": "1", Accept: "application/json" };
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(url, { method: "PUT", headers, body: file, credentials: "same-origin", signal: AbortSignal.timeout(FILE_PATIENCE_MS) });
      text = await response.text();
    } catch (cause) {
      throw new Unreachable(url, { cause });
    }
    if (response.ok) return;
    if (response.status >= 500) throw new Unreachable(url);
    throw this.heard(new Refusal(response.status, problemIn(text, response.status)));
  }

  private async ask<T>(method: string, url: string, body?: unknown): Promise<T> {
    try {
      return await this.asker.ask<T>(method, url, body);
    } catch (error) {
      throw this.heard(error);
    }
  }

  private heard(error: unknown): unknown {
    if (error instanceof Refusal && error.status === 401 && error.problem.reason === "session_over") this.over();
    return error;
  }
}

const asked = (query: Query) => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return search === "" ? "" : `?${search}`;
};

function problemIn(text: string, status: number): Problem {
  try {
    const found = JSON.parse(text) as Partial<Problem>;
    return { reason: found.reason ?? `http_${status}`, detail: found.detail ?? "", fields: found.fields ?? {} };
  } catch {
    return { reason: `http_${status}`, detail: "", fields: {} }; // a proxy's page, not ours
  }
}

/** Where files and pictures lie, for links and images, which can set no header. */
export const links = {
  photo: (person: string, turn: number) => `/api/persons/${person}/photo?as=manager&turn=${turn}`,
  floorPlan: (place: string) => `/api/places/${place}/plan?as=manager`,
  document: (incident: string) => `/api/incidents/${incident}/export.json?as=manager`,
  print: (incident: string, language: "sv" | "en", redacted: boolean) =>
    `/api/incidents/${incident}/export.pdf?as=manager&language=${language}${redacted ? "&redacted=true" : ""}`,
} as const;
