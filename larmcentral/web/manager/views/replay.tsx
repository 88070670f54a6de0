// The replay: the map as it was at a moment, and the slider that moves it. Leaflet is fetched with it.
import { useEffect, useRef, useState } from "preact/hooks";
import { floorPlan, place } from "../../shared/account/place";
import type { Board } from "../../shared/map/board";
import type { IncidentDetail } from "../../shared/shapes";
import { links } from "../models/api";
import type { Replay } from "../models/replay";
import { useDeps } from "./deps";

const STEP_MS = 1000;

export function ReplayPart({ detail, replay }: { detail: IncidentDetail; replay: Replay }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const at = replay.at.value;
  const began = Date.parse(detail.incident.opened_at);
  const position = replay.position.value;
  const words = position ? place(position, at, speech) : null;
  const playing = replay.playing.value;
  return (
    <section class="replay">
      <h2>{speech.say("replay")}</h2>
      {replay.moves || detail.place?.lat != null ? <MapOf detail={detail} replay={replay} /> : <p class="nothing boxed">{speech.say("replay_no_position")}</p>}
      <p class="where" aria-hidden={playing}>
        {words ? [words.near, words.coordinates, words.accuracy, words.age].filter(Boolean).join(" · ") : speech.say(replay.moves ? "replay_not_yet" : "replay_no_position")}
      </p>
      <div class="player">
        <button type="button" class="act" aria-pressed={playing} onClick={() => (playing ? replay.pause() : replay.play())}>
          {speech.say(playing ? "replay_pause" : "replay_play")}
        </button>
        <button type="button" class="act" aria-label={speech.say("replay_back")} title={speech.say("replay_back")} onClick={() => replay.step(-1)}>
          ‹
        </button>
        <button type="button" class="act" aria-label={speech.say("replay_on")} title={speech.say("replay_on")} onClick={() => replay.step(1)}>
          ›
        </button>
        <output class="figures">{speech.moment(at, began)}</output>
        <span class="aside inline">{replay.pace > 1.5 ? speech.say("replay_pace", { n: Math.round(replay.pace) }) : ""}</span>
      </div>
      <input
        type="range"
        class="slider"
        min={replay.from}
        max={replay.until}
        step={STEP_MS}
        value={at}
        aria-label={speech.say("replay_moment")}
        aria-valuetext={speech.moment(at, began)}
        onInput={(event) => replay.move(Number(event.currentTarget.value))}
      />
      <p class="hint">{speech.say("replay_lead")}</p>
    </section>
  );
}

function MapOf({ detail, replay }: { detail: IncidentDetail; replay: Replay }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const box = useRef<HTMLDivElement>(null);
  const [board, setBoard] = useState<Board | null>(null);
  const [lost, setLost] = useState(false);
  const { incident, place: known } = detail;
  const tiles = office.setup.value.value?.map ?? null;
  const plan = floorPlan(known);
  const position = replay.position.value;
  useEffect(() => {
    let gone = false;
    let made: Board | null = null;
    import("../../shared/map/board").then(
      ({ Board }) => {
        if (gone || !box.current) return;
        made = new Board(box.current);
        setBoard(made);
      },
      () => setLost(true), // the place still stands below, in words
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
    if (!board) return;
    const calling = incident.acknowledged_at === null || replay.at.value < Date.parse(incident.acknowledged_at);
    if (position) board.draw(incident.id, position, replay.trail.value, calling);
    else if (known && known.lat !== null && known.lon !== null) board.drawAddress(incident.id, { lat: known.lat, lon: known.lon }, calling);
  }, [board, position, incident.id]);
  useEffect(() => {
    if (board && tiles) void board.base(tiles);
  }, [board, tiles]);
  useEffect(() => {
    board?.floor(plan ? { url: links.floorPlan(plan.place), bounds: plan.bounds } : null);
  }, [board, plan?.place]);
  return (
    <div class="board-frame">
      <div class="board" ref={box} role="region" aria-label={speech.say("place_map")} />
      {lost && (
        <p class="map-lost" role="status">
          {speech.say("place_map_lost")}
        </p>
      )}
    </div>
  );
}
