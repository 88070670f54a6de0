// What a house may lay on the map: tiles of its own, one by one or out of one PMTiles archive, and floor plans.
import L from "leaflet";
import type { MapSetup } from "../shapes_setup";
import type { PlanBounds } from "../shapes";

/** Told when the first tile stands, or when none can be had. */
export interface Coming {
  here(): void;
  lost(): void;
}

export async function tiles(setup: MapSetup, coming: Coming): Promise<L.GridLayer> {
  const layer = setup.kind === "raster" ? L.tileLayer(setup.url, { maxNativeZoom: setup.max_zoom, maxZoom: MAX_ZOOM }) : await archive(setup);
  let any = false;
  layer.on("tileload", () => {
    if (!any) coming.here();
    any = true;
  });
  layer.on("tileerror", () => any || coming.lost());
  return layer;
}

export const MAX_ZOOM = 21; // a floor plan is read at that

/** Pictures out of one archive, drawn on canvases: a blob's address would need a hole in the content-security policy. */
async function archive(setup: MapSetup): Promise<L.GridLayer> {
  const { PMTiles, TileType } = await import("pmtiles");
  const file = new PMTiles(new URL(setup.url, location.href).href);
  const draws = file.getHeader().then((header) => {
    if (header.tileType === TileType.Mvt || header.tileType === TileType.Mlt) throw new Error("an archive of shapes, not of pictures");
    return Math.min(setup.max_zoom, header.maxZoom);
  });
  const most = await draws.catch(() => setup.max_zoom); // tile by tile the reason comes again, and is told
  const Archive = L.GridLayer.extend({
    createTile(this: L.GridLayer, at: L.Coords, done: L.DoneCallback): HTMLElement {
      const size = this.getTileSize();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [size.x, size.y];
      draws
        .then(() => file.getZxy(at.z, at.x, at.y))
        .then(async (found) => {
          if (!found) return; // the archive ends here: nothing to draw
          const picture = await createImageBitmap(new Blob([found.data]));
          canvas.getContext("2d")?.drawImage(picture, 0, 0, size.x, size.y);
        })
        .then(() => done(undefined, canvas), (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), canvas));
      return canvas;
    },
  }) as unknown as new (options: L.GridLayerOptions) => L.GridLayer;
  return new Archive({ maxNativeZoom: most, maxZoom: MAX_ZOOM });
}

export function area(bounds: PlanBounds): L.LatLngBounds {
  return L.latLngBounds([bounds.south, bounds.west], [bounds.north, bounds.east]);
}

export function planImage(url: string, bounds: PlanBounds): L.ImageOverlay {
  return L.imageOverlay(url, area(bounds), { className: "floor-plan", interactive: false });
}
