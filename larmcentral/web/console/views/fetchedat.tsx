// When a page's list was fetched, and the way to fetch it anew.
import { useDeps } from "./deps";

export function FetchedAt({ fetched }: { fetched: { at: number | null; again(): void } }) {
  const speech = useDeps().desk.speech.value;
  return (
    <p class="fetched">
      <span>{fetched.at !== null && speech.say("updated_at", { time: speech.time(fetched.at) })}</span>
      <button type="button" class="quiet" onClick={fetched.again}>
        {speech.say("refresh")}
      </button>
    </p>
  );
}
