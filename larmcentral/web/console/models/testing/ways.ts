// Made-up ways out, centres, texts and points for the view models' tests, and a server that answers as it is told.
import type { ServiceMessageView, PointView } from "../../../shared/shapes_points";
import type { ForwarderView, RowView } from "../../../shared/shapes_forwarders";
import type { WayView } from "../../../shared/shapes_ways";
import { Refusal } from "../../../shared/api";
import { at } from "../../../shared/testing/made";

export const way = (provider: string, wish: Partial<WayView> = {}): WayView => ({
  provider,
  channel: "sms",
  receiver: null,
  state: "alive",
  since: at(-300),
  reason: "",
  last_good_at: at(-4),
  last_bad_at: null,
  answered_at: null,
  processes: 1,
  say_dead: 0,
  in_line: 0,
  waiting: 0,
  oldest_at: null,
  next_due_at: null,
  last_due_at: null,
  hour: null,
  minutes: [],
  ...wish,
});

export const message = (wish: Partial<ServiceMessageView> = {}): ServiceMessageView => ({
  id: "m",
  kind: "test",
  channel: "sms",
  point_id: "p",
  receiver: null,
  asked_at: at(0),
  state: "pending",
  settled_at: null,
  tries: 0,
  provider: null,
  seconds: null,
  reason: "",
  answer: "",
  ...wish,
});

export const pointView = (id: string, wish: Partial<PointView> = {}): PointView => ({
  id,
  committee_id: "c",
  person_id: "anna",
  person: "Anna",
  channel: "sms",
  address: "+46701740605",
  label: null,
  rank: 0,
  made_at: at(-9000),
  proof: "code",
  verified_at: null,
  health: "never_reached",
  last_reached_at: null,
  last_failed_at: null,
  last_failed_why: null,
  retired_at: null,
  retired_why: null,
  ...wish,
});

export const centreView = (wish: Partial<ForwarderView> = {}): ForwarderView => ({
  name: "larmbolaget",
  label: "Larmbolaget",
  telephone: "0980-319 201",
  in_test: false,
  test_until: null,
  test_changed_at: null,
  test_changed_by: null,
  unsigned: 36,
  paths: [],
  ...wish,
});

export const rowView = (wish: Partial<RowView> = {}): RowView => ({
  kind: "panic",
  silent: false,
  version: 0,
  event_code: "PA",
  sia: "PA",
  cid: "120",
  area: "",
  section: "",
  detector: "",
  section_text: "{place}",
  detector_text: "{person}",
  text: "{kind}",
  why: "manual panic",
  made_at: null,
  made_by: null,
  signed: null,
  complaints: [],
  ...wish,
});

export function refused(status: number, reason: string, fields: Record<string, string> = {}): Refusal {
  return new Refusal(status, { reason, detail: "", fields });
}

export const settle = (): Promise<void> => new Promise((done) => setTimeout(done));
