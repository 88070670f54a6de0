// What stands on the phone's own screen: shown, read and taken away by the worker alone, one after the other.
//
// Chromium drops a notice from its books when the notices are read while that one is being shown: it stands there, and its buttons do nothing.
import { ANSWERED, type Notice } from "./notice";
import type { WorkerScope } from "./scope";
import type { Told } from "./told";

const PATIENCE_MS = 2000; // an alarm waits no longer for what the browser cannot finish

export class Tray {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly registration: Pick<WorkerScope["registration"], "showNotification" | "getNotifications">,
    private readonly rest: (ms: number) => Promise<void>,
  ) {}

  /** Resolves when it is on the screen. */
  show({ title, options }: Notice): Promise<void> {
    return this.next(() => this.registration.showNotification(title, options));
  }

  /** What still asks goes; what only says how it stands goes when it is over. */
  settle(tag: string, over: boolean): Promise<void> {
    return this.close(tag, ({ about }) => about === "alarm" || (over && about === ANSWERED));
  }

  close(tag: string, which: (told: Told) => boolean): Promise<void> {
    return this.next(async () => {
      for (const one of await this.registration.getNotifications({ tag })) if (one.data && which(one.data)) one.close();
    });
  }

  private next(work: () => Promise<void>): Promise<void> {
    const done = Promise.race([this.last, this.rest(PATIENCE_MS)]).then(work);
    this.last = done.catch(() => undefined); // whoever asked hears of it; the next one goes on
    return done;
  }
}
