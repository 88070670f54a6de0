// Which lines of a long list are drawn: those in view and a few beyond. Heights are known, so nothing has to be measured.

const SPARE = 6; // so that a Tab or a turn of the wheel meets a line that is there

/** Where each line begins, in pixels from the top; the last figure is the whole height. */
export function tops(heights: readonly number[]): number[] {
  const found = [0];
  let at = 0;
  for (const height of heights) found.push((at += height));
  return found;
}

/** The lines from first to before last that are drawn when a box of that height is scrolled to top. */
export function drawn(tops: readonly number[], top: number, height: number): { first: number; last: number } {
  const count = tops.length - 1;
  const first = lineAt(tops, top);
  const last = lineAt(tops, top + height) + 1;
  return { first: Math.max(0, first - SPARE), last: Math.min(count, last + SPARE) };
}

/** Where to scroll so that a line is seen whole; null where it is already. */
export function scrollTo(tops: readonly number[], line: number, top: number, height: number): number | null {
  const [from, until] = [tops[line] ?? 0, tops[line + 1] ?? 0];
  if (from < top) return from;
  return until > top + height ? until - height : null;
}

/** The last line that begins at or above y. */
function lineAt(tops: readonly number[], y: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
