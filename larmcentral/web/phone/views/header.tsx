// The head of every page: the time, which is also the covert way in, whether the centre is heard, and what waits.
import { useMemo } from "preact/hooks";
import { refusalWords } from "../models/refusal";
import { Taps } from "../models/taps";
import { useDeps } from "./deps";

export function Header() {
  const { phone, alarms } = useDeps();
  const speech = phone.speech.value;
  const silent = phone.silentMs.value;
  const waiting = phone.outbox.told.value.length;
  return (
    <header class="top">
      <div class="top-line">
        <Time />
        <p class={silent > 0 ? "contact lost" : "contact"} role="status">
          {silent > 0
            ? speech.say(phone.heardAt.value === null ? "contact_none" : "contact_lost", { age: speech.age(silent) })
            : speech.say("contact_good")}
        </p>
      </div>
      {waiting > 0 && (
        <p class="waits">
          {speech.say(waiting === 1 ? "waits_one" : "waits", { n: waiting })}
        </p>
      )}
      {phone.outbox.unkept.value && <p class="warn">{speech.say("unkept")}</p>}
      {alarms.drill.value && <p class="drill">{speech.say("drill_banner")}</p>}
      <Refused />
    </header>
  );
}

/** Three presses call for help, and change nothing on the screen. */
export function Time() {
  const { phone, alarms } = useDeps();
  const taps = useMemo(() => new Taps(() => void alarms.covert()), [alarms]);
  return (
    <button type="button" class="time" onClick={() => taps.tap(phone.clock.now())}>
      {phone.speech.value.time(phone.now.value).slice(0, 5)}
    </button>
  );
}

/** What the server refused, until its owner has read it. A refused start is said in its form. */
function Refused() {
  const { phone } = useDeps();
  const speech = phone.speech.value;
  return (
    <>
      {phone.outbox.refused.value
        .filter((row) => row.what !== "start" && row.refused !== null)
        .map((row) => (
          <div key={row.id} class="refused" role="alert">
            <p>
              <b>{speech.say("refused_row", { what: speech.sayOr("outbox", row.what), time: speech.time(row.made_at).slice(0, 5) })}</b>{" "}
              {row.refused && refusalWords(row.refused.problem, speech)}
            </p>
            <button type="button" class="small" onClick={() => phone.outbox.dismiss(row.id)}>
              {speech.say("understood")}
            </button>
          </div>
        ))}
    </>
  );
}
