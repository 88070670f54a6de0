// What this phone remembers: its language and look, who uses it, and what the centre said last of that person's own work.
import { type Signal, signal } from "@preact/signals-core";
import type { Language } from "../../shared/say";
import type { Me } from "../../shared/shapes";
import type { OwnWork } from "../../shared/shapes_work";

export type Theme = "dark" | "light";

/** localStorage, or what a test puts in its place. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const LANGUAGE = "larm.language";
const THEME = "larm.theme";
const ME = "larm.phone.me";
const WORK = "larm.phone.work";

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

  /** The account's language, unless this phone has one of its own. */
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

  /** Who was logged in last, so that the app opens where there is no network. */
  get lastMe(): Me | null {
    return this.read<Me>(ME);
  }

  /** Null: he has logged out, and leaves nothing behind. */
  keepMe(me: Me | null): void {
    if (me) return this.memory.setItem(ME, JSON.stringify(me));
    this.memory.removeItem(ME);
    this.memory.removeItem(WORK);
  }

  /** A session goes on without network: its times are needed then too. */
  lastWork(user: string): OwnWork | null {
    const kept = this.read<{ user: string; work: OwnWork }>(WORK);
    return kept?.user === user ? kept.work : null;
  }

  keepWork(user: string, work: OwnWork): void {
    this.memory.setItem(WORK, JSON.stringify({ user, work }));
  }

  private read<T>(key: string): T | null {
    try {
      return JSON.parse(this.memory.getItem(key) ?? "null") as T | null;
    } catch {
      return null; // written by something else: as if nothing had been kept
    }
  }
}
