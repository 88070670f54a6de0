// What an incident's devices were told, what came back, and what may be asked of them.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { OrdersApi } from "../../shared/api_orders";
import type { Speech } from "../words/speech";
import type { DeviceOrdersView, DownlinkView } from "../../shared/shapes_orders";
import { refusalWords } from "./orders";

export interface SaidLine {
  id: string;
  what: string;
  state: string;
  poor: boolean;
}

/** Why a button cannot be pressed, in words; null where it can. */
export function askable(refused: string | null, speech: Speech): string | null {
  return refused === null ? null : refusalWords({ reason: refused, detail: "", fields: {} }, speech);
}

/** Newest first, as the server gives them. now: decides which times need their date. */
export function saidLines(words: readonly DownlinkView[], speech: Speech, now: number): SaidLine[] {
  return words.map((one) => ({ id: one.id, what: whatWords(one, speech), state: stateOf(one, speech, now), poor: one.state === "unsaid" }));
}

function whatWords(one: DownlinkView, speech: Speech): string {
  return one.number ? speech.say("said_call_back_number", { number: one.number }) : speech.sayOr("said", one.kind);
}

function stateOf(one: DownlinkView, speech: Speech, now: number): string {
  const moment = (at: string) => speech.moment(at, now); // settings wait for days
  switch (one.state) {
    case "waiting":
      return speech.say("said_state_waiting", { time: moment(one.expires_at) });
    case "sent":
      return speech.say("said_state_sent", { time: moment(one.sent_at ?? one.filed_at) });
    case "answered":
      if (one.placed_at) return speech.say("said_state_placed", { time: moment(one.placed_at) });
      return speech.say("said_state_answered", { answer: one.answer ?? "", time: moment(one.answered_at ?? one.filed_at) });
    case "unsaid":
      return speech.sayOr("said_unsaid", one.unsaid ?? "expired");
  }
}

/** A refusal of a number in words, else of the order itself. */
export function deniedOrder(error: Refusal | null, speech: Speech): string {
  const fault = error?.problem.fields.number ?? error?.problem.fields.sos_numbers;
  return fault ? speech.sayOr("number", fault) : refusalWords(error?.problem ?? null, speech);
}

/** The devices of one incident. A button says nothing as done before the server has. */
export class DeviceDesk {
  readonly devices = signal<readonly DeviceOrdersView[] | null>(null);
  readonly underWay = signal(false);
  /** null: nothing was refused; an empty Refusal stands for no answer. */
  readonly refused = signal<{ error: Refusal | null } | null>(null);

  constructor(
    private readonly api: Pick<OrdersApi, "devices" | "locate" | "callBack">,
    readonly incident: string,
  ) {}

  async load(): Promise<void> {
    try {
      this.devices.value = await this.api.devices(this.incident);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error; // the last answer stays; the incident says how old all is
    }
  }

  locate = (device: string): Promise<boolean> => this.ask(() => this.api.locate(this.incident, device));
  callBack = (device: string, number: string): Promise<boolean> => this.ask(() => this.api.callBack(this.incident, device, { number }));

  close(): void {}

  private async ask(order: () => Promise<unknown>): Promise<boolean> {
    if (this.underWay.value) return false;
    this.underWay.value = true;
    this.refused.value = null;
    try {
      await order();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.refused.value = { error: error instanceof Refusal ? error : null };
      return false;
    } finally {
      this.underWay.value = false;
    }
    await this.load();
    return true;
  }
}
