// Device health: what can raise an alarm, worst condition first.
import { useState } from "preact/hooks";
import { CONDITIONS, type Condition, health } from "../models/health";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { FILTER_ID } from "./keyboard";
import { SectionHead } from "./sections";
import { Sign } from "./shapes";
import { SheetDialog } from "./sheet";

const REFRESH_MS = 15_000;

export function DevicesPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [filter, setFilter] = useState("");
  const [only, setOnly] = useState<Condition | null>(null);
  const [sheet, setSheet] = useState<{ id: string; name: string } | null>(null);
  const role = desk.desk.me.value?.role;
  const keeps = role === "manager" || role === "admin";
  const fetched = useFetched(desk.api.devices, REFRESH_MS);
  const { rows, counts, all } = health(fetched.value ?? [], filter, only, desk.now.value, speech);
  return (
    <main class="page">
      <SectionHead lead={speech.say("devices_lead")} fetched={fetched}>
        <input id={FILTER_ID} type="search" aria-label={speech.say("filter")} placeholder={speech.say("filter")} value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
        <div class="switch" role="group" aria-label={speech.say("devices_show")}>
          <button type="button" class="quiet" aria-pressed={only === null} onClick={() => setOnly(null)}>
            {speech.say("devices_all", { count: all })}
          </button>
          {CONDITIONS.map((name) => (
            <button type="button" key={name} class="quiet" aria-pressed={only === name} onClick={() => setOnly(name)}>
              {speech.sayOr("devices_only", name, undefined, { count: counts[name] })}
            </button>
          ))}
        </div>
      </SectionHead>
      {sheet && <SheetDialog device={sheet.id} name={sheet.name} close={() => setSheet(null)} />}
      <div class="table scroller" tabIndex={0} role="region" aria-label={speech.say("section_devices")}>
        {fetched.failed && <p class="refusal">{fetched.failed}</p>}
        {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
        {fetched.value && rows.length === 0 && <p class="nothing">{speech.say("devices_empty")}</p>}
        {rows.length > 0 && (
          <table>
            <thead>
              <tr>
                <th>{speech.say("devices_state")}</th>
                <th>{speech.say("person")}</th>
                <th>{speech.say("device")}</th>
                <th class="number">{speech.say("battery")}</th>
                <th>{speech.say("last_seen")}</th>
                <th>{speech.say("devices_test")}</th>
                <th>{speech.say("devices_watch")}</th>
                <th>{speech.say("device_account")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key} class={row.poor ? "poor" : ""}>
                  <td>
                    <div class="condition">
                      {row.poor && <Sign name="warning" />}
                      {row.condition.map((c) => (
                        <span key={c.words} class={c.poor ? "is-poor" : ""}>
                          {c.words}
                        </span>
                      ))}
                    </div>
                  </td>
                  <td>
                    {row.person ?? <span class="dim">{speech.say("devices_unassigned")}</span>}
                    <span class="aside">{row.unit}</span>
                  </td>
                  <td>
                    {row.device.name}
                    <span class="aside">{row.device.model}</span>
                    {keeps && row.id !== null && (
                      <button type="button" class="quiet" onClick={() => setSheet({ id: row.id ?? "", name: row.device.name })}>
                        {speech.say("sheet")}
                      </button>
                    )}
                  </td>
                  <td class={`number ${row.device.batteryLow ? "is-poor" : ""}`}>{row.device.battery ?? "–"}</td>
                  <td>{row.device.lastSeen ?? "–"}</td>
                  <td class="figures">{row.tested ?? "–"}</td>
                  <td class="dim">{row.supervision}</td>
                  <td class="figures dim">{row.device.account ?? "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </main>
  );
}
