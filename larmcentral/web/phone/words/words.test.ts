import { expect, test } from "vitest";
import { complete, swedish, unused } from "../../shared/testing/words";
import { COMMON } from "../../shared/words/common.en";
import { EN } from "./en";
import { SV } from "./sv";

const OWN = import.meta.glob<string>("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

test("every word is said in both languages, with the same fields", () => {
  complete(SV, EN);
});

test("no word of its own lies unused, and none is written into a view", () => {
  const own = Object.keys(EN).filter((key) => !(key in COMMON));
  expect(unused(own, OWN)).toEqual([]);
  expect(swedish(OWN)).toEqual([]);
});
