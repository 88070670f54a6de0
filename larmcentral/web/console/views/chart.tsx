// The last hour of a way out as bars: up what got through, down what was lost. The words beside it say the same.
import type { Bar } from "../models/board";

const STEP = 3;
const HALF = 16;

export function HourChart({ bars }: { bars: readonly Bar[] }) {
  const width = bars.length * STEP;
  return (
    <svg class="hour" viewBox={`0 0 ${width} ${HALF * 1.5 + 1}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="axis" d={`M0 ${HALF}.5H${width}`} />
      <path class="up" d={bars.map((bar, i) => block(i, HALF - bar.up * (HALF - 1), bar.up * (HALF - 1))).join("")} />
      <path class="down" d={bars.map((bar, i) => block(i, HALF + 1, (bar.down * HALF) / 2)).join("")} />
    </svg>
  );
}

function block(at: number, top: number, height: number): string {
  return height <= 0 ? "" : `M${at * STEP} ${top.toFixed(2)}h${STEP - 1}v${height.toFixed(2)}h${1 - STEP}z`;
}
