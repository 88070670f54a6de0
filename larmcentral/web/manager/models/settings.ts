// What this browser remembers of the managers' pages: language and look. Nothing about persons or incidents is kept.
import { type Signal, signal } from "@preact/signals-core";
import type { Language } from "../../shared/say";

export type Theme = "dark" | "light";

/** localStorage, or what a test puts in its place. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const LANGUAGE = "larm.language";
const THEME = "larm.theme";

export class Settings {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  private languageChosen: boolean;

  constructor(
    private readonly memory: Memory,
    systemTheme: Theme,
  ) {
    const language = memory.getItem(LANGUAGE);
    this.languageChosen = language !== null;
    this.language = signal(language === "en" ? "en" : "sv");
    const theme = memory.getItem(THEME);
    this.theme = signal(theme === "light" || theme === "dark" ? theme : systemTheme);
  }

  /** The account's language, unless one was chosen here. */
  suggestLanguage(language: Language): void {
    if (!this.languageChosen) this.language.value = language;
  }

  switchLanguage(): void {
    this.languageChosen = true;
    this.language.value = this.language.value === "sv" ? "en" : "sv";
    this.memory.setItem(LANGUAGE, this.language.value);
  }

  switchTheme(): void {
    this.theme.value = this.theme.value === "dark" ? "light" : "dark";
    this.memory.setItem(THEME, this.theme.value);
  }
}
