// Small things that several pages draw: why there is nothing, the days a report is about, a table with its name.
import type { ComponentChildren } from "preact";
import type { Asked } from "../models/asked";
import { deniedWords } from "../models/asked";
import { LATELY, lately, type Period } from "../models/period";
import { useDeps } from "./deps";

/** Says that it is being fetched, or why it is not there. */
export function Standing({ asked, again }: { asked: Asked<unknown>; again?: () => void }) {
  const speech = useDeps().office.speech.value;
  const denied = deniedWords(asked.denied.value, speech);
  if (denied) {
    return (
      <p class="refusal standing" role="alert">
        {denied}{" "}
        {again && (
          <button type="button" class="link" onClick={again}>
            {speech.say("refresh")}
          </button>
        )}
      </p>
    );
  }
  return asked.asking.value && asked.value.value === null ? (
    <p class="nothing standing" role="status">
      {speech.say("loading")}
    </p>
  ) : null;
}

/** From and until, and the spans most asked for. */
export function PeriodFields({ period, change }: { period: Period; change(period: Period): void }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const today = speech.date(office.now.value);
  return (
    <div class="period">
      <label>
        {speech.say("from_day")}
        <input type="date" max={today} value={period.from} onChange={(event) => change({ ...period, from: event.currentTarget.value })} />
      </label>
      <label>
        {speech.say("until_day")}
        <input type="date" value={period.until} onChange={(event) => change({ ...period, until: event.currentTarget.value })} />
      </label>
      <div class="switch" role="group" aria-label={speech.say("lately")}>
        {LATELY.map((days) => {
          const span = lately(days, today);
          return (
            <button type="button" key={days} class="quiet" aria-pressed={span.from === period.from && span.until === period.until} onClick={() => change(span)}>
              {days === 365 ? speech.say("lately_year") : speech.say("lately_days", { n: days })}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** A table that scrolls sideways where the window is narrow, with its name for whoever cannot see where it stands. */
export function Table({ name, head, children }: { name: string; head: readonly (string | { words: string; number: true })[]; children: ComponentChildren }) {
  return (
    <div class="table" tabIndex={0} role="region" aria-label={name}>
      <table>
        <caption class="unseen">{name}</caption>
        <thead>
          <tr>
            {head.map((one) => {
              const [words, number] = typeof one === "string" ? [one, false] : [one.words, true];
              return (
                <th key={words} scope="col" class={number ? "number" : undefined}>
                  {words}
                </th>
              );
            })}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}
