import { expect, test } from "vitest";
import { Refusal, Unreachable } from "../../shared/api";
import { Speech } from "../words/speech";
import type { DeviceOrdersView, DownlinkView } from "../../shared/shapes_orders";
import { DeviceDesk, askable, deniedOrder, saidLines } from "./asked";
import { at } from "../../shared/testing/made";

const sv = new Speech("sv");
const en = new Speech("en");
const word = (wish: Partial<DownlinkView> = {}): DownlinkView => ({
  id: "w", kind: "locate", state: "waiting", filed_at: at(0), expires_at: at(900), sent_at: null, answered_at: null, answer: null, placed_at: null, unsaid: null, number: null, by: "Karin", ...wish,
});
const device: DeviceOrdersView = { device_id: "d", label: "Klocka 7", protocol: "watch", locate_refused: null, call_back_refused: null, words: [] };
const said = (wish: Partial<DownlinkView>, speech = sv) => saidLines([word(wish)], speech, Date.parse(at(0))).map((one) => `${one.what}: ${one.state}`)[0];

test("each state of what was said has its words, and the device's own are quoted", () => {
  expect(said({})).toBe(`Var är du nu?: väntar på enheten till ${sv.time(at(900))}`);
  expect(said({ kind: "commission", expires_at: at(7 * 86_400) })).toBe(`Inställningar: väntar på enheten till ${sv.date(at(7 * 86_400))} ${sv.time(at(7 * 86_400))}`);
  expect(said({ state: "sent", sent_at: at(5) })).toBe(`Var är du nu?: skickat ${sv.time(at(5))}, inget svar`);
  expect(said({ state: "answered", answer: "CR ok", answered_at: at(9) }, en)).toBe(`Where are you now?: the device answered “CR ok” ${en.time(at(9))}`);
  expect(said({ state: "answered", answer: "CR", answered_at: at(9), placed_at: at(12) })).toBe(`Var är du nu?: enheten svarade med en plats ${sv.time(at(12))}`);
  expect(said({ kind: "call_back", number: "0303174060", state: "unsaid", unsaid: "over" })).toBe("Ring upp 0303174060: larmet avslutades först");
  expect(saidLines([word({ state: "unsaid", unsaid: "expired" })], sv, Date.parse(at(0)))[0]?.poor).toBe(true);
});

test("a button that cannot be pressed says why", () => {
  expect(askable(null, sv)).toBeNull();
  expect(askable("silent_incident", sv)).toBe("Larmet är tyst: enheten får inte ringa, låta eller lysa.");
  expect(askable("locate_may_show", en)).toContain("The alarm is silent");
});

test("an order is sent once, and what stands then is fetched anew", async () => {
  const asked: string[] = [];
  let answer: (value: { order_id: string }) => void = () => {};
  const desk = new DeviceDesk(
    {
      devices: async () => (asked.push("devices"), [device]),
      locate: (incident, one) => (asked.push(`locate ${incident} ${one}`), new Promise((go) => (answer = go))),
      callBack: async () => ({ order_id: "o" }),
    },
    "i",
  );
  const first = desk.locate("d");
  expect(await desk.locate("d")).toBe(false);
  answer({ order_id: "o" });
  expect(await first).toBe(true);
  expect(asked).toEqual(["locate i d", "devices"]);
  expect(desk.devices.value).toEqual([device]);
});

test("a number that is refused is refused in words, and no answer is told as such", async () => {
  const refusal = new Refusal(422, { reason: "invalid", detail: "", fields: { number: "emergency_number" } });
  const failures = [refusal, new Unreachable("/")];
  const desk = new DeviceDesk({ devices: async () => [], locate: async () => ({ order_id: "o" }), callBack: () => Promise.reject(failures.shift()) }, "i");
  expect(await desk.callBack("d", "0")).toBe(false);
  expect(deniedOrder(desk.refused.value?.error ?? null, sv)).toBe("Ett nödnummer får ingen enhet ringa.");
  expect(await desk.callBack("d", "0")).toBe(false);
  expect(deniedOrder(desk.refused.value?.error ?? null, sv)).toContain("Servern svarade inte");
  expect(desk.underWay.value).toBe(false);
});

test("a reading that fails leaves what was known", async () => {
  const answers: (readonly DeviceOrdersView[] | Error)[] = [[device], new Unreachable("/")];
  const next = () => {
    const one = answers.shift();
    return one instanceof Error ? Promise.reject(one) : Promise.resolve(one ?? []);
  };
  const desk = new DeviceDesk({ devices: next, locate: async () => ({ order_id: "o" }), callBack: async () => ({ order_id: "o" }) }, "i");
  await desk.load();
  await desk.load();
  expect(desk.devices.value).toEqual([device]);
});
