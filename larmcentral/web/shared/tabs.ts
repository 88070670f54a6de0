// Windows of the same console share the browser's six connections and one pair of loudspeakers.

/** Settled by the Web Locks of the browser: one holder at a time, the next one follows by itself. */
export interface Lock {
  release(): void;
}

/** Asks for a lock; held() is called when it is ours. Without Web Locks (plain http on another host) it is ours at once. */
export function acquire(locks: LockManager | undefined, name: string, held: () => void): Lock {
  if (!locks) {
    held();
    return { release: () => undefined };
  }
  const giveUp = new AbortController();
  let release: (() => void) | null = null;
  locks
    .request(name, { signal: giveUp.signal }, () => {
      held();
      return new Promise<void>((done) => (release = done));
    })
    .catch(() => undefined); // given up while waiting
  return { release: () => (release ? release() : giveUp.abort()) };
}

/**
 * A visible window always has its feed. Of the hidden ones one keeps it (it may be the only one, and must sound);
 * the others let go, and take it up again when they are looked at or when the keeper goes.
 */
export function shareFeed(page: Document, locks: LockManager | undefined, allow: (allowed: boolean) => void): void {
  let lock: Lock | null = null;
  const settle = () => {
    lock?.release();
    lock = null;
    if (page.visibilityState === "visible") {
      allow(true);
      return;
    }
    if (locks) allow(false);
    lock = acquire(locks, "larm-hidden-feed", () => allow(true));
  };
  page.addEventListener("visibilitychange", settle);
  settle();
}

/** A channel to the other windows of this browser, by its name. */
export function wireOf<T>(name: string): { post(word: T): void; hear(call: (word: T) => void): void } {
  const channel = new BroadcastChannel(name);
  return {
    post: (word) => channel.postMessage(word),
    hear: (call) => channel.addEventListener("message", (event: MessageEvent<T>) => call(event.data)),
  };
}
