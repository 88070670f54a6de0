// The covert way in: three taps on the time within one and a half seconds. Nothing on the screen answers.
export const TAPS = 3;
export const WITHIN_MS = 1500;

export class Taps {
  private times: readonly number[] = [];

  constructor(private readonly done: () => void) {}

  tap(at: number): void {
    this.times = [...this.times.filter((one) => at - one < WITHIN_MS), at];
    if (this.times.length < TAPS) return;
    this.times = [];
    this.done();
  }
}
