import { expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import { detail, entry, incident } from "../../shared/testing/made";
import { ManagerApi } from "./api";
import { Case } from "./case";
import { Office } from "./office";
import { Settings } from "./settings";
import { memory } from "./testing/made";

const ID = "00000000-0000-0000-0000-000000000000";
const digest = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.digest("SHA-256", bytes);

function open(answer: unknown) {
  const fetch = async () => new Response(JSON.stringify(answer), { status: answer === null ? 404 : 200, headers: { "X-Larm": "1" } });
  const silent = () => ({ readyState: 1, addEventListener: () => undefined, close: () => undefined });
  const office = new Office(new ManagerApi(fetch), silent, new FakeClock(), new Settings(memory({ "larm.language": "en" }), "dark"), () => undefined);
  return new Case(office, ID, digest);
}

test("it is fetched with its account, its replay, its number and what it was closed with", async () => {
  const one = open({
    ...detail(incident(ID, { state: "stood_down" }), [entry(1, "opened")]),
    closing: [{ key: "injury", choice: "minor", note: "" }],
  });
  await one.open();
  expect([one.lines.value.length, one.replay.value?.line.value, one.closing.value]).toEqual([1, 0, ["Was anybody hurt? Yes, slightly"]]);
  expect(one.number.value).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
});

test("one that does not exist has no replay, and says why", async () => {
  const one = open(null);
  await one.open();
  expect([one.replay.value, one.asked.denied.value?.problem?.reason]).toEqual([null, "http_404"]);
});

test("a replay that runs is stopped when the page is left", async () => {
  const one = open(detail(incident(ID), [entry(1, "opened"), entry(90, "moved")]));
  await one.open();
  const { replay } = one;
  replay.value?.play();
  one.close();
  expect([replay.value?.playing.value, one.lines.value]).toEqual([false, []]);
});
