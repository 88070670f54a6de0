// Cuts a small outline of the countries around Sweden out of world-atlas (Natural Earth 1:10m, public domain) and
// writes shared/map/outline.json: per country rings of whole hundredths of a degree, [lon, lat, dlon, dlat, ...], each
// point as the difference to the one before. Sweden is finer than its neighbours. Run by hand, commit the result.
import { readFileSync, writeFileSync } from "node:fs";
import { feature } from "topojson-client";

const TOLERANCE_DEG = { SE: 0.012, DK: 0.03, NO: 0.06, FI: 0.06, AX: 0.04 }; // a quiet background, not a chart
const MIN_RING_DEG = { SE: 0.06, DK: 0.15, NO: 0.3, FI: 0.3, AX: 0.1 }; // smaller islands are left out
const BOX = { west: 3.5, east: 31, south: 53.8, north: 71.5 };
const COUNTRIES = { 752: "SE", 578: "NO", 208: "DK", 246: "FI", 248: "AX" };

const atlas = JSON.parse(readFileSync(new URL("../node_modules/world-atlas/countries-10m.json", import.meta.url)));

function packed(ring) {
  let [x, y] = [0, 0];
  return ring.flatMap(([lon, lat]) => {
    const step = [Math.round(lon * 100) - x, Math.round(lat * 100) - y];
    [x, y] = [x + step[0], y + step[1]];
    return step;
  });
}

function distance(p, a, b) {
  const [dx, dy] = [b[0] - a[0], (b[1] - a[1]) * 2];
  const [px, py] = [p[0] - a[0], (p[1] - a[1]) * 2];
  const length = Math.hypot(dx, dy);
  return length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
}

function thin(points, tolerance) {
  if (points.length < 3) return points;
  let worst = 0;
  let at = 0;
  for (let i = 1; i < points.length - 1; i++) {
    const d = distance(points[i], points[0], points.at(-1));
    if (d > worst) [worst, at] = [d, i];
  }
  if (worst < tolerance) return [points[0], points.at(-1)];
  return [...thin(points.slice(0, at + 1), tolerance).slice(0, -1), ...thin(points.slice(at), tolerance)];
}

function keep(ring, least) {
  const lons = ring.map((p) => p[0]);
  const lats = ring.map((p) => p[1]);
  const [w, e, s, n] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  return e > BOX.west && w < BOX.east && n > BOX.south && s < BOX.north && Math.max(e - w, n - s) > least;
}

const outline = {};
for (const country of feature(atlas, atlas.objects.countries).features) {
  const name = COUNTRIES[Number(country.id)];
  if (!name) continue;
  const polygons = country.geometry.type === "Polygon" ? [country.geometry.coordinates] : country.geometry.coordinates;
  const rings = polygons.map((p) => p[0]).filter((ring) => keep(ring, MIN_RING_DEG[name]));
  outline[name] = rings
    .map((ring) => {
      const t = TOLERANCE_DEG[name];
      const half = Math.floor(ring.length / 2); // a closed ring has no first and last point to thin between
      return [...thin(ring.slice(0, half + 1), t).slice(0, -1), ...thin(ring.slice(half), t)];
    })
    .filter((ring) => ring.length > 3)
    .map(packed);
}
const text = JSON.stringify(outline);
writeFileSync(new URL("../shared/map/outline.json", import.meta.url), `${text}\n`);
process.stdout.write(`${text.length} bytes, ${Object.values(outline).flat().length} rings\n`);
