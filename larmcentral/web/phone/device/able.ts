// What this browser lets the app do, and asking its owner for more.
import type { Siren } from "../../shared/siren";
import type { Able, CheckName } from "../models/checks";
import type { Leave, Senses } from "../models/senses";
import type { Screen } from "./screen";

export class BrowserAble implements Able {
  constructor(
    private readonly nav: Navigator,
    private readonly senses: Senses,
    private readonly screen: Screen,
    private readonly siren: Siren,
  ) {}

  async look() {
    return {
      position: await this.senses.whereabouts.leave(),
      motion: this.senses.motion.leave(),
      notices: this.notices(),
      charge: this.senses.battery.charge(),
      screen: this.screen.able,
      sound: this.siren.state.value === "running",
      buzz: "vibrate" in this.nav,
      durable: await this.durable(),
    };
  }

  async ask(name: CheckName): Promise<void> {
    if (name === "position") await this.senses.whereabouts.fix(30_000, true);
    else if (name === "motion") await this.senses.motion.ask();
    else if (name === "notices" && "Notification" in globalThis) await Notification.requestPermission();
    else if (name === "sound") this.siren.unlock();
  }

  /** Asks each time: browsers grant it once the app is used or installed, without a question to its owner. */
  private async durable(): Promise<boolean> {
    return (await this.nav.storage?.persist?.().catch(() => false)) ?? false;
  }

  private notices(): Leave {
    if (!("Notification" in globalThis)) return "missing";
    const state = Notification.permission;
    return state === "default" ? "ask" : state;
  }
}
