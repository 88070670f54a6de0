// The browser's side of lying on the home screen.
import type { HomeScreen, Installed } from "../models/install";

/** Chromium's own event, which no list of TypeScript's has. */
interface Offer extends Event {
  prompt(): Promise<unknown>;
}

export class BrowserHome implements HomeScreen {
  private offer: Offer | null = null;
  private done = false;
  private changed: () => void = () => undefined;

  constructor(private readonly window: Window) {
    window.addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault(); // asked when it is pressed, not when the browser likes
      this.offer = event as Offer;
      this.changed();
    });
    window.addEventListener("appinstalled", () => {
      this.done = true;
      this.changed();
    });
  }

  state(): Installed {
    const { standalone } = this.window.navigator as Navigator & { standalone?: boolean };
    if (this.done || standalone === true || this.window.matchMedia("(display-mode: standalone)").matches) return "yes";
    if (this.offer) return "offer";
    return standalone === false ? "by_hand" : "unknown";
  }

  watch(changed: () => void): void {
    this.changed = changed;
  }

  async ask(): Promise<void> {
    await this.offer?.prompt();
    this.offer = null; // it can be asked once
  }
}
