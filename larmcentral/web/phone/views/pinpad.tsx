// Keys for a PIN, large enough for a shaking hand; a keyboard works too. It looks the same whichever PIN is given.
import { useEffect, useRef, useState } from "preact/hooks";
import { useDeps } from "./deps";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
const MOST = 8;
const LEAST = 4;

export function PinPad(props: { label: string; say: string; sending: boolean; refusal: string | null; onPin: (pin: string) => void; onCancel?: () => void }) {
  const speech = useDeps().phone.speech.value;
  const [pin, setPin] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (props.refusal) setPin("");
  }, [props.refusal]);
  const press = (key: string) => setPin((old) => (old + key).slice(0, MOST));
  return (
    <form
      class="pinpad"
      onSubmit={(event) => {
        event.preventDefault();
        if (pin.length >= LEAST && !props.sending) props.onPin(pin);
      }}
    >
      <label>
        {props.label}
        <input
          ref={field}
          type="password"
          inputmode="none"
          autocomplete="off"
          maxLength={MOST}
          value={pin}
          onInput={(event) => setPin(event.currentTarget.value.replace(/\D/g, ""))}
        />
      </label>
      <p class="refusal" role="alert">
        {props.refusal ?? ""}
      </p>
      <div class="keys">
        {KEYS.map((key) => (
          <button key={key} type="button" class="key" onClick={() => press(key)}>
            {key}
          </button>
        ))}
        <button type="button" class="key word" onClick={() => setPin((old) => old.slice(0, -1))}>
          {speech.say("pin_erase")}
        </button>
        <button type="button" class="key" onClick={() => press("0")}>
          0
        </button>
        <button type="submit" class="key word primary" disabled={pin.length < LEAST || props.sending}>
          {props.sending ? speech.say("pin_sending") : props.say}
        </button>
      </div>
      {props.onCancel && (
        <button type="button" class="big" onClick={props.onCancel}>
          {speech.say("cancel")}
        </button>
      )}
    </form>
  );
}
