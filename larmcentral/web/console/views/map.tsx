// The map zone: place in words above, the drawn map below. Leaflet is fetched when the first position or address is.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Board } from "../../shared/map/board";
import { coordinates, floorPlan, indoor, near, place, placeIn, spot } from "../../shared/account/place";
import { useDeps } from "./deps";

export function MapZone() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = desk.desk.selected.value;
  const at = incident ? spot(incident, placeIn(desk.desk.detail.value, incident)) : null;
  const words = at?.by === "fix" ? place(at.position, desk.now.value, speech) : null;
  const inside = incident ? indoor(desk.desk.detail.value, incident, desk.now.value, speech) : null;
  return (
    <section class="zone map" aria-labelledby="map-head">
      <header class="zone-head">
        <h2 id="map-head">{speech.say("place")}</h2>
        {incident?.silent && (
          <span class="mark silent" title={speech.say("mark_silent_why")}>
            {speech.say("mark_silent")}
          </span>
        )}
        {words && (
          <>
            <p class="near">{inside?.where ?? words.near ?? ""}</p>
            <p class="measure">
              <Coordinates text={words.coordinates} />
              <span>{words.accuracy}</span>
              <span class={words.old ? "old" : ""}>{words.age}</span>
              {words.lastKnown && <span class="old">{speech.say("place_last_known")}</span>}
            </p>
          </>
        )}
        {at?.by === "address" && (
          <>
            <p class="near">{inside?.where ?? near(at, speech) ?? ""}</p>
            <p class="measure">
              <Coordinates text={coordinates(at)} />
              <span class="by-address">{speech.say("place_by_address")}</span>
            </p>
          </>
        )}
      </header>
      {at ? (
        <MapBoard />
      ) : (
        <div class="empty">
          {incident && (
            <>
              <p class="empty-head">{speech.say("place_none")}</p>
              <p>{speech.say("place_none_lead")}</p>
            </>
          )}
        </div>
      )}
    </section>
  );
}

function Coordinates({ text }: { text: string }) {
  const speech = useDeps().desk.speech.value;
  const [copied, setCopied] = useState<string | null>(null);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <>
      <button type="button" class="link figures" title={speech.say("place_copy")} onClick={() => void copy()}>
        {text}
      </button>
      {copied === text && <span class="copied" role="status">{speech.say("place_copied")}</span>}
    </>
  );
}

function MapBoard() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const box = useRef<HTMLDivElement>(null);
  const [board, setBoard] = useState<Board | null>(null);
  const [lost, setLost] = useState(false);
  const incident = desk.desk.selected.value;
  const detail = desk.desk.detail.value;
  const known = incident ? placeIn(detail, incident) : null;
  const plan = floorPlan(known);
  const [planShown, setPlanShown] = useState(true);
  const tiles = desk.setup.value.value?.map ?? null;
  const trail = detail && detail.incident.id === incident?.id ? detail.trail : [];
  useEffect(() => void desk.setup.load(), []);
  useEffect(() => {
    let gone = false;
    let made: Board | null = null;
    import("../../shared/map/board").then(
      ({ Board }) => {
        if (gone || !box.current) return;
        made = new Board(box.current);
        setBoard(made);
      },
      () => setLost(true), // the place still stands above, in words
    );
    return () => {
      gone = true;
      made?.remove();
    };
  }, []);
  useEffect(() => {
    board?.words({
      zoomIn: speech.say("place_zoom_in"),
      zoomOut: speech.say("place_zoom_out"),
      centre: speech.say("place_centre"),
      note: speech.say("place_no_tiles"),
      lost: speech.say("place_tiles_lost"),
      metres: (m) => speech.metres(m),
    });
  }, [board, speech]);
  useEffect(() => {
    if (!board || !incident) return;
    const at = spot(incident, known);
    if (at?.by === "fix") board.draw(incident.id, at.position, trail, incident.state === "open");
    else if (at) board.drawAddress(incident.id, at, incident.state === "open");
  }, [board, incident?.id, incident?.position, incident?.state, trail, known]);
  useEffect(() => {
    if (board && tiles) void board.base(tiles);
  }, [board, tiles]);
  useEffect(() => {
    board?.floor(plan && planShown ? { url: desk.api.desk.floorPlan(plan.place), bounds: plan.bounds } : null);
  }, [board, plan?.place, plan?.bounds, planShown]);
  return (
    <div class="board-frame">
      <div class="board" ref={box} role="region" aria-label={speech.say("place_map")} />
      {lost && (
        <p class="map-lost" role="status">
          {speech.say("place_map_lost")}
        </p>
      )}
      {plan && !lost && (
        <button type="button" class="act plan-switch" aria-pressed={planShown} onClick={() => setPlanShown(!planShown)}>
          {speech.say("place_plan")}
        </button>
      )}
    </div>
  );
}
