// Keeps the screen on while it is wanted and the page is in view: a dark screen feels no fall in a browser.
export class Screen {
  private lock: WakeLockSentinel | null = null;
  private wanted = false;

  constructor(
    private readonly nav: Navigator,
    private readonly page: Document,
  ) {
    page.addEventListener("visibilitychange", () => void this.settle());
  }

  get able(): boolean {
    return "wakeLock" in this.nav;
  }

  keepOn(wanted: boolean): void {
    this.wanted = wanted;
    void this.settle();
  }

  private async settle(): Promise<void> {
    if (!this.wanted) {
      await this.lock?.release().catch(() => undefined);
      this.lock = null;
    } else if (this.able && this.page.visibilityState === "visible" && (this.lock === null || this.lock.released)) {
      this.lock = await this.nav.wakeLock.request("screen").catch(() => null); // refused on a low battery: the clock of the centre stands
    }
  }
}
