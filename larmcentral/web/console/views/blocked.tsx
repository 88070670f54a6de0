// The loudest thing on the page: the browser lets no alarm be heard. Any click or key ends it.
import { useDeps } from "./deps";
import { Sign } from "./shapes";

export function Blocked() {
  const { desk, siren } = useDeps();
  const speech = desk.speech.value;
  if (!desk.settings.sound.value || siren.state.value !== "blocked") return null;
  return (
    <button type="button" class="blocked" onClick={() => siren.unlock(true)}>
      <Sign name="mute" />
      <span>
        <b>{speech.say("sound_blocked")}</b>
        <span>{speech.say("sound_blocked_how")}</span>
      </span>
    </button>
  );
}
