// The map, useful without a base map: coast, towns, grid, range rings, accuracy circle, trail; tiles and a floor plan where the house has them.
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "../css/board.css";
import type { PlanBounds, PositionView } from "../shapes";
import type { MapSetup } from "../shapes_setup";
import { Inset } from "./inset";
import { graticule, rangeRings } from "./grid";
import { MAX_ZOOM, area, planImage, tiles } from "./layers";
import packed from "./outline.json";
import { TOWNS } from "./towns";
import { unpack } from "./unpack";

const COAST_MAX_ZOOM = 12; // beyond it the thinned coast would claim more than it knows
const TOWN_ZOOM = { 1: 0, 2: 7, 3: 9 } as const;
const SCALE_PX = 44; // the scale stands in that corner
const ADDRESS_PX = 22;
const START_ZOOM = 15;
const COARSE_ZOOM = 12;
const DRAWN_ZOOM = 18; // nearer than that only a floor plan or tiles have anything to say
const COARSE_M = 600; // a position from the mobile network: show its whole circle

export interface BoardWords {
  zoomIn: string;
  zoomOut: string;
  centre: string;
  note: string;
  /** In place of the note, where the house's tiles do not come. */
  lost: string;
  metres(m: number): string;
}

export class Board {
  private readonly map: L.Map;
  private readonly coast = L.layerGroup();
  private readonly grid = L.layerGroup();
  private readonly towns = L.layerGroup();
  private readonly rings = L.layerGroup();
  private readonly mark = L.layerGroup();
  private readonly inset: Inset;
  private about = "";
  private at: L.LatLng | null = null;
  private coarse = false;
  private following = true;
  private moving = false;
  private say: BoardWords | null = null;
  private tiles: { layer: L.GridLayer; setup: MapSetup; here: boolean } | null = null;
  private lost = false;
  private gone = false;
  private plan: { url: string; layer: L.ImageOverlay; area: L.LatLngBounds } | null = null;
  private controls: L.Control[] = [];

  constructor(box: HTMLElement) {
    this.map = L.map(box, {
      zoomControl: false,
      attributionControl: false,
      zoomAnimation: false,
      fadeAnimation: false,
      inertia: false,
      minZoom: 4,
      maxZoom: MAX_ZOOM,
      maxBounds: L.latLngBounds([50, -5], [74, 40]),
    }).setView([62, 16], 5);
    const outline = unpack(packed);
    this.inset = new Inset(outline.SE ?? []);
    box.append(this.inset.element);
    for (const [country, rings] of Object.entries(outline)) {
      const name = `land ${country === "SE" ? "home" : "abroad"}`;
      for (const ring of rings) L.polygon(ring, { className: name, interactive: false, smoothFactor: 1 }).addTo(this.coast);
    }
    for (const layer of [this.coast, this.grid, this.rings, this.towns, this.mark]) layer.addTo(this.map);
    this.map.on("moveend", () => this.scenery());
    this.map.on("dragstart zoomstart", () => {
      if (!this.moving) this.following = false; // the operator looks around: do not pull the map away
    });
    const watch = new ResizeObserver(() => this.map.invalidateSize({ animate: false }));
    watch.observe(box);
    this.map.on("unload", () => watch.disconnect());
  }

