// Paths to a centre and short lengths, in words.
import type { AccountSpeech as Speech } from "../words/account";

export function pathWords(name: string, speech: Speech): string {
  return speech.sayOr("path_name", name);
}

/** 340 ms below a second, 3,4 s below ten, else whole ones. */
export function secondsWords(seconds: number, speech: Speech): string {
  if (seconds < 1) return speech.say("unit_ms", { n: Math.max(1, Math.round(seconds * 1000)) });
  return speech.say("unit_s", { n: seconds < 10 ? speech.decimal(seconds.toFixed(1)) : Math.round(seconds) });
}
