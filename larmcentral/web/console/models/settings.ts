// What this screen remembers about itself. Nothing about persons or incidents is ever kept in the browser.
import { type Signal, signal } from "@preact/signals-core";
import type { Language } from "../../shared/say";

export type Theme = "dark" | "light";

/** localStorage, or what a test puts in its place. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class Settings {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  readonly sound: Signal<boolean>;
  readonly singleKeys: Signal<boolean>;
  /** True once the operator chose a language here; then the account's own language no longer decides. */
  private languageChosen: boolean;

  constructor(
    private readonly memory: Memory,
    systemTheme: Theme,
  ) {
    const language = memory.getItem("larm.language");
    this.languageChosen = language !== null;
    this.language = signal(language === "en" ? "en" : "sv");
    this.theme = signal(this.remembered("larm.theme", ["light", "dark"]) ?? systemTheme);
    this.sound = signal(memory.getItem("larm.sound") !== "off");
    this.singleKeys = signal(memory.getItem("larm.keys") !== "off");
  }

  /** Another window of this browser has chosen: this one follows. */
  recall(): void {
    this.language.value = this.remembered("larm.language", ["sv", "en"]) ?? this.language.value;
    this.theme.value = this.remembered("larm.theme", ["light", "dark"]) ?? this.theme.value;
  }

  private remembered<T extends string>(key: string, known: readonly T[]): T | null {
    const value = this.memory.getItem(key);
    return known.find((one) => one === value) ?? null;
  }

  /** The account's language, unless this screen has one of its own. */
  suggestLanguage(language: Language): void {
    if (!this.languageChosen) this.language.value = language;
  }

  switchLanguage(): void {
    this.languageChosen = true;
    this.language.value = this.language.value === "sv" ? "en" : "sv";
    this.memory.setItem("larm.language", this.language.value);
  }

  switchTheme(): void {
    this.theme.value = this.theme.value === "dark" ? "light" : "dark";
    this.memory.setItem("larm.theme", this.theme.value);
  }

  switchSound(on: boolean): void {
    this.sound.value = on;
    this.memory.setItem("larm.sound", on ? "on" : "off");
  }

  switchSingleKeys(on: boolean): void {
    this.singleKeys.value = on;
    this.memory.setItem("larm.keys", on ? "on" : "off");
  }
}
