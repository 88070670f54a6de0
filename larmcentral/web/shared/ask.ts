// One request to the server: a shape comes back, or Refusal is thrown (it said no), or Unreachable (it said nothing).
import type { Problem } from "./shapes";

const PATIENCE_MS = 8000; // longer than a failover of one connection, shorter than an operator's

/** The server refused, and says why in a key. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.reason);
  }
}

/** No answer. Whether a command was carried out is unknown. */
export class Unreachable extends Error {}

/** What the centre writes on each of its answers, and nobody between us does: a hotel's page with "yes" is no yes. */
export const isOurs = (answer: Response): boolean => answer.headers.get("X-Larm") === "1";

export type As = "desk" | "phone" | "manager";
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
/** as: which page asks. Each has a log-in of its own, so that one browser can be a desk and a phone. */
export class Asker {
  constructor(
    private readonly fetch: Fetch,
    private readonly as: As,
  ) {}

  async ask<T>(method: string, url: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json", "X-Larm-As": this.as };
    if (method !== "GET") headers["X-Larm"] = "1";
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const init: RequestInit = { method, headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(url, init);
      text = await response.text();
    } catch (cause) {
      throw new Unreachable(url, { cause });
    }
    if (!isOurs(response)) throw new Unreachable(url);
    if (!response.ok) throw refusalOf(response.status, text, url);
    return (text === "" ? null : JSON.parse(text)) as T;
  }
}

function refusalOf(status: number, text: string, url: string): Refusal | Unreachable {
  try {
    const found = JSON.parse(text) as Partial<Problem>;
    if (typeof found.reason === "string") {
      return new Refusal(status, { reason: found.reason, detail: found.detail ?? "", fields: found.fields ?? {} });
    }
  } catch {
    // a proxy's page, not ours: the status is all there is
  }
  if (status >= 500) return new Unreachable(url); // somebody between us failed: what became of it is unknown
  return new Refusal(status, { reason: `http_${status}`, detail: "", fields: {} });
}
