// What holds for the words of every app: complete in both languages, all of them used, none written into a view.
import { expect } from "vitest";
import type { Words } from "../say";

/** The {fields} of a text, sorted. */
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

export function complete(sv: Words, en: Words): void {
  expect(Object.keys(sv).sort()).toEqual(Object.keys(en).sort());
  for (const [key, english] of Object.entries(en)) {
    const swedish = sv[key] ?? "";
    expect(swedish.trim(), key).not.toBe("");
    expect(english.trim(), key).not.toBe("");
    expect(holes(swedish), key).toEqual(holes(english));
  }
}

/** Sources without words, names of towns, shapes and tests. */
function spoken(sources: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(sources).filter(([name]) => !/(^|[./])(sv|en|towns|shapes\w*|made|test)\.tsx?$/.test(name));
}

/** Keys that no source names. sources: by path; a key counts as used where it stands as a string, or under a prefix of sayOr. */
export function unused(keys: readonly string[], sources: Readonly<Record<string, string>>): string[] {
  const files = spoken(sources);
  const source = files.map(([, text]) => text).join("\n");
  const prefixes = [...source.matchAll(/sayOr\("(\w+)"/g)].map((m) => `${m[1]}_`);
  return keys.filter((key) => !source.includes(`"${key}"`) && !prefixes.some((p) => key.startsWith(p)));
}

/** Swedish letters outside the words: something that the other language could not say. */
export function swedish(sources: Readonly<Record<string, string>>): string[] {
  const files = spoken(sources);
  return files.flatMap(([name, text]) => (text.match(/[\u00e5\u00e4\u00f6\u00c5\u00c4\u00d6]/g) ?? []).map((letter) => `${name}: ${letter}`));
}
