// The phone's clock. A browser's steady clock stands still while the phone sleeps; the one on the wall does not.
import { BrowserClock } from "../../shared/clock";

const SLEPT_MS = 2000; // less than this is how the two drift; more, and the phone has slept

export class PhoneClock extends BrowserClock {
  private ahead = 0;

  constructor(
    private readonly steady: () => number = () => performance.timeOrigin + performance.now(),
    private readonly wall: () => number = Date.now,
  ) {
    super();
  }

  /** Never steps back: a wall clock that is set back is not followed, the centre's time puts it right. */
  override now(): number {
    const steady = this.steady();
    const ahead = this.wall() - steady;
    if (ahead - this.ahead > SLEPT_MS) this.ahead = ahead;
    return steady + this.ahead;
  }
}
