// What this phone can and cannot do, each in a sentence, with the press that asks its owner where that helps.
import { useEffect } from "preact/hooks";
import { useDeps } from "./deps";

export function Checks(props: { all?: boolean }) {
  const { phone, readiness } = useDeps();
  const speech = phone.speech.value;
  useEffect(() => void readiness.look(), [readiness]);
  const all = readiness.checks.value;
  const poor = all.filter((one) => one.grade !== "good");
  return (
    <details class="card checks" open={!props.all && poor.length > 0}>
      <summary>{speech.say(poor.length === 0 ? "checks_good" : "checks_poor", { n: poor.length })}</summary>
      <ul>
        {(props.all ? all : poor).map((one) => (
          <li key={one.name} class={`check ${one.grade}`}>
            <span class="grade">{speech.sayOr("grade", one.grade)}</span>
            <span>{speech.sayOr("check", `${one.name}_${one.says}`, undefined, { pct: one.pct ?? "" })}</span>
            {one.ask && (
              <button type="button" class="small" onClick={() => void readiness.ask(one.name)}>
                {speech.say("allow")}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p class="dim">{speech.say("watch_dark")}</p>
    </details>
  );
}
