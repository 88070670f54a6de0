// What the devices of an incident were told, and the two things one may ask of them.
import { useEffect, useState } from "preact/hooks";
import type { DeviceOrdersView } from "../../shared/shapes_orders";
import { DeviceDesk, type SaidLine, askable, deniedOrder, saidLines } from "../models/asked";
import { useDeps } from "./deps";
import { useKept } from "./fetched";

const SHOWN = 4; // the newest; all of it stands on the timeline

export function DeviceWords({ incident, version }: { incident: string; version: number }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const one = useKept(() => new DeviceDesk(desk.api.orders, incident), incident);
  useEffect(() => void one.load(), [incident, version]);
  const refused = one.refused.value;
  const devices = one.devices.value ?? [];
  if (devices.length === 0) return null;
  return (
    <section class="fact device-words">
      <h3>{speech.say("said_title")}</h3>
      {refused && <p class="refusal" role="alert">{deniedOrder(refused.error, speech)}</p>}
      {devices.map((device) => (
        <OneDevice key={device.device_id} device={device} desk={one} alone={devices.length === 1} />
      ))}
    </section>
  );
}

export function SaidLines({ lines }: { lines: readonly SaidLine[] }) {
  return (
    <ul class="said">
      {lines.map((line) => (
        <li key={line.id} class={line.poor ? "is-poor" : ""}>
          {line.what} <span class="aside">{line.state}</span>
        </li>
      ))}
    </ul>
  );
}

function OneDevice({ device, desk, alone }: { device: DeviceOrdersView; desk: DeviceDesk; alone: boolean }) {
  const { desk: house } = useDeps();
  const speech = house.speech.value;
  const [number, setNumber] = useState<string | null>(null);
  const operator = house.desk.me.value?.role === "operator";
  const lines = saidLines(device.words.slice(0, SHOWN), speech, house.now.value);
  const noLocate = askable(device.locate_refused, speech);
  const noCall = askable(device.call_back_refused, speech);
  const sending = desk.underWay.value;
  const send = async () => {
    if (number !== null && (await desk.callBack(device.device_id, number))) setNumber(null);
  };
  return (
    <div>
      {!alone && <p class="label">{device.label}</p>}
      {lines.length === 0 && <p class="dim">{speech.say("said_nothing")}</p>}
      <SaidLines lines={lines} />
      {operator && (
        <p class="ask">
          <button type="button" class="act" disabled={sending || noLocate !== null} title={noLocate ?? undefined} onClick={() => void desk.locate(device.device_id)}>
            {speech.say("ask_locate")}
          </button>
          <button type="button" class="act" aria-expanded={number !== null} disabled={sending || noCall !== null} title={noCall ?? undefined} onClick={() => setNumber(number === null ? "" : null)}>
            {speech.say("ask_call_back")}
          </button>
        </p>
      )}
      {operator && [...new Set([noLocate, noCall])].map((why) => why && <p key={why} class="dim">{why}</p>)}
      {operator && number !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <input type="tel" aria-label={speech.say("ask_call_back_number")} placeholder={speech.say("ask_call_back_number")} value={number} onInput={(event) => setNumber(event.currentTarget.value)} />
          <button type="submit" class="act" disabled={sending || number.trim() === ""}>
            {speech.say("ask_send")}
          </button>
        </form>
      )}
    </div>
  );
}
