// What the centre knows of one's own: devices, ways to be reached, and who has read what about oneself.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Fetched } from "../models/own";
import { useDeps } from "./deps";

function List<T>(props: { title: string; empty: string; of: Fetched<readonly T[]>; row: (one: T, at: number) => ComponentChildren }) {
  const speech = useDeps().phone.speech.value;
  const { rows, state } = props.of;
  return (
    <details class="card">
      <summary>{rows ? `${props.title} (${rows.length})` : props.title}</summary>
      {state === "failed" && <p class="warn">{speech.say(rows ? "list_old" : "list_failed")}</p>}
      {!rows && state === "loading" && <p class="dim">{speech.say("loading")}</p>}
      {rows && rows.length === 0 && <p class="dim">{props.empty}</p>}
      {rows && rows.length > 0 && <ul class="list">{rows.map(props.row)}</ul>}
    </details>
  );
}

export function Devices() {
  const { phone, own } = useDeps();
  const speech = phone.speech.value;
  const now = phone.now.value;
  return (
    <List
      title={speech.say("devices_title")}
      empty={speech.say("devices_none")}
      of={own.devices.value}
      row={(one) => (
        <li key={one.id}>
          <b>{one.label ?? one.model ?? one.protocol}</b>
          <span class={one.silent ? "risk" : "dim"}>
            {one.last_seen_at === null
              ? speech.say("device_never")
              : speech.say(one.silent ? "device_silent" : "device_heard", { age: speech.age(now - Date.parse(one.last_seen_at)) })}
          </span>
          {one.battery_pct !== null && (
            <span class={one.battery_pct < 20 ? "risk" : "dim"}>
              {speech.say("battery")} {speech.say(one.battery_pct < 20 ? "battery_low" : "battery_pct", { pct: one.battery_pct })}
            </span>
          )}
          <span class="dim">{one.tested_at === null ? speech.say("device_untested") : speech.say("device_tested", { date: speech.date(one.tested_at) })}</span>
        </li>
      )}
    />
  );
}

export function Reads() {
  const { phone, own } = useDeps();
  const speech = phone.speech.value;
  const now = phone.now.value;
  return (
    <List
      title={speech.say("reads_title")}
      empty={speech.say("reads_none")}
      of={own.reads.value}
      row={(one, at) => (
        <li key={`${one.at}${at}`}>
          <b>{one.by}</b>
          <span>
            {speech.sayOr("read", one.action)}
            {one.kind && ` · ${speech.sayOr("kind", one.kind)}`}
          </span>
          <span class="dim">{speech.moment(one.at, now)}</span>
        </li>
      )}
    />
  );
}

export function Points() {
  const { phone, own } = useDeps();
  const speech = phone.speech.value;
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({});
  return (
    <List
      title={speech.say("points_title")}
      empty={speech.say("points_none")}
      of={own.points.value}
      row={(one) => (
        <li key={one.id}>
          <b>{speech.sayOr("way", one.channel)}</b>
          <span>{one.address ?? one.label ?? ""}</span>
          <span class={one.health === "failing" || one.health === "retired" ? "risk" : "dim"}>{speech.sayOr("point", one.health)}</span>
          <button
            type="button"
            class="small"
            onClick={() => void own.testPoint(one.id).then((why) => setSaid({ ...said, [one.id]: why ?? speech.say("point_test_sent") }))}
          >
            {speech.say("point_test")}
          </button>
          <span role="status">{said[one.id] ?? ""}</span>
        </li>
      )}
    />
  );
}
