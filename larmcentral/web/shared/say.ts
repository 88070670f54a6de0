// Turns keys, times and lengths into words. Local time exists only here.
import type { COMMON } from "./words/common.en";

export type Language = "sv" | "en";
export type Fields = Readonly<Record<string, string | number>>;
/** The words of one language. Each app has one file a language; the keys are the same in both. */
export type Words<K extends string = string> = Readonly<Record<K, string>>;

/** K: the keys that its words have; a Speech that knows more will do wherever fewer are asked for. */
export class Speech<K extends string = string> {
  constructor(
    readonly language: Language,
    private readonly words: Words<K>,
  ) {}

  /** The words of a key, with {fields} filled in. */
  say(key: K, fields: Fields = {}): string {
    return this.words[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole));
  }

  /** The words of a key made of two parts, or the other words where the server knows a kind that we do not. */
  sayOr(prefix: string, value: string, otherwise: (value: string) => string = (v) => v.replaceAll("_", " "), fields: Fields = {}): string {
    const key = `${prefix}_${value}`;
    return key in this.words ? this.say(key as K, fields) : otherwise(value);
  }

  list(parts: readonly string[]): string {
    if (parts.length < 2) return parts[0] ?? "";
    return this.own("list_and", { list: parts.slice(0, -1).join(", "), last: parts.at(-1) ?? "" });
  }

  /** 02:07:31, local time. */
  time(at: string | number): string {
    const d = new Date(at);
    return [d.getHours(), d.getMinutes(), d.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
  }

  /** 2026-11-22, local time; the order that both languages read without doubt. */
  date(at: string | number): string {
    const d = new Date(at);
    return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  }

  /** Time alone on the same day, else with its date. */
  moment(at: string | number, now: number): string {
    return this.date(at) === this.date(now) ? this.time(at) : `${this.date(at)} ${this.time(at)}`;
  }

  /** A length in the two units that matter: 42 s, 4 min 02 s, 3 h 07 min, 2 d 5 h. */
  length(ms: number): string {
    const s = Math.max(0, Math.floor(ms / 1000));
    const two = (n: number) => String(n).padStart(2, "0");
    if (s < 60) return this.own("unit_s", { n: s });
    if (s < 3600) return this.own("unit_min_s", { m: Math.floor(s / 60), s: two(s % 60) });
    if (s < 86_400) return this.own("unit_h_min", { h: Math.floor(s / 3600), m: two(Math.floor((s % 3600) / 60)) });
    return this.own("unit_d_h", { d: Math.floor(s / 86_400), h: Math.floor((s % 86_400) / 3600) });
  }

  /** An age where seconds do not matter once a minute has gone: "just now", 42 s, 4 min, 3 h 07 min. */
  age(ms: number): string {
    const s = Math.max(0, Math.floor(ms / 1000));
    return s >= 60 && s < 3600 ? this.own("unit_min", { n: Math.floor(s / 60) }) : this.length(ms);
  }

  metres(m: number): string {
    if (m < 1000) return this.own("metres", { n: Math.round(m) });
    const km = m / 1000;
    const text = km < 10 ? km.toFixed(1) : String(Math.round(km));
    return this.own("kilometres", { n: this.decimal(text) });
  }

  private own(key: keyof typeof COMMON, fields: Fields = {}): string {
    return this.say(key as string as K, fields);
  }

  /** A number's digits with the decimal sign of the language. */
  decimal(digits: string): string {
    return this.language === "sv" ? digits.replace(".", ",") : digits;
  }
}

/** 0:47, 12:05, 1:02:09. For clocks that run; the sign is the caller's. */
export function stopwatch(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}
