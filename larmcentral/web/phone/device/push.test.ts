import { expect, test } from "vitest";
import { BrowserDoor, BrowserTray } from "./push";

const KEY = "BP_-AQ"; // four bytes in urlsafe base64
const BYTES = [4, 255, 254, 1];

class Manager {
  made: number[][] = [];
  ended = 0;
  constructor(private found: { key: number[]; expires: number | null } | null) {}

  async getSubscription() {
    const { found } = this;
    if (!found) return null;
    return {
      expirationTime: found.expires,
      options: { applicationServerKey: new Uint8Array(found.key).buffer },
      toJSON: () => ({ endpoint: "https://old.example" }),
      unsubscribe: async () => {
        this.ended++;
        this.found = null;
      },
    };
  }

  async subscribe({ applicationServerKey }: { applicationServerKey: Uint8Array }) {
    this.made.push([...applicationServerKey]);
    return { toJSON: () => ({ endpoint: "https://new.example" }) };
  }
}

const door = (manager: Manager) =>
  new BrowserDoor({ serviceWorker: { ready: Promise.resolve() } } as never, Promise.resolve({ pushManager: manager } as never));

test("a subscription of the house's key is kept", async () => {
  const manager = new Manager({ key: BYTES, expires: null });
  expect(await door(manager).subscribe(KEY)).toBe('{"endpoint":"https://old.example"}');
  expect([manager.made, manager.ended]).toEqual([[], 0]);
});

test("one of another key, or past its time, is ended and made anew", async () => {
  for (const found of [{ key: [1, 2, 3, 4], expires: null }, { key: BYTES, expires: 1 }, { key: [4, 255], expires: null }]) {
    const manager = new Manager(found);
    expect(await door(manager).subscribe(KEY)).toBe('{"endpoint":"https://new.example"}');
    expect([manager.made, manager.ended]).toEqual([[BYTES], 1]);
  }
});

test("where there is none one is made; without a worker there can be none", async () => {
  const manager = new Manager(null);
  await door(manager).subscribe(KEY);
  expect(manager.made).toEqual([BYTES]);
  await expect(new BrowserDoor({} as never, Promise.resolve(null)).subscribe(KEY)).rejects.toThrow();
});

test("an iPhone's page is told from a browser that cannot", () => {
  const way = (nav: object) => new BrowserDoor(nav as never, Promise.resolve(null)).way();
  expect([way({}), way({ standalone: false }), way({ standalone: true })]).toEqual(["missing", "home_screen", "missing"]);
});

test("what is settled is told to the worker, which alone touches the notices; without one there are none", async () => {
  const said: unknown[] = [];
  const active = { postMessage: (word: unknown) => void said.push(word) };
  for (const registration of [{ active }, { active: null }, null]) new BrowserTray(Promise.resolve(registration as never)).close("i", true);
  await new Promise((done) => setTimeout(done));
  expect(said).toEqual([{ what: "settled", tag: "i", over: true }]);
});
