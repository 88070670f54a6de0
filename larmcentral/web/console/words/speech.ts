// The console's voice: its words in the language asked for.
import { type Language, Speech as Voice, type Words } from "../../shared/say";
import { EN } from "./en";
import { SV } from "./sv";

export type WordKey = keyof typeof EN;

const WORDS: Readonly<Record<Language, Words<WordKey>>> = { sv: SV satisfies Words<WordKey>, en: EN };

export class Speech extends Voice<WordKey> {
  constructor(language: Language) {
    super(language, WORDS[language]);
  }
}
