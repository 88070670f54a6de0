import { expect, test } from "vitest";
import { type KeyPlace, KEY_SHEET, wish } from "./keys";

const press = (key: string, more: Partial<Parameters<typeof wish>[0]> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });
const on = (key: string, place: KeyPlace = "page", single = true) => wish(press(key), place, single);

test("letters ask for what the key sheet says", () => {
  expect(["j", "k", "g", "t", "n", "e", "s", "d", "m", "/", "?"].map((k) => on(k))).toEqual([
    "next", "previous", "gravest", "take", "note", "escalate", "stand_down", "drill", "silence", "filter", "help",
  ]);
  expect(on("T")).toBe("take");
});

test("in a field letters are letters, and only Escape is a wish", () => {
  expect([on("t", "field"), on("/", "field"), on("ArrowDown", "field"), on("Escape", "field")]).toEqual([null, null, null, "escape"]);
});

test("an open dialog keeps the keyboard to itself", () => {
  expect([on("t", "dialog"), on("Escape", "dialog")]).toEqual([null, null]);
});

test("arrows scroll a list that has the focus", () => {
  expect([on("ArrowDown", "scroller"), on("j", "scroller"), on("ArrowDown")]).toEqual([null, "next", "next"]);
});

test("the browser's own shortcuts are left alone", () => {
  expect([wish(press("t", { ctrlKey: true }), "page", true), wish(press("d", { metaKey: true }), "page", true)]).toEqual([null, null]);
});

test("a held key walks on but does not act twice", () => {
  expect([wish(press("j", { repeat: true }), "page", true), wish(press("e", { repeat: true }), "page", true)]).toEqual(["next", null]);
});

test("single-key shortcuts can be switched off; arrows stay", () => {
  expect([on("t", "page", false), on("?", "page", false), on("ArrowUp", "page", false)]).toEqual([null, null, "previous"]);
});

test("Enter opens a group, but presses a button where the keyboard stands on one", () => {
  expect([on("Enter"), on("Enter", "button"), on("t", "button")]).toEqual(["group", null, "take"]);
});

test("figures lead to pages", () => {
  expect(["1", "8", "9"].map((key) => on(key))).toEqual(["page_1", "page_8", null]);
});

test("an inherited name is no wish", () => {
  expect(on("constructor")).toBeNull();
});

test("every letter of the key sheet is a wish", () => {
  const letters = KEY_SHEET.map(([key]) => key).filter((key) => key.length === 1);
  expect(letters.filter((key) => on(key) === null)).toEqual([]);
});
