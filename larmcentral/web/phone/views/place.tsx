// What one should know of a place before one goes there, and while one is there.
import { useEffect } from "preact/hooks";
import { useDeps } from "./deps";

export function PlaceCard({ id }: { id: string }) {
  const { phone, own } = useDeps();
  const speech = phone.speech.value;
  useEffect(() => void own.look(id), [id, own]);
  const { rows: place, state } = own.place.value;
  if (!place) return <p class="dim">{speech.say(state === "failed" ? "place_unknown" : "loading")}</p>;
  const facts = [
    ["premises_address", place.address],
    ["premises_floor", place.floor],
    ["premises_door_code", place.door_code],
  ] as const;
  const danger = place.risk !== "none" || place.notes !== "" || place.two_persons;
  return (
    <section class={danger ? "card danger-card" : "card"} aria-label={place.name}>
      <h2>{place.name}</h2>
      {place.two_persons && <p class="rule">{speech.say("place_two")}</p>}
      {place.risk !== "none" && <p class="risk">{speech.sayOr("risk", place.risk)}</p>}
      {place.ground && <p>{place.ground}</p>}
      {place.notes && (
        <p>
          <b>{speech.say("premises_danger")}:</b> {place.notes}
        </p>
      )}
      {place.no_signal_at && <p class="risk">{speech.say("place_no_signal", { date: speech.date(place.no_signal_at) })}</p>}
      <dl>
        {facts
          .filter(([, value]) => value !== "")
          .map(([key, value]) => (
            <div key={key}>
              <dt>{speech.say(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
