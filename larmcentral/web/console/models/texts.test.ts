import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import { Speech } from "../words/speech";
import type { RenderedWords, TemplatePreview, TemplateRow, TemplateShelfView, TemplateWords } from "../../shared/shapes_templates";
import { START, at } from "../../shared/testing/made";
import { refused, settle } from "./testing/ways";
import { TextDesk } from "./text";
import { type Choice, count, shelf, textComplaint } from "./texts";

const sv = new Speech("sv");
const rendered = (body: string, wish: Partial<RenderedWords> = {}): RenderedWords => ({ title: null, body, counted: body.length, most: 160, unit: "septets", title_counted: null, title_most: null, ...wish });
const row = (wish: Partial<TemplateRow>): TemplateRow => ({
  id: "t", committee_id: "c", medium: "sms", kind: null, silent: false, language: "sv", title: null, body: "{kind}", version: 4, made_at: at(-60), made_by: "Eva", rendered: rendered("Fall"), ...wish,
});
const view = (...kept: TemplateRow[]): TemplateShelfView => ({
  placeholders: [],
  own: [
    { medium: "sms", silent: false, language: "sv", rendered: rendered("VÅRT") },
    { medium: "sms", silent: true, language: "sv", rendered: rendered("TYST LARM") },
    { medium: "sms", silent: false, language: "en", rendered: rendered("OURS") },
  ],
  kept,
});
const choice: Choice = { committee: "c", kind: "fall", language: "sv" };

test("our words hold where a committee has none, in the language that was asked for", () => {
  expect(shelf(view(), choice, sv).map((t) => [t.whoseWords, t.silent, t.body])).toEqual([["våra", false, "VÅRT"], ["våra", true, "TYST LARM"]]);
});

test("words for this kind go before words for all kinds, and another committee's do not count", () => {
  const all = row({ id: "all", rendered: rendered("Alla") });
  const fall = row({ id: "fall", kind: "fall", rendered: rendered("Fall!") });
  const theirs = row({ id: "else", committee_id: "d", kind: "fall" });
  const first = (...kept: TemplateRow[]) => shelf(view(...kept), choice, sv)[0];
  expect(first(all, theirs)).toMatchObject({ whose: "theirs_all", body: "Alla", kept: null });
  expect(first(all, fall)).toMatchObject({ whose: "theirs", body: "Fall!", kept: { id: "fall" } });
});

test("a count says the limit that holds, and when a sign outside the alphabet made it 70", () => {
  expect(count(rendered("x".repeat(136)), sv)).toEqual({ words: "136 av 160 tecken", over: false, short: false });
  expect(count(rendered("x".repeat(71), { most: 70, unit: "utf16" }), sv)).toMatchObject({ over: true, short: true });
  expect(count(rendered("ok", { title_counted: 130, title_most: 120, most: 600, unit: "bytes" }), sv)).toMatchObject({ words: "Rubrik 130/120 · 2 av 600 byte", over: true });
});

test("a complaint is a sentence with its figures", () => {
  expect(textComplaint({ fault: "too_long", part: "body", fields: { counted: "181", most: "160", unit: "septets" } }, sv)).toBe("Text: för lång, 181 av högst 160 tecken");
  expect(textComplaint({ fault: "unknown_placeholder", part: "title", fields: { name: "plats" } }, sv)).toBe("Rubrik: {plats} finns inte att fylla i");
});

let clock: FakeClock;
let asked: string[];
let refuse: boolean;
const api = {
  previewText: async (body: TemplateWords): Promise<TemplatePreview> => (asked.push(`preview ${body.title ?? "-"} ${body.body}`), { complaints: [], rendered: rendered(body.body) }),
  saveText: async (body: TemplateWords & { version?: number; committee_id: string }) => {
    asked.push(`save ${body.version} ${body.committee_id} ${body.kind} ${body.body}`);
    if (refuse) throw refused(409, "complaints");
    return { version: 5 };
  },
  removeText: async (id: string) => (asked.push(`remove ${id}`), null),
};
const run = async (ms: number) => (clock.run(ms), settle());

beforeEach(() => {
  [clock, asked, refuse] = [new FakeClock(START), [], false];
});

test("an editor on our words begins empty, asks for no preview and cannot save nothing", async () => {
  const one = new TextDesk(api, clock, choice, shelf(view(), choice, sv)[0]!);
  await run(1000);
  expect([one.empty.value, asked]).toEqual([true, []]);
  expect(await one.save()).toBe(false);
  one.write("body", "{kind} hos");
  one.write("body", " {kind} hos {subject} ");
  await run(400);
  expect(asked).toEqual(["preview - {kind} hos {subject}"]);
  expect(one.preview.value?.rendered?.body).toBe("{kind} hos {subject}");
  one.write("body", "");
  expect(one.preview.value).toBeNull();
});

test("it saves from the version it was opened on, and a refusal keeps the words", async () => {
  const one = new TextDesk(api, clock, choice, shelf(view(row({ kind: "fall" })), choice, sv)[0]!);
  expect(one.body.value).toBe("{kind}");
  refuse = true;
  expect(await one.save()).toBe(false);
  expect([one.errand.denied.value?.problem?.reason, one.body.value]).toEqual(["complaints", "{kind}"]);
  refuse = false;
  expect(await one.save()).toBe(true);
  expect(asked.at(-1)).toBe("save 4 c fall {kind}");
  expect(await one.remove()).toBe(true);
  expect(asked.at(-1)).toBe("remove t");
});

test("words for one kind that begin from those for all kinds are new ones", async () => {
  const one = new TextDesk(api, clock, choice, shelf(view(row({ kind: null, body: "{kind} alla" })), choice, sv)[0]!);
  expect(one.body.value).toBe("{kind} alla");
  await one.save();
  expect(asked.at(-1)).toBe("save 0 c fall {kind} alla");
  expect(await one.remove()).toBe(false);
});
