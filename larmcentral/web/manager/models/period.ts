// The days that a report is about. Empty means the server's own: the last twelve months.
import type { Query } from "./routes";

/** Local days as 2026-11-22, "" for the server's own. */
export interface Period {
  from: string;
  until: string;
}

export const PERIOD: Period = { from: "", until: "" };
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day that is none is left out, as a link may have been typed by hand. */
export function periodOf(query: Query): Period {
  const day = (said: string | undefined) => (said !== undefined && DAY.test(said) ? said : "");
  return { from: day(query.from), until: day(query.until) };
}

export const LATELY = [7, 30, 90, 365] as const;

/** So many days up to today, today among them. today: as 2026-11-22. */
export function lately(days: number, today: string): Period {
  const first = new Date(`${today}T12:00:00Z`); // noon: no summer time moves it into another day
  first.setUTCDate(first.getUTCDate() - days + 1);
  return { from: first.toISOString().slice(0, 10), until: today };
}
