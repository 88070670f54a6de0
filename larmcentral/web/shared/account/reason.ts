// Why something did not go: the commonest in the reader's language, all others as the provider or the server said it.
import type { AccountSpeech as Speech } from "../words/account";

export function reasonWords(reason: string, speech: Speech): string {
  const key = reason.toLowerCase().replace(/[^a-z]+/g, "_");
  return speech.sayOr("reason", key, () => reason.replaceAll("_", " "));
}
