// Written from larmcentral/api/shapes_orders.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.


/** Words for a device. answer: its own words; no person gave them. placed_at: when it answered with a place. number: of a call back. by: null for the house. unsaid: why they will not be said any more: not there in time, no words for it, the incident over, or silent by now. */
export interface DownlinkView {
  readonly id: string;
  readonly kind: "taken" | "test_received" | "locate" | "call_back" | "commission";
  readonly state: "waiting" | "sent" | "answered" | "unsaid";
  readonly filed_at: string;
  readonly expires_at: string;
  readonly sent_at: string | null;
  readonly answered_at: string | null;
  readonly answer: string | null;
  readonly placed_at: string | null;
  readonly unsaid: "expired" | "no_words" | "over" | "silent" | null;
  readonly number: string | null;
  readonly by: string | null;
}

/** A device of an incident, and what it was told. locate_refused, call_back_refused: why it may not be asked. */
export interface DeviceOrdersView {
  readonly device_id: string;
  readonly label: string;
  readonly protocol: string;
  readonly locate_refused: "device_has_no_words" | "locate_may_show" | "silent_incident" | "stood_down" | null;
  readonly call_back_refused: "device_has_no_words" | "locate_may_show" | "silent_incident" | "stood_down" | null;
  readonly words: readonly DownlinkView[];
}

/** POST /api/incidents/{incident_id}/devices/{device_id}/call-back: where the device shall ring. Never an emergency number: a device that rings one has nobody beside it who knows what it is about. */
export interface CallBackOrder {
  readonly number: string;
}

/** Which order it is: a new one, or the same that waits already. */
export interface OrderFiled {
  readonly order_id: string;
}

/** A device's commissioning sheet. changed_at: null where none was written. A setting that is null is left alone. quiet_locate: somebody tried that nothing shows at the device when it is asked where it is. can: what this kind of device can be told; by_hand: what is asked for and has to be set at the device itself. said: what was sent and answered, newest first. */
export interface SheetView {
  readonly device_id: string;
  readonly label: string;
  readonly protocol: string;
  readonly sos_numbers: readonly string[] | null;
  readonly fall_detection: boolean | null;
  readonly fall_calls: boolean | null;
  readonly in_utc: boolean | null;
  readonly report_every_s: number | null;
  readonly note: string;
  readonly quiet_locate: boolean;
  readonly changed_at: string | null;
  readonly changed_by: string | null;
  readonly can: readonly ("sos_numbers" | "fall_detection" | "fall_calls" | "in_utc" | "report_every_s")[];
  readonly by_hand: readonly ("sos_numbers" | "fall_detection" | "fall_calls" | "in_utc" | "report_every_s")[];
  readonly said: readonly DownlinkView[];
}

/** PUT /api/devices/{device_id}/commissioning. report_every_s: seconds between positions. quiet_locate: tried: asked where it is, the device neither sounds nor lights up nor shakes; only then it is asked so in a silent incident. */
export interface SheetWritten {
  readonly sos_numbers?: readonly string[] | null;
  readonly fall_detection?: boolean | null;
  readonly fall_calls?: boolean | null;
  readonly in_utc?: boolean | null;
  readonly report_every_s?: number | null;
  readonly note?: string;
  readonly quiet_locate?: boolean;
}

/** POST /api/devices/{device_id}/commissioning/send. good_for_h: how many hours it may wait for the device. */
export interface SheetSend {
  readonly good_for_h?: number;
}
