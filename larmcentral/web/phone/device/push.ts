// The browser's side of being reached while the app is closed: its worker, its leave, its subscription.
import type { Tray } from "../models/calls";
import type { Door, Way } from "../models/push";
import type { Leave } from "../models/senses";
import type { Order, Word } from "../sw/scope";

const WORKER = "/phone/sw.js";
const SCOPE = "/phone/";

/** Null where the browser has no worker, or a page of this address may have none. */
export async function worker(nav: Navigator, said: (word: Word) => void): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in nav)) return null;
  nav.serviceWorker.addEventListener("message", (event: MessageEvent<Word>) => said(event.data));
  try {
    return await nav.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
  } catch {
    return null; // the app works without it; nothing is pushed, and it says so
  }
}

export class BrowserDoor implements Door {
  constructor(
    private readonly nav: Navigator,
    private readonly registered: Promise<ServiceWorkerRegistration | null>,
  ) {}

  way(): Way {
    if ("serviceWorker" in this.nav && "PushManager" in globalThis && "Notification" in globalThis) return "able";
    // Safari on an iPhone has neither until the page lies on the home screen.
    return (this.nav as Navigator & { standalone?: boolean }).standalone === false ? "home_screen" : "missing";
  }

  leave(): Leave {
    if (!("Notification" in globalThis)) return "missing";
    return Notification.permission === "default" ? "ask" : Notification.permission;
  }

  async ask(): Promise<Leave> {
    if ("Notification" in globalThis) await Notification.requestPermission();
    return this.leave();
  }

  async subscribe(key: string): Promise<string> {
    const registration = await this.registered;
    if (!registration) throw new Error("no worker");
    const { pushManager } = registration;
    const found = await pushManager.getSubscription();
    const wanted = bytes(key);
    if (found && same(found.options.applicationServerKey, wanted) && !past(found)) return JSON.stringify(found.toJSON());
    await found?.unsubscribe(); // of another key: the server cannot reach it
    await this.nav.serviceWorker.ready; // a browser subscribes for a worker that has begun alone
    return JSON.stringify((await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted })).toJSON());
  }

  async drop(): Promise<void> {
    await (await (await this.registered)?.pushManager.getSubscription())?.unsubscribe();
  }
}

export class BrowserTray implements Tray {
  constructor(private readonly registered: Promise<ServiceWorkerRegistration | null>) {}

  /** The worker does it: whoever else reads the notices while one is being shown makes the browser lose that one. */
  close(tag: string, over: boolean): void {
    void this.registered.then((registration) => registration?.active?.postMessage({ what: "settled", tag, over } satisfies Order));
  }
}

const past = (found: PushSubscription): boolean => found.expirationTime !== null && found.expirationTime < Date.now();

/** Urlsafe base64, as the server says its key. */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function same(had: ArrayBuffer | null, wanted: Uint8Array): boolean {
  const found = had && new Uint8Array(had);
  return found !== null && found.length === wanted.length && found.every((byte, i) => byte === wanted[i]);
}
