// What can be chosen in lists, in the order in which one looks for it: gravest first.
import type { IncidentState, Kind, OutcomeWord, Purpose } from "../../shared/shapes";

/** A record, so that a kind that the server learns cannot be forgotten here. */
const EVERY_KIND: Readonly<Record<Kind, true>> = {
  panic: true,
  duress: true,
  hold_up: true,
  medical: true,
  man_down: true,
  fall: true,
  no_motion: true,
  unspecified_alarm: true,
  group_alarm: true,
  missed_check_in: true,
  overdue: true,
  lost_contact: true,
  silent_device: true,
  low_battery: true,
  power_off: true,
  removed: true,
  tamper: true,
  device_fault: true,
};
export const KINDS = Object.keys(EVERY_KIND) as readonly Kind[];
export const OUTCOMES = ["real", "false", "test", "drill", "other"] as const satisfies readonly OutcomeWord[];
export const STATES = ["open", "acknowledged", "stood_down"] as const satisfies readonly IncidentState[];
export const PURPOSES = ["real", "drill", "test"] as const satisfies readonly Purpose[];
