// Whether the app lies on the home screen, and how it gets there.
import { signal } from "@preact/signals-core";

/** offer: the browser asks its owner by itself once it is pressed. by_hand: an iPhone, where one does it oneself. */
export type Installed = "yes" | "offer" | "by_hand" | "unknown";

/** What the browser says of it. */
export interface HomeScreen {
  state(): Installed;
  /** Called when that changes. */
  watch(changed: () => void): void;
  /** Must be called in a press. */
  ask(): Promise<void>;
}

export class Install {
  readonly state = signal<Installed>("unknown");

  constructor(private readonly home: HomeScreen) {
    this.state.value = home.state();
    home.watch(() => (this.state.value = home.state()));
  }

  async ask(): Promise<void> {
    await this.home.ask();
    this.state.value = this.home.state();
  }
}
