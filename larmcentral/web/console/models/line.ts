// The lines of the queue: a row for each alarm, or one for several of one cause.
import type { IncidentView } from "../../shared/shapes";

export interface RowLine {
  readonly what: "row";
  readonly key: string;
  readonly incident: IncidentView;
  /** Stands under the line of its group, which is open. */
  readonly inGroup: boolean;
}

export interface GroupLine {
  readonly what: "group";
  readonly key: string;
  /** The one that gives the line its place. */
  readonly incident: IncidentView;
  readonly ids: readonly string[];
  readonly open: boolean;
  readonly oldest: number;
  readonly newest: number;
}

export type Line = RowLine | GroupLine;

export const rowLine = (incident: IncidentView, inGroup = false): RowLine => ({ what: "row", key: incident.id, incident, inGroup });
