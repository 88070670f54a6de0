// The browser's side of what a phone can feel, tell and do.
import type { AppPosition } from "../../shared/shapes_work";
import type { Battery, Buzz, Charge, Jolt, Leave, Motion, Whereabouts } from "../models/senses";

const G = 9.80665;

interface BrowserBattery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

const LEAVES: Readonly<Record<string, Leave>> = { granted: "granted", denied: "denied", prompt: "ask", default: "ask" };

export class BrowserWhereabouts implements Whereabouts {
  constructor(private readonly nav: Navigator) {}

  async leave(): Promise<Leave> {
    if (!("geolocation" in this.nav)) return "missing";
    try {
      return LEAVES[(await this.nav.permissions.query({ name: "geolocation" })).state] ?? "ask";
    } catch {
      return "ask"; // a browser that does not say: it asks by itself when it is needed
    }
  }

  async fix(withinMs: number, mayAsk: boolean): Promise<AppPosition | null> {
    return Promise.race([this.found(mayAsk), new Promise<null>((late) => setTimeout(() => late(null), withinMs))]);
  }

  watch(on: (position: AppPosition) => void, mayAsk: boolean): () => void {
    let stop: (() => void) | null = null;
    let stopped = false;
    void this.leave().then((leave) => {
      if (stopped || !(leave === "granted" || (mayAsk && leave === "ask"))) return;
      const id = this.nav.geolocation.watchPosition(
        (found) => on(positionOf(found)),
        () => undefined, // no position is no fault: the next one may come
        { enableHighAccuracy: true, maximumAge: 5000 },
      );
      stop = () => this.nav.geolocation.clearWatch(id);
    });
    return () => {
      stopped = true;
      stop?.();
    };
  }

  private async found(mayAsk: boolean): Promise<AppPosition | null> {
    const leave = await this.leave();
    if (leave !== "granted" && !(mayAsk && leave === "ask")) return null;
    return new Promise((resolve) => {
      this.nav.geolocation.getCurrentPosition(
        (found) => resolve(positionOf(found)),
        () => resolve(null),
        { enableHighAccuracy: true, maximumAge: 15_000 },
      );
    });
  }
}

function positionOf({ coords, timestamp }: GeolocationPosition): AppPosition {
  return { lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy, fix_at: new Date(timestamp).toISOString(), valid: true };
}

export class BrowserBatteryLevel implements Battery {
  private found: BrowserBattery | null = null;

  constructor(nav: Navigator) {
    const asking = nav as Navigator & { getBattery?: () => Promise<BrowserBattery> };
    asking.getBattery?.().then(
      (found) => (this.found = found),
      () => undefined, // not told: the checks say so
    );
  }

  charge(): Charge | null {
    return this.found && { pct: Math.round(this.found.level * 100), charging: this.found.charging };
  }
}

export const buzzOf =
  (nav: Navigator): Buzz =>
  (pattern) => {
    if ("vibrate" in nav && nav.userActivation?.hasBeenActive !== false) nav.vibrate([...pattern]);
  };

/** Safari asks by this; others let a page feel motion without asking. */
interface Asking {
  requestPermission?: () => Promise<string>;
}

export class BrowserMotion implements Motion {
  private state: Leave;

  constructor(private readonly window: Window) {
    const event = (window as Window & { DeviceMotionEvent?: Asking }).DeviceMotionEvent;
    // A desktop browser knows the event and never sends one; a phone has a finger.
    const phone = window.navigator.maxTouchPoints > 0;
    this.state = !event || !phone ? "missing" : event.requestPermission ? "ask" : "granted";
  }

  leave(): Leave {
    return this.state;
  }

  async ask(): Promise<Leave> {
    const event = (this.window as Window & { DeviceMotionEvent?: Asking }).DeviceMotionEvent;
    if (this.state !== "ask" || !event?.requestPermission) return this.state;
    try {
      this.state = LEAVES[await event.requestPermission()] ?? "denied";
    } catch {
      this.state = "ask"; // not in a press: it may be asked again
    }
    return this.state;
  }

  watch(on: (jolt: Jolt) => void): () => void {
    const hear = (event: DeviceMotionEvent) => {
      const a = event.accelerationIncludingGravity;
      if (a?.x == null || a.y == null || a.z == null) return;
      on({ at: event.timeStamp, x: a.x / G, y: a.y / G, z: a.z / G });
    };
    this.window.addEventListener("devicemotion", hear);
    return () => this.window.removeEventListener("devicemotion", hear);
  }
}
