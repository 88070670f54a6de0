// Written from larmcentral/api/shapes_registers.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.

import type { DeviceView, PersonView } from "./shapes";

/** One row of GET /api/devices. silent: unheard for longer than its class allows. low_battery: below 20 per cent. tested_at: the newest test alarm that reached the desk; test_due: none within 30 days. */
export interface DeviceHealth {
  readonly device: DeviceView;
  readonly person: PersonView | null;
  readonly charging: boolean | null;
  readonly supervised: boolean;
  readonly silent: boolean;
  readonly low_battery: boolean;
  readonly tested_at: string | null;
  readonly test_due: boolean;
  readonly pool: boolean;
  readonly supervision: string;
}

/** One row of GET /api/unknown-input: bytes nobody understood, kept and counted. */
export interface UnknownInput {
  readonly receiver: string;
  readonly reason: string;
  readonly first_at: string;
  readonly last_at: string;
  readonly times: number;
  readonly sample_hex: string;
}

/** One row of GET /api/persons. */
export interface PersonChoice {
  readonly id: string;
  readonly name: string;
  readonly committee_id: string;
  readonly unit: string | null;
}
