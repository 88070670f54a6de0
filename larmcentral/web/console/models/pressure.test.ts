import { expect, test } from "vitest";
import { Unreachable } from "../../shared/api";
import { FakeClock } from "../../shared/clock";
import { at } from "../../shared/testing/made";
import type { DeskPicture } from "../../shared/shapes_desk";
import { Speech } from "../words/speech";
import { Pressure, pressureWords } from "./pressure";

const picture = (wish: Partial<DeskPicture> = {}): DeskPicture => ({ at: at(0), seats: [{ user_id: "u", name: "Bo", since: at(-60), load: 1, alarms_10_min: 2 }], opened_10_min: 2, untaken: 0, per_operator: 2, flood: false, ...wish });
const settle = () => new Promise((done) => setTimeout(done));

test("it looks when one has sat down, every ten seconds, and at each opening, and a torrent of openings once a second", async () => {
  const clock = new FakeClock();
  let asked = 0;
  const one = new Pressure({ picture: async () => (asked++, picture({ flood: asked > 1 })) }, clock);
  one.start();
  await settle();
  expect([asked, one.flood.value]).toEqual([1, false]);
  for (let i = 0; i < 100; i++) one.soon();
  clock.run(1000);
  await settle();
  expect([asked, one.flood.value]).toEqual([2, true]);
  clock.run(9000); // two seconds in, when he has his seat, and at ten
  expect(asked).toBe(4);
  one.stop();
  clock.run(60_000);
  expect([asked, one.picture.value]).toEqual([4, null]);
});

test("no answer leaves the old figures, and it asks again", async () => {
  const clock = new FakeClock();
  let fails = false;
  const one = new Pressure({ picture: async () => (fails ? Promise.reject(new Unreachable("x")) : picture()) }, clock);
  one.start();
  await settle();
  fails = true;
  clock.run(10_000);
  await settle();
  expect(one.picture.value?.per_operator).toBe(2);
});

test("two alarms for each is a steady state, more asks for a colleague, a flood says so", () => {
  const sv = new Speech("sv");
  expect(pressureWords(null, sv)).toBeNull();
  expect(pressureWords(picture(), sv)).toMatchObject({ tone: "calm", load: "2,0 larm på 10 min, en operatör vid bordet", advice: null });
  expect(pressureWords(picture({ per_operator: 2.5 }), sv)).toMatchObject({ tone: "busy", advice: "Öppna ett bord till" });
  expect(pressureWords(picture({ per_operator: 14, opened_10_min: 14, flood: true }), sv)).toMatchObject({ tone: "flood" });
  expect(pressureWords(picture({ seats: [], opened_10_min: 3 }), new Speech("en"))?.load).toBe("3 alarms in 10 min, nobody at the desk");
});