  words(words: BoardWords): void {
    this.say = words;
    for (const control of this.controls) control.remove();
    const centre = new L.Control({ position: "topright" });
    centre.onAdd = () => {
      const button = L.DomUtil.create("button", "centre");
      button.type = "button";
      button.title = words.centre;
      button.setAttribute("aria-label", words.centre);
      button.textContent = "◎";
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => this.follow());
      return button;
    };
    const note = new L.Control({ position: "bottomright" });
    note.onAdd = () => {
      const text = L.DomUtil.create("span", "map-note");
      text.textContent = this.tiles?.here ? this.tiles.setup.attribution : this.lost ? words.lost : words.note;
      return text;
    };
    this.controls = [
      L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }),
      centre,
      L.control.scale({ imperial: false, maxWidth: 140 }),
      note,
    ];
    for (const control of this.controls) control.addTo(this.map);
    this.scenery();
  }

  /** The position of one incident; another incident moves the map, the same one only while it is followed. */
  draw(about: string, position: PositionView, trail: readonly PositionView[], calling: boolean): void {
    this.coarse = (position.accuracy_m ?? 0) > COARSE_M;
    this.at = this.begin(about, position);
    if (trail.length > 0) {
      const line = [...trail.map((p) => L.latLng(p.lat, p.lon)), this.at];
      L.polyline(line, { className: "trail", interactive: false }).addTo(this.mark);
      for (const point of line.slice(0, -1)) L.circleMarker(point, { radius: 2.5, className: "trail-point", interactive: false }).addTo(this.mark);
    }
    if (position.accuracy_m) {
      L.circle(this.at, { radius: position.accuracy_m, className: `accuracy ${position.valid ? "" : "last-known"}`, interactive: false }).addTo(this.mark);
    }
    L.circleMarker(this.at, { radius: 13, className: `halo ${calling ? "calling" : ""}`, interactive: false }).addTo(this.mark);
    L.circleMarker(this.at, { radius: 6, className: `here ${position.valid ? "" : "last-known"}`, interactive: false }).addTo(this.mark);
    this.finish();
  }

  /** The address of the place, where nobody has told a position: a square, as it is no fix. */
  drawAddress(about: string, at: { lat: number; lon: number }, calling: boolean): void {
    this.coarse = false;
    const icon = L.divIcon({ className: `address-mark ${calling ? "calling" : ""}`, iconSize: [ADDRESS_PX, ADDRESS_PX] });
    L.marker(this.begin(about, at), { icon, interactive: false, keyboard: false }).addTo(this.mark);
    this.finish();
  }

  /** The house's own tiles below everything; where they do not come, what we draw ourselves stays. */
  async base(setup: MapSetup): Promise<void> {
    if (this.tiles) return;
    const coming = { here: () => this.standing(true), lost: () => this.standing(false) };
    const layer = await tiles(setup, coming);
    if (this.gone) return;
    this.tiles = { layer, setup, here: false };
    layer.addTo(this.map);
  }

  private standing(here: boolean): void {
    if (!this.tiles || this.gone) return;
    this.tiles.here = here;
    this.lost = !here;
    this.map.getContainer().classList.toggle("has-tiles", here);
    if (this.say) this.words(this.say);
  }

  /** Lays a floor plan where its edges are, or takes it away. */
  floor(plan: { url: string; bounds: PlanBounds } | null): void {
    if (plan?.url === this.plan?.url) return;
    this.plan?.layer.remove();
    this.plan = plan && { url: plan.url, layer: planImage(plan.url, plan.bounds).addTo(this.map), area: area(plan.bounds) };
    this.map.getContainer().classList.toggle("has-plan", plan !== null);
    if (this.following) this.follow();
  }

  private begin(about: string, at: { lat: number; lon: number }): L.LatLng {
    if (about !== this.about) this.following = true;
    this.about = about;
    this.at = L.latLng(at.lat, at.lon);
    this.inset.move(at.lat, at.lon);
    this.mark.clearLayers();
    return this.at;
  }

  private finish(): void {
    if (this.following) this.follow();
    else this.scenery();
  }

  remove(): void {
    this.gone = true;
    this.map.remove();
  }

  private follow(): void {
    if (!this.at) return;
    this.following = true;
    this.moving = true;
    if (this.plan?.area.contains(this.at) && !this.coarse) this.map.fitBounds(this.plan.area, { animate: false });
    else this.map.setView(this.at, this.coarse ? COARSE_ZOOM : START_ZOOM, { animate: false });
    this.moving = false;
  }

  /** What depends on the view: grid, rings, which towns. */
  private scenery(): void {
    const words = this.say;
    if (!words) return;
    const zoom = this.map.getZoom();
    const bounds = this.map.getBounds();
    const drawn = !this.tiles?.here; // tiles say more than an outline, and would lie below it
    if (drawn && zoom <= COAST_MAX_ZOOM) this.coast.addTo(this.map);
    else this.coast.remove();
    this.map.setMaxZoom(drawn && !this.plan ? DRAWN_ZOOM : MAX_ZOOM);
    this.grid.clearLayers();
    const view = { south: bounds.getSouth(), north: bounds.getNorth(), west: bounds.getWest(), east: bounds.getEast() };
    for (const line of drawn ? graticule(view) : []) {
      L.polyline(line.points.map((p) => L.latLng(p)), { className: "grid", interactive: false }).addTo(this.grid);
      const low = this.map.latLngToContainerPoint(line.at).y > this.map.getSize().y - SCALE_PX;
      if (!low) label(line.label, line.at, `grid-label ${line.along}`).addTo(this.grid);
    }
    this.rings.clearLayers();
    if (this.at && zoom >= 9) {
      const size = this.map.getSize();
      const edge = this.map.containerPointToLatLng([size.x / 2, 0]);
      for (const metres of rangeRings(this.map.distance(this.map.getCenter(), edge))) {
        L.circle(this.at, { radius: metres, className: "ring", interactive: false }).addTo(this.rings);
        const north = L.latLng(this.at.lat + metres / 111_320, this.at.lng);
        label(words.metres(metres), [north.lat, north.lng], "ring-label").addTo(this.rings);
      }
    }
    this.towns.clearLayers();
    for (const town of drawn ? TOWNS : []) {
      if (zoom < TOWN_ZOOM[town.rank] || !bounds.pad(0.1).contains([town.lat, town.lon])) continue;
      L.circleMarker([town.lat, town.lon], { radius: 2.5, className: "town", interactive: false }).addTo(this.towns);
      label(town.name, [town.lat, town.lon], "town-label").addTo(this.towns);
    }
  }
}

function label(text: string, at: readonly [number, number], name: string): L.Marker {
  const element = document.createElement("span");
  element.textContent = text;
  return L.marker([...at], { icon: L.divIcon({ className: name, html: element, iconSize: [0, 0] }), interactive: false, keyboard: false });
}
