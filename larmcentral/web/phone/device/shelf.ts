// The outbox's rows in the browser's own database, where they outlive a reload and a killed browser.
import type { Row, Shelf } from "../models/outbox";

const NAME = "larm-phone";
const ROWS = "outbox";

export class BrowserShelf implements Shelf {
  private opened: Promise<IDBDatabase> | null = null;

  constructor(private readonly factory: IDBFactory) {}

  async all(): Promise<readonly Row[]> {
    return answered<Row[]>((await this.rows("readonly")).getAll());
  }

  async put(row: Row): Promise<void> {
    await answered((await this.rows("readwrite")).put(row));
  }

  async remove(id: string): Promise<void> {
    await answered((await this.rows("readwrite")).delete(id));
  }

  private async rows(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.opened ??= this.open();
    try {
      // Strict: the press is on the disk before anything else happens to it.
      return (await this.opened).transaction(ROWS, mode, { durability: "strict" }).objectStore(ROWS);
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

function answered<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the browser's database"));
  });
}
