// Written from larmcentral/api/shapes_points.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.


/** A contact point. address: null where it is an app's own key. proof: how it is proven. health: by what came last. verified_at: null until it is proven; it rings all the same. */
export interface PointView {
  readonly id: string;
  readonly committee_id: string;
  readonly person_id: string;
  readonly person: string;
  readonly channel: "apns" | "fcm" | "web_push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager";
  readonly address: string | null;
  readonly label: string | null;
  readonly rank: number;
  readonly made_at: string;
  readonly proof: "code" | "link" | "push" | "seen";
  readonly verified_at: string | null;
  readonly health: "never_reached" | "reached" | "failing" | "retired";
  readonly last_reached_at: string | null;
  readonly last_failed_at: string | null;
  readonly last_failed_why: string | null;
  readonly retired_at: string | null;
  readonly retired_why: string | null;
}

/** POST /api/me/points and /api/persons/{person_id}/points; the id is made by whoever adds it. address: a number with its country code; an app's token; a browser's subscription as JSON; a mail address; the name that a hook has in the settings; a pager's number. */
export interface PointAdd {
  readonly id: string;
  readonly channel: "apns" | "fcm" | "web_push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager";
  readonly address: string;
  readonly label?: string;
}

/** Which point it is: that of the body, or the one that the person has there already. */
export interface PointAdded {
  readonly id: string;
}

/** PUT /api/me/points/order and /api/persons/{person_id}/points/order: all that are in use, the first first. */
export interface PointOrder {
  readonly ids: readonly string[];
}

/** left: how many points in use the person has now. None: an alarm reaches him nowhere. */
export interface PointRemoved {
  readonly left: number;
}

/** A proof is on its way. by: how it comes back. message_id: for GET /api/service-messages/{message_id}. */
export interface ProofAsked {
  readonly message_id: string;
  readonly by: "code" | "link" | "push" | "seen";
  readonly expires_at: string;
}

/** PUT /api/me/points/{point_id}/proof and /api/points/{point_id}/proof. */
export interface CodeGiven {
  readonly code: string;
}

/** POST /api/points/{point_id}/seen: the test that was seen to arrive. */
export interface SeenTest {
  readonly message_id: string;
}

/** POST /api/channels/{channel}/test: the contact point to send it to. */
export interface ChannelTest {
  readonly point_id: string;
}

/** A test is on its way. message_id: for GET /api/service-messages/{message_id}. */
export interface MessageAsked {
  readonly message_id: string;
}

/** A test or a proof, and what came back. seconds: until the provider's answer. answer: its words, masked. */
export interface ServiceMessageView {
  readonly id: string;
  readonly kind: "test" | "proof" | "receiver_test";
  readonly channel: "apns" | "fcm" | "web_push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager" | "receiver";
  readonly point_id: string | null;
  readonly receiver: string | null;
  readonly asked_at: string;
  readonly state: "pending" | "sent" | "delivered" | "refused" | "gone" | "failed";
  readonly settled_at: string | null;
  readonly tries: number;
  readonly provider: string | null;
  readonly seconds: number | null;
  readonly reason: string;
  readonly answer: string;
}

/** A way out as it is set up. facts: what is no secret, by name. */
export interface ProviderView {
  readonly provider: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** One row of GET /api/channels. providers: in the order in which they are asked; none: it is not set up. proven, unproven: points in use. failing: of those, whose last try failed. retired: gone for their providers. */
export interface ChannelView {
  readonly channel: "apns" | "fcm" | "web_push" | "sms" | "voice" | "mail" | "teams" | "webhook" | "pager" | "receiver";
  readonly providers: readonly ProviderView[];
  readonly proven: number;
  readonly unproven: number;
  readonly failing: number;
  readonly retired: number;
  readonly last_test: ServiceMessageView | null;
}
