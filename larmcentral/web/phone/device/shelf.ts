// The outbox's rows in the browser's own database, where they outlive a reload and a killed browser.
import type { Row, Shelf } from "../models/outbox";

const NAME = "larm-phone";
const ROWS = "outbox";

export class BrowserShelf implements Shelf {
  private opened: Promise<IDBDatabase> | null = null;

  constructor(private readonly factory: IDBFactory) {}

  async all(): Promise<readonly Row[]> {
    return answered<Row[]>((await this.change("readonly")).objectStore(ROWS).getAll());
  }

  async put(row: Row): Promise<void> {
    const change = await this.change("readwrite");
    change.objectStore(ROWS).put(row);
    await written(change);
  }

  async remove(id: string): Promise<void> {
    const change = await this.change("readwrite");
    change.objectStore(ROWS).delete(id);
    await written(change);
  }

  private async change(mode: IDBTransactionMode): Promise<IDBTransaction> {
    this.opened ??= this.open();
    try {
      // Strict: the press is on the disk before anything else happens to it.
      return (await this.opened).transaction(ROWS, mode, { durability: "strict" });
    } catch (error) {
      this.opened = null; // closed under our hands, by the browser or by another version: opened anew at the next try
      throw error;
    }
  }

  private open(): Promise<IDBDatabase> {
    const asked = this.factory.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ROWS, { keyPath: "id" });
    return answered(asked);
  }
}

/** It is on the disk when the whole change is, and not before: a full disk is found out at its end. */
function written(change: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    change.oncomplete = () => resolve();
    change.onerror = change.onabort = () => reject(change.error ?? new Error("the browser's database"));
  });
}

function answered<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the browser's database"));
  });
}
