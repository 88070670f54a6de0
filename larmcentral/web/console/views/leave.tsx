// Before one goes: what one has in hand, and what becomes of it.
import { useState } from "preact/hooks";
import { Errand, deniedWords } from "../models/errand";
import { leaving } from "../models/seats";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";

/** out: the session ends as well; else one only leaves one's seat, for a break. */
export function LeaveDialog({ out }: { out: boolean }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [errand] = useState(() => new Errand());
  const [failed, setFailed] = useState<string | null>(null);
  const going = leaving(desk.desk.incidents.value.values(), desk.pressure.picture.value, desk.desk.me.value?.user_id ?? null, speech);
  const go = async () => {
    if (out) return setFailed(await desk.logOut());
    if (await errand.run("leave", desk.api.house.leaveDesk)) {
      desk.pressure.soon();
      desk.dialog.value = null;
    }
  };
  return (
    <Dialog title={speech.say(out ? "leaving_out_title" : "leaving_desk_title")} class="leaving">
      <form onSubmit={(event) => (event.preventDefault(), void go())}>
        {going && (
          <>
            <p>{speech.say("leaving_cases", { count: going.cases.length })}</p>
            <ul class="cases">
              {going.cases.map((one) => (
                <li key={one.id}>{one.words}</li>
              ))}
            </ul>
            <p class="lead">{going.then}</p>
          </>
        )}
        {!going && <p class="lead">{speech.say("leaving_nothing")}</p>}
        <p class="refusal" role="alert">
          {failed ?? deniedWords(errand.denied.value, speech) ?? ""}
        </p>
        <footer>
          <button type="button" class="act" autofocus onClick={() => (desk.dialog.value = null)}>
            {speech.say("leaving_stay")}
          </button>
          <button type="submit" class="act primary" disabled={errand.doing.value !== null}>
            {speech.say(errand.doing.value ? "sending" : out ? "log_out" : "leave_desk")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
