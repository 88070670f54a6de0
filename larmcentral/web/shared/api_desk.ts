// The server's HTTP about one incident beyond the commonest commands: its plan, whom else to tell, and what must be answered.
import type { Ask } from "./api_ways";
import type { IncidentView } from "./shapes";
import type { HandOver, Hold, Jump, Merge, PeopleAdd } from "./shapes_desk";
import type { Dossier } from "./shapes_persons";
import type { ClosingForm, IncidentPlan, MessageSend, StepDone } from "./shapes_plans";
import type { Setup } from "./shapes_setup";

export class DeskApi {
  constructor(private readonly ask: Ask) {}

  plan = (incident: string) => this.ask<IncidentPlan>("GET", `/api/incidents/${incident}/plan`);
  recordStep = (incident: string, key: string, body: StepDone) => this.order(incident, `plan/${encodeURIComponent(key)}`, body);
  message = (incident: string, body: MessageSend) => this.order(incident, "message", body);
  jump = (incident: string, body: Jump) => this.order(incident, "jump", body);
  add = (incident: string, body: PeopleAdd) => this.order(incident, "add", body);
  hold = (incident: string, body: Hold) => this.order(incident, "hold", body);
  merge = (incident: string, body: Merge) => this.order(incident, "merge", body);
  handOver = (incident: string, body: HandOver) => this.order(incident, "hand-over", body);
  putBack = (incident: string) => this.order(incident, "put-back");

  closing = () => this.ask<readonly ClosingForm[]>("GET", "/api/closing");
  setup = () => this.ask<Setup>("GET", "/api/setup");
  /** That it was opened is recorded where the person sees it, so it is fetched only when somebody asks for it. */
  dossier = (person: string, incident: string) => this.ask<Dossier>("GET", `/api/persons/${person}/dossier?incident=${incident}`);
  photo = (person: string) => `/api/persons/${person}/photo?as=desk`;
  floorPlan = (place: string) => `/api/places/${place}/plan?as=desk`;

  private order(incident: string, what: string, body?: unknown): Promise<IncidentView> {
    return this.ask<IncidentView>("POST", `/api/incidents/${incident}/${what}`, body);
  }
}
