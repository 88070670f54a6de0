// The whole screen while a pre-alarm counts: it cannot be missed, and it cannot be left but by a word.
import { stopwatch } from "../../shared/say";
import { useDeps } from "./deps";
import { Time } from "./header";
import { PinPad } from "./pinpad";

export function PreAlarmScreen() {
  const { phone, countdown } = useDeps();
  const speech = phone.speech.value;
  const picture = countdown.picture.value;
  if (!picture) return null;
  return (
    <main class="prealarm">
      <Time />
      <h1>{speech.say("prealarm_title")}</h1>
      <p class="why">{speech.sayOr("prealarm_why", picture.kind)}</p>
      <p class="left" role="timer">
        {stopwatch(Math.ceil(picture.leftMs / 1000) * 1000)}
      </p>
      <progress max={1} value={picture.part} aria-label={speech.say("prealarm_left")} />
      <p class="dim">{speech.say(picture.counted ? "prealarm_counted" : "prealarm_alone")}</p>
      <PinPad
        label={speech.say("prealarm_pin")}
        say={speech.say("prealarm_well")}
        sending={countdown.sending.value}
        refusal={countdown.refusal.value}
        onPin={(pin) => void countdown.cancel(pin)}
      />
      <button type="button" class="big danger" onClick={() => void countdown.confirm()}>
        {speech.say("prealarm_now")}
      </button>
    </main>
  );
}
