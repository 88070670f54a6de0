import { expect, test } from "vitest";
import { Settings } from "./settings";
import { memory } from "./testing/made";

test("a language that was chosen here is kept, and outweighs the account's", () => {
  const kept = memory();
  const settings = new Settings(kept, "light");
  settings.suggestLanguage("en");
  expect([settings.language.value, settings.theme.value]).toEqual(["en", "light"]);
  settings.switchLanguage();
  settings.switchTheme();
  const later = new Settings(kept, "light");
  later.suggestLanguage("en");
  expect([later.language.value, later.theme.value]).toEqual(["sv", "dark"]);
});
