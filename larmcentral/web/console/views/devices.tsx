// Device health: what can raise an alarm, worst condition first.
import { useState } from "preact/hooks";
import { health } from "../models/health";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { FILTER_ID } from "./keyboard";
import { Sign } from "./shapes";
import { SheetDialog } from "./sheet";

const REFRESH_MS = 15_000;

export function DevicesPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [filter, setFilter] = useState("");
  const [sheet, setSheet] = useState<{ id: string; name: string } | null>(null);
  const role = desk.desk.me.value?.role;
  const keeps = role === "manager" || role === "admin";
  const fetched = useFetched(desk.api.devices, REFRESH_MS);
  const rows = health(fetched.value ?? [], filter, desk.now.value, speech);
  const poor = rows.filter((row) => row.poor).length;
  return (
    <main class="page">
      <header>
        <h1>{speech.say("page_devices")}</h1>
        <p class="lead">{speech.say("devices_lead")}</p>
        <input id={FILTER_ID} type="search" aria-label={speech.say("filter")} placeholder={speech.say("filter")} value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
        <p class="counts">{fetched.value && speech.say("devices_counts", { count: rows.length, poor })}</p>
        <FetchedAt fetched={fetched} />
      </header>
      {sheet && <SheetDialog device={sheet.id} name={sheet.name} close={() => setSheet(null)} />}
      <div class="table scroller" tabIndex={0} role="region" aria-label={speech.say("page_devices")}>
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
