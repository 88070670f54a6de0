import { expect, test } from "vitest";
import { complete, swedish, unused } from "../../shared/testing/words";
import { EN } from "./en";
import { SV } from "./sv";

const OWN = import.meta.glob<string>("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const SHARED = import.meta.glob<string>("../../shared/**/*.ts", { query: "?raw", import: "default", eager: true });
const OTHERS = import.meta.glob<string>(["../../phone/**/*.{ts,tsx}", "../../manager/**/*.{ts,tsx}"], { query: "?raw", import: "default", eager: true });

test("every word is said in both languages, with the same fields", () => {
  complete(SV, EN);
});

test("no word lies unused, and none is written into a view", () => {
  expect(unused(Object.keys(EN), { ...OWN, ...SHARED, ...OTHERS })).toEqual([]); // the common words may be another app's
  expect(swedish({ ...OWN, ...SHARED })).toEqual([]);
});
