// One person's contact points under the hand. Each change is the server's first and the screen's afterwards.
import { signal } from "@preact/signals-core";
import { Refusal, Unreachable } from "../../shared/api";
import type { WaysApi, Whose } from "../../shared/api_ways";
import type { Clock } from "../../shared/clock";
import type { PointView, ProofAsked } from "../../shared/shapes_points";
import { Errand, type Denied } from "./errand";
import { type PointChannel, living } from "./points";
import { Trial } from "./trial";

const ARMED_MS = 4000; // how long "remove" waits for its second press

export type PointsApi = Pick<WaysApi, "points" | "addPoint" | "orderPoints" | "removePoint" | "askProof" | "giveCode" | "testPoint" | "seenTest" | "message">;

export class PointBook {
  readonly points = signal<readonly PointView[] | null>(null);
  /** Why the list could not be fetched. */
  readonly failed = signal<Denied | null>(null);
  readonly errand = new Errand();
  /** The point whose removal waits for a second press. */
  readonly armed = signal<string | null>(null);
  /** A proof under way: the point it is of, and how it comes back. */
  readonly proof = signal<{ point: string; asked: ProofAsked } | null>(null);
  readonly trial: Trial;
  /** The point that the trial is of. */
  readonly tried = signal<string | null>(null);
  /** How many points were left when one was taken away: none means that nobody reaches this person. */
  readonly left = signal<number | null>(null);
  private stopArmed: (() => void) | null = null;

  constructor(
    private readonly api: PointsApi,
    private readonly clock: Clock,
    readonly whose: Whose,
    private readonly makeId: () => string,
  ) {
    this.trial = new Trial(api, clock, () => void this.load()); // what came back says how the point does
  }

  async load(): Promise<void> {
    try {
      this.points.value = await this.api.points(this.whose);
      this.failed.value = null;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      this.failed.value = { what: "load", problem: error instanceof Refusal ? error.problem : null };
    }
  }

  /** True when it is there. */
  async add(channel: PointChannel, address: string, label: string): Promise<boolean> {
    const id = this.makeId();
    return this.change("add", () => this.api.addPoint(this.whose, { id, channel, address: address.trim(), label: label.trim() }));
  }

  async move(id: string, by: 1 | -1): Promise<boolean> {
    const ids = living(this.points.value ?? []).map((p) => p.id);
    const from = ids.indexOf(id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= ids.length) return false;
    ids.splice(to, 0, ...ids.splice(from, 1));
    return this.change("order", () => this.api.orderPoints(this.whose, { ids }));
  }

  /** The first press arms, the second takes it away. */
  async remove(id: string): Promise<boolean> {
    this.stopArmed?.();
    if (this.armed.value !== id) {
      this.armed.value = id;
      this.stopArmed = this.clock.after(ARMED_MS, () => (this.armed.value = null));
      return false;
    }
    this.armed.value = null;
    return this.change("remove", async () => {
      this.left.value = (await this.api.removePoint(this.whose, id)).left;
    });
  }

  async askProof(id: string): Promise<void> {
    this.proof.value = null;
    const done = await this.errand.run("proof", () => this.api.askProof(this.whose, id));
    if (done) this.proof.value = { point: id, asked: done.answer };
  }

  async giveCode(code: string): Promise<boolean> {
    const proof = this.proof.value;
    if (proof === null || code.trim() === "") return false;
    const done = await this.change("code", () => this.api.giveCode(this.whose, proof.point, { code: code.trim() }));
    if (done) this.proof.value = null;
    return done;
  }

  async test(id: string): Promise<void> {
    this.tried.value = id;
    await this.trial.begin(() => this.api.testPoint(this.whose, id));
  }

  /** Somebody saw the test arrive at a chat, a hook or a pager. */
  async seen(): Promise<boolean> {
    const [point, message] = [this.tried.value, this.trial.message.value];
    if (point === null || message === null) return false;
    return this.change("seen", () => this.api.seenTest(point, { message_id: message.id }));
  }

  close(): void {
    this.stopArmed?.();
    this.trial.close();
  }

  private async change(what: string, call: () => Promise<unknown>): Promise<boolean> {
    this.left.value = null;
    const done = await this.errand.run(what, call);
    if (done !== null) await this.load();
    return done !== null;
  }
}
