import { expect, test } from "vitest";
import { lately, periodOf } from "./period";

test("the last days count today, over months and summer time", () => {
  expect(lately(7, "2026-11-03")).toEqual({ from: "2026-10-28", until: "2026-11-03" });
  expect(lately(365, "2026-11-23")).toEqual({ from: "2025-11-24", until: "2026-11-23" });
  expect(lately(30, "2026-04-10")).toEqual({ from: "2026-03-12", until: "2026-04-10" });
});

test("a day that is none is left out", () => {
  expect(periodOf({ from: "2026-11-01", until: "x" })).toEqual({ from: "2026-11-01", until: "" });
});
