// What helpers should know of one person, under a manager's hand. Opened by a press: each look is recorded where the person sees it.
import { batch, computed, signal } from "@preact/signals-core";
import type { Dossier, Kin } from "../../shared/shapes_persons";
import type { ManagerApi } from "./api";
import { Asked, Errand } from "./asked";

export const KIN_MOST = 5;
export const NOTES_LETTERS = 2000;
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
const PHOTO_BYTES = 1024 * 1024; // the server's own limit

export type PhotoFault = "type" | "size";

export class DossierDesk {
  readonly asked = new Asked<Dossier>();
  readonly notes = signal("");
  readonly kin = signal<readonly Kin[]>([]);
  readonly errand = new Errand();
  /** As the server has it. */
  private readonly kept = signal("");
  private readonly everSaved = signal(false);
  readonly photo = signal(false);
  /** Grows with each new photo, so that a browser fetches it. */
  readonly photoTurn = signal(0);
  readonly photoFault = signal<PhotoFault | null>(null);

  constructor(
    private readonly api: Pick<ManagerApi, "dossier" | "saveDossier" | "savePhoto" | "removePhoto">,
    readonly person: string,
  ) {}

  readonly changed = computed(() => JSON.stringify([this.notes.value, this.kin.value]) !== this.kept.value);
  readonly saved = computed(() => this.everSaved.value && !this.changed.value);
  /** Somebody close without a name cannot be kept. */
  readonly nameless = computed(() => this.kin.value.some((one) => one.name.trim() === ""));

  async open(): Promise<void> {
    if (!(await this.asked.ask(() => this.api.dossier(this.person)))) return;
    const kept = this.asked.value.value;
    if (kept === null) return;
    batch(() => {
      this.notes.value = kept.notes;
      this.kin.value = kept.next_of_kin ?? [];
      this.photo.value = kept.photo;
      this.kept.value = JSON.stringify([this.notes.value, this.kin.value]);
      this.everSaved.value = false;
    });
  }

  write(notes: string): void {
    this.notes.value = notes;
  }

  writeKin(index: number, part: Partial<Kin>): void {
    this.kin.value = this.kin.value.map((one, at) => (at === index ? { ...one, ...part } : one));
  }

  addKin(): void {
    if (this.kin.value.length < KIN_MOST) this.kin.value = [...this.kin.value, { name: "", relation: "", phone: "" }];
  }

  removeKin(index: number): void {
    this.kin.value = this.kin.value.filter((_, at) => at !== index);
  }

  async save(): Promise<void> {
    if (this.nameless.value) return;
    const [notes, kin] = [this.notes.value, this.kin.value];
    const done = await this.errand.run("save", () => this.api.saveDossier(this.person, { notes, next_of_kin: kin }));
    if (!done) return;
    batch(() => {
      this.kept.value = JSON.stringify([notes, kin]); // what was written meanwhile is not kept
      this.everSaved.value = true;
    });
  }

  /** Keeps a photo. What the server would not take is refused here, with why. */
  async takePhoto(file: Blob): Promise<void> {
    const fault = !PHOTO_TYPES.some((type) => type === file.type) ? "type" : file.size > PHOTO_BYTES ? "size" : null;
    this.photoFault.value = fault;
    if (fault !== null || !(await this.errand.run("photo", () => this.api.savePhoto(this.person, file)))) return;
    batch(() => {
      this.photo.value = true;
      this.photoTurn.value += 1;
    });
  }

  async dropPhoto(): Promise<void> {
    if (await this.errand.run("photo", () => this.api.removePhoto(this.person))) this.photo.value = false;
  }

  /** Forgotten at once: what lies open is read by whoever passes. */
  close(): void {
    this.asked.drop();
    batch(() => {
      this.notes.value = "";
      this.kin.value = [];
      this.photoFault.value = null;
    });
  }
}
