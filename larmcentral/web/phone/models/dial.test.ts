import { expect, test } from "vitest";
import { dialOf } from "./dial";

test("the desk's number can be dialled, with or without its country", () => {
  expect(dialOf("0980-319 200")).toBe("tel:0980319200");
  expect(dialOf("+46 980 319 200")).toBe("tel:+46980319200");
});

test("no short number can, whatever the settings say", () => {
  expect([dialOf("319 200"), dialOf("11 414"), dialOf("")]).toEqual([null, null, null]);
});
