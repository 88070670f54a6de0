// Written from larmcentral/api/shapes_setup.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.


/** Where the map's tiles come from. url: with {z}, {x} and {y} for "raster", of one file for "pmtiles". */
export interface MapSetup {
  readonly kind: "raster" | "pmtiles";
  readonly url: string;
  readonly attribution: string;
  readonly max_zoom: number;
}

/** GET /api/setup. map: null where the house has no tiles of its own; the map then draws coast, towns and plans. push_key: what a browser subscribes with (applicationServerKey, urlsafe base64), null where push to browsers is not set up. call_back: where the desk is reached by telephone, null where the settings do not say. */
export interface Setup {
  readonly organisation: string;
  readonly map: MapSetup | null;
  readonly push_key: string | null;
  readonly call_back: string | null;
}
