// Words to the responders or to the wearer of one incident. Never to the wearer of a silent alarm.
import { useRef, useState } from "preact/hooks";
import { who } from "../../shared/account/marks";
import type { MessageSend } from "../../shared/shapes_plans";
import { MESSAGE_LENGTH, lengthWords, recipients } from "../models/telling";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";
import { Choices, OrderForm, useChosen } from "./orderform";

export function MessageDialog() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const incident = useChosen();
  const [chosen, setChosen] = useState<MessageSend["to"] | null>(null);
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  if (!incident) return null;
  const all = recipients(incident, speech);
  const able = all.filter((one) => one.able);
  const to = chosen ?? (able.length === 1 ? (able[0]?.to ?? null) : null);
  const choose = (word: MessageSend["to"] | undefined) => {
    if (word && able.some((one) => one.to === word)) setChosen(word);
  };
  return (
    <Dialog title={speech.say("message_title", { who: who(incident, speech) })}>
      <OrderForm
        incident={incident}
        order="message"
        words={speech.say("message_send")}
        missing={to === null ? speech.say("message_choose") : text.trim() === "" ? speech.say("message_empty") : null}
        tried={() => field.current?.focus()}
        send={() => (to === null ? Promise.resolve(false) : desk.acts.message(incident.id, to, text))}
        pick={(index) => choose(all[index]?.to)}
      >
        <Choices<MessageSend["to"]>
          name="message-to"
          legend={speech.say("message_whom")}
          all={all.map((one) => ({ value: one.to, words: one.words, aside: one.aside, able: one.able, checked: one.to === to }))}
          choose={choose}
          first={able.length !== 1}
        />
        <label>
          {speech.say("message_text")}
          <textarea ref={field} autofocus={able.length === 1} rows={4} maxLength={MESSAGE_LENGTH} value={text} aria-describedby="message-length" onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <p class="hint" id="message-length">
          {lengthWords(text, speech)}
        </p>
      </OrderForm>
    </Dialog>
  );
}
