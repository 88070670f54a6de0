// The key sheet, opened by "?".
import { KEY_SHEET } from "../models/keys";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";

export function KeySheet() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const { singleKeys } = desk.settings;
  return (
    <Dialog title={speech.say("keys_title")} class="keysheet">
      <dl>
        {KEY_SHEET.map(([key, second, words]) => (
          <div key={words}>
            <dt>
              <kbd>{key}</kbd> {second && <kbd>{second}</kbd>}
            </dt>
            <dd>{speech.say(words)}</dd>
          </div>
        ))}
      </dl>
      <label class="choice">
        <input type="checkbox" checked={singleKeys.value} onChange={(event) => desk.settings.switchSingleKeys(event.currentTarget.checked)} />
        {speech.say("keys_on")}
      </label>
    </Dialog>
  );
}
