// The keyboard path: which key asks for what, and when keys are only letters.
import { KEYED } from "./pages";

export type Wish =
  | "next"
  | "previous"
  | "gravest"
  | "take"
  | "note"
  | "escalate"
  | "stand_down"
  | "drill"
  | "silence"
  | "filter"
  | "help"
  | "escape"
  | "group"
  | "message"
  | "hold"
  | "add"
  | "hand_over"
  | "plan"
  | "more"
  | "card"
  | PageWish;

/** The page of that key; see KEYED. */
export type PageWish = `page_${number}`;

const WISHES: Readonly<Record<string, Wish>> = {
  j: "next",
  ArrowDown: "next",
  k: "previous",
  ArrowUp: "previous",
  g: "gravest",
  t: "take",
  n: "note",
  e: "escalate",
  s: "stand_down",
  d: "drill",
  m: "silence",
  "/": "filter",
  "?": "help",
  Escape: "escape",
  c: "card",
  b: "message",
  h: "hold",
  a: "add",
  o: "hand_over",
  p: "plan",
  ".": "more",
  Enter: "group",
  ...Object.fromEntries(KEYED.map((_, at) => [String(at + 1), `page_${at + 1}` as const])),
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/** Where the keyboard is: in the page, on something that Enter presses, in a field that takes letters, in a scrolling list, in an open dialog. */
export type KeyPlace = "page" | "button" | "field" | "scroller" | "dialog";

/** singleKeys: WCAG 2.1.4 asks that letters can be switched off; arrows and Escape stay. */
export function wish(press: KeyPress, place: KeyPlace, singleKeys: boolean): Wish | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (place === "dialog") return null; // the browser closes a dialog by Escape itself
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const found = Object.hasOwn(WISHES, key) ? (WISHES[key] ?? null) : null;
  if (found === null || found === "escape") return found;
  if (place === "field") return null;
  if (place === "button" && key === "Enter") return null;
  if (place === "scroller" && key.startsWith("Arrow")) return null;
  if (!singleKeys && press.key.length === 1) return null;
  const walks = found === "next" || found === "previous";
  return press.repeat && !walks ? null : found; // a held key must not escalate twice
}

export const KEY_SHEET = [
  ["J", "↓", "key_next"],
  ["K", "↑", "key_previous"],
  ["G", null, "key_gravest"],
  ["T", null, "key_take"],
  ["N", null, "key_note"],
  ["E", "E", "key_escalate"],
  ["S", null, "key_stand_down"],
  ["M", null, "key_silence"],
  ["B", null, "key_message"],
  ["A", null, "key_add"],
  ["H", null, "key_hold"],
  ["O", null, "key_hand_over"],
  ["P", null, "key_plan"],
  ["C", null, "key_card"],
  [".", null, "key_more"],
  ["D", null, "key_drill"],
  ["/", null, "key_filter"],
  ["Enter", null, "key_group"],
  ["1–8", null, "key_pages"],
  ["?", null, "key_help"],
  ["Esc", null, "key_escape"],
] as const;
