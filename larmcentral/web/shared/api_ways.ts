// The server's HTTP about ways out: how they do, centres, texts, contact points, and tests of each.
import type { Kind } from "./shapes";
import type { SosCard } from "./shapes_card";
import type { ForwarderView, InTestDraft, RowDraft, RowRehearsal, RowSaved, RowTestAsked, RowView, SignDraft } from "./shapes_forwarders";
import type { ChannelTest, ChannelView, CodeGiven, MessageAsked, PointAdd, PointAdded, PointOrder, PointRemoved, PointView, ProofAsked, SeenTest, ServiceMessageView } from "./shapes_points";
import type { TemplateDraft, TemplatePreview, TemplateSaved, TemplateShelfView, TemplateWords } from "./shapes_templates";
import type { WayBoard } from "./shapes_ways";

export type Ask = <T>(method: string, url: string, body?: unknown) => Promise<T>;

/** Which row of a centre's table. */
export interface RowKey {
  centre: string;
  kind: Kind;
  silent: boolean;
}

/** Whose contact points: one's own, or those of a person whom one keeps. */
export type Whose = "mine" | { person: string };

const rowOf = ({ centre, kind, silent }: RowKey) => `/api/forwarders/${encodeURIComponent(centre)}/rows/${kind}/${silent ? "silent" : "open"}`;
const listOf = (whose: Whose) => (whose === "mine" ? "/api/me/points" : `/api/persons/${whose.person}/points`);
const pointOf = (whose: Whose, id: string) => `${whose === "mine" ? "/api/me/points" : "/api/points"}/${id}`;

export class WaysApi {
  constructor(private readonly ask: Ask) {}

  board = () => this.ask<WayBoard>("GET", "/api/ways-out");
  channels = () => this.ask<readonly ChannelView[]>("GET", "/api/channels");
  testChannel = (channel: string, body: ChannelTest) => this.ask<MessageAsked>("POST", `/api/channels/${channel}/test`, body);
  message = (id: string) => this.ask<ServiceMessageView>("GET", `/api/service-messages/${id}`);

  centres = () => this.ask<readonly ForwarderView[]>("GET", "/api/forwarders");
  testState = (centre: string, body: InTestDraft) => this.ask<null>("POST", `/api/forwarders/${encodeURIComponent(centre)}/test-state`, body);
  rows = (centre: string) => this.ask<readonly RowView[]>("GET", `/api/forwarders/${encodeURIComponent(centre)}/rows`);
  saveRow = (row: RowKey, body: RowDraft) => this.ask<RowSaved>("PUT", rowOf(row), body);
  removeRow = (row: RowKey) => this.ask<null>("DELETE", rowOf(row));
  rehearse = (row: RowKey, over: boolean, body: RowDraft) => this.ask<RowRehearsal>("POST", `${rowOf(row)}/dry-run?over=${over}`, body);
  testRow = (row: RowKey) => this.ask<RowTestAsked>("POST", `${rowOf(row)}/test`);
  signRow = (row: RowKey, body: SignDraft) => this.ask<null>("POST", `${rowOf(row)}/sign`, body);

  texts = (kind: Kind, language: string) => this.ask<TemplateShelfView>("GET", `/api/templates?kind=${kind}&language=${language}`);
  previewText = (body: TemplateWords) => this.ask<TemplatePreview>("POST", "/api/templates/preview", body);
  saveText = (body: TemplateDraft) => this.ask<TemplateSaved>("PUT", "/api/templates", body);
  removeText = (id: string) => this.ask<null>("DELETE", `/api/templates/${id}`);

  troubledPoints = () => this.ask<readonly PointView[]>("GET", "/api/points");
  points = (whose: Whose) => this.ask<readonly PointView[]>("GET", listOf(whose));
  addPoint = (whose: Whose, body: PointAdd) => this.ask<PointAdded>("POST", listOf(whose), body);
  orderPoints = (whose: Whose, body: PointOrder) => this.ask<null>("PUT", `${listOf(whose)}/order`, body);
  removePoint = (whose: Whose, id: string) => this.ask<PointRemoved>("DELETE", pointOf(whose, id));
  askProof = (whose: Whose, id: string) => this.ask<ProofAsked>("POST", `${pointOf(whose, id)}/proof`);
  giveCode = (whose: Whose, id: string, body: CodeGiven) => this.ask<null>("PUT", `${pointOf(whose, id)}/proof`, body);
  testPoint = (whose: Whose, id: string) => this.ask<MessageAsked>("POST", `${pointOf(whose, id)}/test`);
  seenTest = (id: string, body: SeenTest) => this.ask<null>("POST", `/api/points/${id}/seen`, body);

  card = (incident: string) => this.ask<SosCard>("GET", `/api/incidents/${incident}/card`);
}
