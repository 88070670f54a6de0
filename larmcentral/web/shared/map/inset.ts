// A small outline of the country with a dot: where in the land one is. Equirectangular, true at 62° N.
import type { Ring } from "./unpack";

const SVG = "http://www.w3.org/2000/svg";
const BOX = { south: 55.2, north: 69.2, west: 10.6, east: 24.4 };
const SQUEEZE = Math.cos((62 * Math.PI) / 180);
export const INSET = { width: Math.round((BOX.east - BOX.west) * SQUEEZE * 10), height: Math.round((BOX.north - BOX.south) * 10) };

export function insetPoint(lat: number, lon: number): [number, number] {
  const round = (n: number) => Math.round(n * 10) / 10;
  return [round((lon - BOX.west) * SQUEEZE * 10), round((BOX.north - lat) * 10)];
}

export function insetPath(rings: readonly Ring[]): string {
  const body = rings.filter((ring) => ring.length > 8); // skerries are dust at this size
  return body.map((ring) => `M${ring.map(([lat, lon]) => insetPoint(lat, lon).join(" ")).join("L")}z`).join("");
}

export class Inset {
  readonly element = document.createElementNS(SVG, "svg");
  private readonly dot = document.createElementNS(SVG, "circle");

  constructor(rings: readonly Ring[]) {
    this.element.setAttribute("viewBox", `-3 -3 ${INSET.width + 6} ${INSET.height + 6}`);
    this.element.setAttribute("class", "inset");
    this.element.setAttribute("aria-hidden", "true");
    const land = document.createElementNS(SVG, "path");
    land.setAttribute("d", insetPath(rings));
    this.dot.setAttribute("r", "4");
    this.element.append(land, this.dot);
  }

  move(lat: number, lon: number): void {
    const [x, y] = insetPoint(lat, lon);
    this.dot.setAttribute("cx", String(x));
    this.dot.setAttribute("cy", String(y));
  }
}
