// What a push carries, as larmcentral/channels/web_push_payload.py writes it.
import type { Language } from "../../shared/say";

/** What one can answer from a notice; also the words that POST /api/answers/{token} takes. */
export const ANSWERS = ["going", "cannot", "on_site"] as const;
export type AnswerWord = (typeof ANSWERS)[number];

export interface Told {
  /** alarm, over, released, check_in_due ...; service: words of the house about itself. */
  readonly about: string;
  readonly title: string;
  readonly body: string;
  /** Its place on the screen: a newer one of the same tag replaces it. */
  readonly tag: string;
  readonly lang: Language;
  readonly incident_id: string | null;
  /** A silent alarm. */
  readonly silent: boolean;
  /** It must make no sound. */
  readonly quiet: boolean;
  /** ms; null where the notice is about no alarm. */
  readonly opened_at: number | null;
  /** The key of its buttons; null where there is nothing to answer. */
  readonly answer: string | null;
  /** Of a proof: the address on our own server that proves that this browser is reached. */
  readonly link: string | null;
}

/** Null for anything that is no notice of ours. */
export function told(text: string): Told | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== "object" || read === null) return null;
  const found = read as Record<string, unknown>;
  const words = (name: string): string | null => (typeof found[name] === "string" ? found[name] : null);
  const about = words("about");
  const title = words("title");
  if (about === null || title === null) return null;
  const opened = Date.parse(words("opened_at") ?? "");
  return {
    about,
    title,
    body: words("body") ?? "",
    tag: words("tag") ?? about,
    lang: found.lang === "en" ? "en" : "sv",
    incident_id: words("incident_id"),
    silent: found.silent === true,
    quiet: found.quiet === true,
    opened_at: Number.isNaN(opened) ? null : opened,
    answer: words("answer"),
    link: words("link"),
  };
}

const PROOF = "/api/proofs/";

/** The path of a proof on our own server, whatever host its link names; null for any other link. */
export function proofPath(link: string | null): string | null {
  if (link === null) return null;
  try {
    const { pathname } = new URL(link, "https://larm.invalid");
    return pathname.startsWith(PROOF) && pathname.length > PROOF.length ? pathname : null;
  } catch {
    return null;
  }
}
