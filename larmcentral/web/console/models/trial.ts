// A test under way: asked for, followed until something came back, told in words. Tests are marked and are no alarms.
import { signal } from "@preact/signals-core";
import type { WaysApi } from "../../shared/api_ways";
import { Refusal, Unreachable } from "../../shared/api";
import type { Clock } from "../../shared/clock";
import type { Speech } from "../words/speech";
import type { MessageAsked, ServiceMessageView } from "../../shared/shapes_points";
import { Errand } from "./errand";
import { reasonWords } from "../../shared/account/reason";
import { secondsWords } from "../../shared/account/ways";

const LOOK_MS = 700;
const RECEIPT_MS = 45_000; // a network's receipt for a text message comes within seconds, or late enough to read elsewhere
const PATIENCE_MS = 120_000; // one retry and a lease; what takes longer is seen on the board

export class Trial {
  readonly errand = new Errand();
  /** What was asked for last, as the server knows it; null before its first look. */
  readonly message = signal<ServiceMessageView | null>(null);
  /** True while something may still come back. */
  readonly following = signal(false);
  private stop: (() => void) | null = null;
  private id: string | null = null;

  /** news: called whenever its state has changed. */
  constructor(
    private readonly api: Pick<WaysApi, "message">,
    private readonly clock: Clock,
    private readonly news: () => void = () => undefined,
  ) {}

  async begin(ask: () => Promise<MessageAsked>): Promise<void> {
    if (this.errand.doing.value !== null) return;
    this.close();
    this.message.value = null;
    const done = await this.errand.run("test", ask);
    if (done === null) return;
    this.id = done.answer.message_id;
    this.following.value = true;
    await this.look(done.answer.message_id, this.clock.now());
  }

  /** Stops looking: the page was left, or another test begins. */
  close(): void {
    this.stop?.();
    this.id = null;
    this.following.value = false;
  }

  private async look(id: string, begun: number): Promise<void> {
    try {
      const found = await this.api.message(id);
      if (this.id !== id) return;
      const before = this.message.value?.state ?? "pending";
      this.message.value = found;
      if (found.state !== before) this.news();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      if (this.id !== id) return; // no answer to a look is no news: the next one tells
    }
    const state = this.message.value?.state ?? "pending";
    const over = state === "pending" ? PATIENCE_MS : state === "sent" ? RECEIPT_MS : 0;
    if (this.clock.now() - begun >= over) this.following.value = false;
    else this.stop = this.clock.after(LOOK_MS, () => void this.look(id, begun));
  }
}

export interface TrialPicture {
  state: ServiceMessageView["state"];
  words: string;
  /** What the provider said, as it said it. */
  answer: string | null;
}

/** What is known of a test, in one sentence and the provider's own words. */
export function trialPicture(message: ServiceMessageView, now: number, speech: Speech): TrialPicture {
  const by = message.provider ? providerWords(message.provider, speech) : speech.say("trial_somebody");
  const seconds = message.seconds === null ? "" : secondsWords(message.seconds, speech);
  const why = message.reason ? reasonWords(message.reason, speech) : "";
  const answer = message.answer && message.answer !== message.reason ? readable(message.answer) : null;
  const told = { state: message.state, answer };
  switch (message.state) {
    case "pending":
      return { ...told, words: speech.say(message.tries > 0 ? "trial_again" : "trial_pending", { age: speech.length(now - Date.parse(message.asked_at)) }) };
    case "sent":
      return { ...told, words: speech.say("trial_sent", { by, seconds }) };
    case "delivered":
      return { ...told, words: speech.say("trial_delivered", { by, seconds }) };
    case "refused":
      return { ...told, words: speech.say("trial_refused", { by, why }) };
    case "gone":
      return { ...told, words: speech.say("trial_gone", { by, why }) };
    case "failed":
      return { ...told, words: speech.say("trial_failed", { why }) };
  }
}

/** A provider as a person calls it: 46elks, smpp, or a centre by its name. */
export function providerWords(provider: string, speech: Speech): string {
  const centre = /^receiver:(.+)$/.exec(provider);
  return centre ? speech.say("provider_receiver", { name: centre[1] ?? "" }) : speech.sayOr("provider", provider);
}


/** JSON may write a letter as \u00e5; a person reads the letter. */
function readable(answer: string): string {
  return answer.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
