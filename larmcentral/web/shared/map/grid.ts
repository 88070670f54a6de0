// The lines one measures by: a grid of round degrees and rings of round distances. No Leaflet, no DOM.

export interface View {
  south: number;
  north: number;
  west: number;
  east: number;
}

export interface GridLine {
  points: [number, number][];
  label: string;
  at: [number, number];
  along: "parallel" | "meridian";
}

const STEPS_DEG = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
const MOST_LINES = 5; // in either direction: enough to measure by, few enough to stay quiet
const RINGS_M = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

export function stepFor(span: number): number {
  return STEPS_DEG.findLast((step) => span / step <= MOST_LINES) ?? 10;
}

export function graticule(view: View): GridLine[] {
  const lines: GridLine[] = [];
  const [dLat, dLon] = [stepFor(view.north - view.south), stepFor(view.east - view.west)];
  const places = (step: number) => Math.max(0, Math.ceil(-Math.log10(step)));
  for (const lat of multiples(view.south, view.north, dLat)) {
    const label = `${lat.toFixed(places(dLat))}° N`;
    lines.push({ points: [[lat, view.west - 1], [lat, view.east + 1]], label, at: [lat, view.west], along: "parallel" });
  }
  for (const lon of multiples(view.west, view.east, dLon)) {
    const label = `${Math.abs(lon).toFixed(places(dLon))}° ${lon < 0 ? "W" : "E"}`;
    lines.push({ points: [[view.south - 1, lon], [view.north + 1, lon]], label, at: [view.north, lon], along: "meridian" });
  }
  return lines;
}

/** Two rings that fit between the middle and the edge of the picture. */
export function rangeRings(toEdge_m: number): number[] {
  return RINGS_M.filter((metres) => metres < toEdge_m * 0.95).slice(-2);
}

function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}
