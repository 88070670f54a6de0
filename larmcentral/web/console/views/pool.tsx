// The pool: which devices are out and with whom; lend and take back by the device's tag, as scanned or typed.
import { useState } from "preact/hooks";
import type { PersonChoice } from "../../shared/shapes_registers";
import { Errand, deniedWords } from "../models/errand";
import { dueBack, poolLines } from "../models/lending";
import "../css/house.css";
import "../css/points.css";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { PersonSearch } from "./persons";
import { SectionHead } from "./sections";
import { Sign } from "./shapes";

const LOOK_MS = 15_000;
const HOURS = [4, 8, 10, 12, 24] as const;

export function PoolPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fetched = useFetched(desk.api.house.pool, LOOK_MS);
  const lines = poolLines(fetched.value ?? [], desk.now.value, speech);
  return (
    <main class="page">
      <SectionHead lead={speech.say("pool_lead")} fetched={fetched}>
        <p class="counts">{fetched.value && speech.say("pool_counts", { out: lines.filter((line) => line.out).length, count: lines.length, late: lines.filter((line) => line.late).length })}</p>
      </SectionHead>
      <div class="columns scroller" tabIndex={0} role="region" aria-label={speech.say("section_pool")}>
        <section class="table">
          {fetched.failed && <p class="refusal">{fetched.failed}</p>}
          {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
          {fetched.value && lines.length === 0 && <p class="nothing">{speech.say("pool_empty")}</p>}
          {lines.length > 0 && (
            <table>
              <thead>
                <tr>
                  <th>{speech.say("device")}</th>
                  <th>{speech.say("pool_state")}</th>
                  <th class="number">{speech.say("battery")}</th>
                  <th>{speech.say("pool_tested")}</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <tr key={line.id} class={line.late ? "poor" : ""}>
                    <td>
                      {line.label}
                      <span class="aside figures">{line.tag}</span>
                    </td>
                    <td>
                      <span class={line.late ? "is-poor" : ""}>
                        {line.late && <Sign name="warning" />} {line.state}
                      </span>
                      {line.holder && <span class="aside">{[line.holder, line.due].join(", ")}</span>}
                    </td>
                    <td class={`number ${line.batteryLow ? "is-poor" : ""}`}>{line.battery}</td>
                    <td>{line.tested}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
        <Gate changed={fetched.again} />
      </div>
    </main>
  );
}

function Gate({ changed }: { changed(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [tag, setTag] = useState("");
  const [person, setPerson] = useState<PersonChoice | null>(null);
  const [hours, setHours] = useState<number>(HOURS[1]);
  const [said, setSaid] = useState<string | null>(null);
  const [errand] = useState(() => new Errand());
  const run = async (what: "in" | "out", call: () => Promise<unknown>) => {
    setSaid(null);
    if (!(await errand.run(what, call))) return; // refused: the tag stays where it was scanned
    setSaid(speech.say(what === "in" ? "pool_taken_back" : "pool_lent", { tag: tag.trim() }));
    setTag("");
    changed();
  };
  const { house } = desk.api;
  const takeBack = () => run("in", () => house.checkIn({ tag: tag.trim() }));
  const lend = () => person && run("out", () => house.checkOut({ tag: tag.trim(), person_id: person.id, due_back: dueBack(hours, desk.desk.time.now()) }));
  const busy = errand.doing.value !== null || tag.trim() === "";
  return (
    <form class="gate" onSubmit={(event) => (event.preventDefault(), void (person ? lend() : takeBack()))}>
      <h2>{speech.say("pool_gate")}</h2>
      <label>
        {speech.say("pool_tag")}
        <input value={tag} autocomplete="off" spellcheck={false} onInput={(event) => setTag(event.currentTarget.value)} />
      </label>
      <p>
        <button type="button" class="act" disabled={busy} onClick={() => void takeBack()}>
          {speech.say(errand.doing.value === "in" ? "sending" : "pool_check_in")}
        </button>
      </p>
      <PersonSearch label={speech.say("pool_to")} chosen={person} choose={setPerson} />
      <label>
        {speech.say("pool_for")}
        <select value={String(hours)} onChange={(event) => setHours(Number(event.currentTarget.value))}>
          {HOURS.map((n) => (
            <option key={n} value={String(n)}>
              {speech.say("reach_hours", { count: n })}
            </option>
          ))}
        </select>
      </label>
      <p>
        <button type="button" class="act primary" disabled={busy || person === null} onClick={() => void lend()}>
          {speech.say(errand.doing.value === "out" ? "sending" : "pool_check_out")}
        </button>
      </p>
      <p role="status" class="hint">
        {said ?? ""}
      </p>
      <p class="refusal" role="alert">
        {deniedWords(errand.denied.value, speech) ?? ""}
      </p>
    </form>
  );
}
