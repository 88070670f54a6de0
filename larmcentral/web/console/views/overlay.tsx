// Dialogs that are fetched apart, so that the first screen need not wait for them; they are asked for as soon as that stands.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useDeps } from "./deps";
import { Dialog } from "./dialog";

export class Overlays<M> {
  private there: M | null = null;

  constructor(private readonly fetch: () => Promise<M>) {}

  /** Fetches them before the first key that wants one; where that fails, it is tried again at the key. */
  async ahead(): Promise<void> {
    await this.come().catch(() => undefined);
  }

  /** At once where they are there; else nothing for a moment, or a dialog that says so and can be closed. */
  view(pick: (all: M) => ComponentType): ComponentType {
    const overlays = this;
    return function Overlay() {
      const speech = useDeps().desk.speech.value;
      const [all, setAll] = useState(() => overlays.there);
      const [lost, setLost] = useState(false);
      useEffect(() => {
        if (all === null) overlays.come().then((came) => setAll(() => came), () => setLost(true));
      }, []);
      if (all !== null) {
        const View = pick(all);
        return <View />;
      }
      return lost ? <Dialog title={speech.say("server_unreachable")}>{null}</Dialog> : null;
    };
  }

  private async come(): Promise<M> {
    return (this.there ??= await this.fetch());
  }
}
