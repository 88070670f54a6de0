// Sends an answer from a notice: no log-in, its key is enough. Tried again and again while the worker may live.
import { isOurs } from "../../shared/ask";
import type { AnswerWord } from "./told";

export const PAUSES_MS: readonly number[] = [2000, 4000, 8000, 15_000, 20_000]; // under a minute: a worker is not left to live longer
const PATIENCE_MS = 8000;

export type Outcome = "done" | "over" | "refused" | "lost";
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Repeating it changes nothing: what is said twice is one answer. */
export async function sendAnswer(token: string, word: AnswerWord, fetch: Fetch, rest: (ms: number) => Promise<void>): Promise<Outcome> {
  for (const pause of [...PAUSES_MS, null]) {
    const outcome = await once(token, word, fetch);
    if (outcome !== "lost" || pause === null) return outcome;
    await rest(pause);
  }
  return "lost";
}

async function once(token: string, word: AnswerWord, fetch: Fetch): Promise<Outcome> {
  const body = JSON.stringify({ word });
  const headers = { "Content-Type": "application/json" };
  let response: Response;
  try {
    response = await fetch(`/api/answers/${encodeURIComponent(token)}`, { method: "POST", headers, body, credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    return "lost";
  }
  if (!isOurs(response)) return "lost";
  if (response.ok) return "done";
  if (response.status === 429 || response.status >= 500) return "lost"; // the house has trouble: nothing is said of the answer
  const said = (await response.json().catch(() => null)) as { reason?: string } | null;
  return said?.reason === "stood_down" ? "over" : "refused";
}
