import { expect, test } from "vitest";
import { FakeClock } from "./clock";
import { Siren } from "./siren";

/** An audio device that runs once it is asked to, or never. */
class Device extends EventTarget {
  state = "suspended";
  constructor(private readonly obeys: boolean) {
    super();
  }
  async resume(): Promise<void> {
    if (!this.obeys) return;
    this.state = "running";
    this.dispatchEvent(new Event("statechange"));
  }
}

const siren = (device: Device, clock: FakeClock) => new Siren(() => device as unknown as AudioContext, (ms, call) => void clock.after(ms, call));

test("a page that is clicked is heard", async () => {
  const clock = new FakeClock();
  const one = siren(new Device(true), clock);
  one.unlock(true);
  await Promise.resolve();
  clock.run(5000);
  expect(one.state.value).toBe("running");
});

test("before a click the browser is waited for; after one that changes nothing, the computer is said to be mute", () => {
  const clock = new FakeClock();
  const one = siren(new Device(false), clock);
  one.unlock();
  clock.run(60_000);
  expect(one.state.value).toBe("blocked");
  one.unlock(true);
  clock.run(1500);
  expect(one.state.value).toBe("mute");
});

test("without any audio device it is mute at once", () => {
  const one = new Siren(() => {
    throw new Error("no device");
  }, () => undefined);
  one.unlock();
  expect(one.state.value).toBe("mute");
});
