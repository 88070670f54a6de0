// The desk's telephone number, to press where it can be dialled and to read where it cannot.
import { dialOf } from "../models/dial";
import { useDeps } from "./deps";

export function CallDesk() {
  const { phone } = useDeps();
  const speech = phone.speech.value;
  const number = phone.setup.value?.call_back ?? null;
  if (number === null) return <p>{speech.say("call_desk_unknown")}</p>;
  const href = dialOf(number);
  return href ? (
    <a class="big" href={href}>
      {speech.say("call_desk", { number })}
    </a>
  ) : (
    <p>{speech.say("call_desk", { number })}</p>
  );
}
