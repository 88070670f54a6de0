// Which lines of a long list are near the eye, where lines differ in height: guessed until one has been drawn and measured.

export interface Stretch {
  from: number;
  /** One behind the last. */
  to: number;
  /** Room for the lines that are not drawn, in pixels. */
  abovePx: number;
  belowPx: number;
}

const SPARE_PX = 600; // drawn beyond the edge, so that a turn of the wheel finds lines there

export class Heights {
  private readonly px: Float64Array;
  private tops: Float64Array | null = null;

  constructor(
    readonly count: number,
    guessPx: number,
  ) {
    this.px = new Float64Array(count).fill(guessPx);
  }

  /** Notes how high a line was drawn; true where that was not known. */
  measured(index: number, px: number): boolean {
    if (px <= 0 || index >= this.count || Math.abs((this.px[index] ?? 0) - px) < 0.5) return false;
    this.px[index] = px;
    this.tops = null;
    return true;
  }

  /** Where a line begins; that of one behind the last is the height of all. */
  top(index: number): number {
    return this.prefix()[Math.min(Math.max(index, 0), this.count)] ?? 0;
  }

  stretch(scrolledPx: number, viewPx: number): Stretch {
    const from = Math.max(0, this.over(scrolledPx - SPARE_PX));
    const to = Math.min(this.count, this.over(scrolledPx + viewPx + SPARE_PX) + 1);
    return { from, to, abovePx: this.top(from), belowPx: this.top(this.count) - this.top(to) };
  }

  /** The line that lies at so many pixels from the top. */
  private over(px: number): number {
    const tops = this.prefix();
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((tops[middle] ?? 0) <= px) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private prefix(): Float64Array {
    if (this.tops) return this.tops;
    const tops = new Float64Array(this.count + 1);
    for (let index = 0; index < this.count; index += 1) tops[index + 1] = (tops[index] ?? 0) + (this.px[index] ?? 0);
    this.tops = tops;
    return tops;
  }
}
