// The whole screen when a sign of life is due, when a session should have ended, or when somebody asks how one is.
import { useEffect, useRef, useState } from "preact/hooks";
import { extended } from "../models/visit";
import { useDeps } from "./deps";
import { Time } from "./header";
import { PinPad } from "./pinpad";

export function ReminderScreen() {
  const { phone, visit } = useDeps();
  const speech = phone.speech.value;
  const reminder = visit.reminder.value;
  const session = visit.session.value;
  const [pin, setPin] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  if (!reminder || !session) return null;
  const { what } = reminder;
  const late = reminder.lateMs > 0;
  const well = (code: string | null) => void (what === "welfare" ? visit.answer(true, code) : what === "end" ? visit.end(code) : visit.checkIn(code));
  return (
    <main class="reminder">
      <Time />
      <h1>{speech.sayOr("reminder", what)}</h1>
      <p class="left">
        {speech.say(late ? "reminder_late" : "reminder_left", { age: speech.length(Math.abs(reminder.lateMs)) })}
      </p>
      {pin ? (
        <PinPad label={speech.say("pin")} say={speech.sayOr("reminder_do", what)} sending={false} refusal={null} onPin={well} onCancel={() => setPin(false)} />
      ) : (
        <>
          <button ref={first} type="button" class="huge calm" onClick={() => (what === "end" && visit.pinSet.value ? setPin(true) : well(null))}>
            {speech.sayOr("reminder_do", what)}
          </button>
          {visit.pinSet.value && what !== "end" && (
            <button type="button" class="big" onClick={() => setPin(true)}>
              {speech.say("with_pin")}
            </button>
          )}
          {what === "end" && (
            <button type="button" class="big" onClick={() => void visit.extend(extended(session, 15, phone.time.now()))}>
              {speech.say("extend_by", { n: 15 })}
            </button>
          )}
          {what === "welfare" && (
            <button type="button" class="big danger" onClick={() => void visit.answer(false, null)}>
              {speech.say("welfare_no")}
            </button>
          )}
          {reminder.mayPutOff && (
            <button type="button" class="big" onClick={() => visit.putOff()}>
              {speech.say("put_off")}
            </button>
          )}
        </>
      )}
      <button type="button" class="big danger" onClick={() => visit.toAlarm()}>
        {speech.say("reminder_alarm")}
      </button>
    </main>
  );
}
