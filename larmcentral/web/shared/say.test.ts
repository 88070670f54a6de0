import { describe, expect, test } from "vitest";
import { Speech, stopwatch } from "./say";
import { COMMON as EN } from "./words/common.en";
import { COMMON as SV } from "./words/common.sv";

describe("speech", () => {
  const sv = new Speech("sv", SV);
  const en = new Speech("en", EN);

  test("lengths in the two units that matter", () => {
    expect([0, 42_000, 242_000, 11_220_000, 190_800_000].map((ms) => sv.length(ms))).toEqual([
      "0 s",
      "42 s",
      "4 min 02 s",
      "3 h 07 min",
      "2 d 5 h",
    ]);
  });

  test("an age forgets its seconds after a minute", () => {
    expect([42_000, 242_000].map((ms) => en.age(ms))).toEqual(["42 s", "4 min"]);
  });

  test("metres, with the decimal sign of the language", () => {
    expect([12.4, 999, 1240, 31_000].map((m) => sv.metres(m))).toEqual(["12 m", "999 m", "1,2 km", "31 km"]);
    expect(en.metres(1240)).toBe("1.2 km");
  });

  test("a list reads as a sentence", () => {
    expect([[], ["Bo"], ["Bo", "Eva"], ["Bo", "Eva", "Li"]].map((l) => en.list(l))).toEqual(["", "Bo", "Bo and Eva", "Bo, Eva and Li"]);
  });

  test("a word the server knows and we do not is shown as it is", () => {
    expect(sv.sayOr("kind", "panic")).toBe("Nödlarm");
    expect(sv.sayOr("kind", "gas_leak")).toBe("gas leak");
  });

  test("running clocks", () => {
    expect([0, 47_900, 725_000, 3_729_000, -5000].map(stopwatch)).toEqual(["0:00", "0:47", "12:05", "1:02:09", "0:05"]);
  });
});
