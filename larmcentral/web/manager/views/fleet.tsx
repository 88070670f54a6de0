// The fleet and its use: devices that need somebody, units, causes of alarms that were none, and who raises most of them.
import { useEffect, useState } from "preact/hooks";
import type { DeviceHealth } from "../../shared/shapes_registers";
import type { UsageReport } from "../../shared/shapes_reports";
import { Asked } from "../models/asked";
import { CONDITIONS, type Condition, fleet, use, type Use } from "../models/fleet";
import { periodOf } from "../models/period";
import { useDeps, useKept } from "./deps";
import { PeriodFields, Standing, Table } from "./parts";
import "../css/reports.css";

const number = (words: string) => ({ words, number: true as const });

export function FleetPage() {
  const { office } = useDeps();
  const speech = office.speech.value;
  const query = office.route.value.query;
  const period = periodOf(query);
  const devices = useKept(() => new Asked<readonly DeviceHealth[]>());
  const usage = useKept(() => new Asked<UsageReport>());
  const askDevices = () => void devices.ask(() => office.api.devices());
  const askUsage = () => void usage.ask(() => office.api.usage({ from_day: period.from, until_day: period.until }), false);
  useEffect(askDevices, [devices]);
  useEffect(askUsage, [usage, period.from, period.until]);
  const report = usage.value.value;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{speech.say("page_fleet")}</h1>
        <p class="lead">{speech.say("fleet_lead")}</p>
      </header>
      <Standing asked={devices} again={askDevices} />
      {devices.value.value && <Devices devices={devices.value.value} />}
      <section class="panel wide">
        <h2>{speech.say("use_of_units")}</h2>
        <search class="filters">
          <PeriodFields period={period} change={(changed) => office.go("fleet", null, { ...changed }, true)} />
        </search>
        <Standing asked={usage} again={askUsage} />
        {report && <Units use={use(report, speech)} />}
      </section>
      {report && <WhatWasNone use={use(report, speech)} />}
    </div>
  );
}

function Devices({ devices }: { devices: readonly DeviceHealth[] }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const [only, setOnly] = useState<Condition | null>(null);
  const { all, counts, lines } = fleet(devices, only, office.now.value, speech);
  return (
    <section class="panel wide">
      <h2>{speech.say("devices_poor")}</h2>
      <div class="switch" role="group" aria-label={speech.say("devices_poor")}>
        <button type="button" class="quiet" aria-pressed={only === null} onClick={() => setOnly(null)}>
          {speech.say("fault_all")}
        </button>
        {CONDITIONS.map((name) => (
          <button type="button" key={name} class="quiet" aria-pressed={only === name} onClick={() => setOnly(name)}>
            {speech.sayOr("fault_only", name, undefined, { n: counts[name] })}
          </button>
        ))}
        <span class="aside inline">{speech.say("devices_of", { n: all })}</span>
      </div>
      {lines.length === 0 ? (
        <p class="nothing standing">{speech.say("devices_fine")}</p>
      ) : (
        <Table
          name={speech.say("devices_poor")}
          head={[speech.say("person"), speech.say("device"), speech.say("column_faults"), number(speech.say("battery")), speech.say("last_seen"), speech.say("column_tested")]}
        >
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <th scope="row">
                  {line.who ?? <span class="dim">{speech.say("nobodys")}</span>}
                  <span class="aside">{line.unit}</span>
                </th>
                <td>
                  {line.device}
                  <span class="aside">{line.account}</span>
                </td>
                <td class="is-poor">{line.faults.join(", ")}</td>
                <td class="number">{line.battery}</td>
                <td>{line.heard}</td>
                <td class="figures">{line.tested}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

function Units({ use }: { use: Use }) {
  const speech = useDeps().office.speech.value;
  if (use.lines.length === 0) return <p class="nothing">{speech.say("found_none")}</p>;
  return (
    <Table
      name={speech.say("use_of_units")}
      head={[
        speech.say("unit"),
        number(speech.say("use_persons")),
        number(speech.say("use_trained")),
        number(speech.say("use_sessions")),
        number(speech.say("use_idle")),
        number(speech.say("use_devices")),
        number(speech.say("use_alarms")),
        number(speech.say("use_wrong")),
      ]}
    >
      <tbody>
        {use.lines.map((line) => (
          <tr key={line.key}>
            <th scope="row">{line.unit}</th>
            <td class="number">{line.persons}</td>
            <td class="number">{line.trained}</td>
            <td class="number">{line.sessions}</td>
            <td class="number">{line.idle}</td>
            <td class="number">{line.devices}</td>
            <td class="number">{line.alarms}</td>
            <td class="number">{line.wrong}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function WhatWasNone({ use }: { use: Use }) {
  const speech = useDeps().office.speech.value;
  return (
    <div class="report-grid">
      <section class="panel">
        <h2>{speech.say("actors")}</h2>
        {use.actors.length === 0 ? (
          <p class="nothing">{speech.say("actors_none")}</p>
        ) : (
          <Table name={speech.say("actors")} head={[speech.say("actor_name"), speech.say("actor_what"), number(speech.say("use_alarms")), number(speech.say("use_wrong"))]}>
            <tbody>
              {use.actors.map((actor) => (
                <tr key={actor.key}>
                  <th scope="row">{actor.name}</th>
                  <td>{actor.what}</td>
                  <td class="number">{actor.alarms}</td>
                  <td class="number">{actor.wrong}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </section>
      <section class="panel">
        <h2>{speech.say("causes")}</h2>
        {use.causes.length === 0 ? (
          <p class="nothing">{speech.say("actors_none")}</p>
        ) : (
          <Table name={speech.say("causes")} head={[speech.say("cause"), number(speech.say("use_alarms")), number(speech.say("cause_share"))]}>
            <tbody>
              {use.causes.map((cause) => (
                <tr key={cause.key}>
                  <th scope="row">{cause.cause}</th>
                  <td class="number">{cause.alarms}</td>
                  <td class="number">{cause.share}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </section>
    </div>
  );
}
