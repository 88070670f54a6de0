import { expect, test } from "vitest";
import { type HomeScreen, Install, type Installed } from "./install";

test("what the browser offers is pressed once, and then lies on the home screen", async () => {
  let state: Installed = "unknown";
  let changed = () => undefined as void;
  const home: HomeScreen = { state: () => state, watch: (call) => (changed = call), ask: async () => void (state = "yes") };
  const install = new Install(home);
  expect(install.state.value).toBe("unknown");
  state = "offer";
  changed();
  expect(install.state.value).toBe("offer");
  await install.ask();
  expect(install.state.value).toBe("yes");
});
