// How old the picture is, and whether one may act on it.

export const STALE_MS = 5000; // two ticks are missing: no longer an accident of the network

export type Freshness =
  | { state: "starting"; mayAct: false; ageMs: null }
  | { state: "live"; mayAct: true; ageMs: number }
  | { state: "stale"; mayAct: false; ageMs: number }
  | { state: "no_database"; mayAct: false; ageMs: number };

/** heardAt: the server's last word; readyAt: its last word that the database lives; both on the clock that now is on. */
export function freshness(heardAt: number | null, ready: boolean, readyAt: number | null, now: number): Freshness {
  if (heardAt === null) return { state: "starting", mayAct: false, ageMs: null };
  const ageMs = Math.max(0, now - heardAt);
  if (ageMs >= STALE_MS) return { state: "stale", mayAct: false, ageMs: Math.max(0, now - (ready ? heardAt : (readyAt ?? heardAt))) };
  if (!ready) return { state: "no_database", mayAct: false, ageMs: Math.max(0, now - (readyAt ?? heardAt)) };
  return { state: "live", mayAct: true, ageMs };
}
