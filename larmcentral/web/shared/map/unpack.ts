// The outline's rings as Leaflet wants them: see tools/cut-outline.mjs for how they were packed.

export type Ring = [lat: number, lon: number][];

export function unpack(packed: Readonly<Record<string, readonly (readonly number[])[]>>): Record<string, Ring[]> {
  return Object.fromEntries(Object.entries(packed).map(([country, rings]) => [country, rings.map(unpackRing)]));
}

function unpackRing(steps: readonly number[]): Ring {
  const ring: Ring = [];
  let [lon, lat] = [0, 0];
  for (let i = 0; i + 1 < steps.length; i += 2) {
    lon += steps[i] as number;
    lat += steps[i + 1] as number;
    ring.push([lat / 100, lon / 100]);
  }
  return ring;
}
