import { expect, test } from "vitest";
import { Speech } from "../words/speech";
import { Asked, deniedWords, Errand } from "./asked";
import { answer, refusal, silence } from "./testing/made";

const EN = new Speech("en");

test("an older question's answer does not count, however late it comes", async () => {
  const asked = new Asked<string>();
  const [first, second] = [answer<string>(), answer<string>()];
  const [a, b] = [asked.ask(() => first.promise), asked.ask(() => second.promise)];
  second.give("new");
  expect(await b).toBe(true);
  first.give("old");
  expect(await a).toBe(false);
  expect(asked.value.value).toBe("new");
});

test("an older question's refusal does not count either", async () => {
  const asked = new Asked<string>();
  const first = answer<string>();
  const a = asked.ask(() => first.promise);
  await asked.ask(() => Promise.resolve("new"));
  first.fail(refusal(403, "forbidden"));
  expect(await a).toBe(false);
  expect([asked.denied.value, asked.value.value, asked.asking.value]).toEqual([null, "new", false]);
});

test("what is forgotten stays forgotten when the answer comes", async () => {
  const asked = new Asked<string>();
  const late = answer<string>();
  const a = asked.ask(() => late.promise);
  asked.drop();
  late.give("secret");
  await a;
  expect(asked.value.value).toBeNull();
});

test("while it is asked anew the old answer may stand", async () => {
  const asked = new Asked<string>();
  await asked.ask(() => Promise.resolve("one"));
  const next = answer<string>();
  const a = asked.ask(() => next.promise, false);
  expect([asked.value.value, asked.asking.value]).toEqual(["one", true]);
  next.fail(silence());
  await a;
  expect([asked.value.value, asked.denied.value]).toEqual(["one", { what: "ask", problem: null }]);
});

test("a fault of our own is not taken for the server's word", async () => {
  await expect(new Asked<string>().ask(() => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
  await expect(new Errand().run("save", () => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
});

test("an errand is sent once at a time, and its refusal is kept", async () => {
  const errand = new Errand();
  const sent = answer<string>();
  const first = errand.run("save", () => sent.promise);
  expect(await errand.run("remove", () => Promise.resolve("x"))).toBeNull();
  expect(errand.doing.value).toBe("save");
  sent.fail(refusal(409, "plan_taken"));
  expect(await first).toBeNull();
  expect([errand.doing.value, errand.denied.value?.problem?.reason]).toEqual([null, "plan_taken"]);
});

test("why not is said in words: of the field, of the reason, and of silence", () => {
  const words = (error: { problem: import("../../shared/shapes").Problem } | null, what = "save") => deniedWords({ what, problem: error?.problem ?? null }, EN);
  expect(words(refusal(422, "invalid", { until_day: "span" }))).toContain("three years");
  expect(words(refusal(422, "invalid", { x: "unheard_of" }))).toBe(EN.say("refused_invalid"));
  expect(words(refusal(404, "not_found"))).toBe(EN.say("not_found_here"));
  expect(words(refusal(429, "too_many", { seconds: "10" }))).toContain("10");
  expect(words(refusal(400, "unheard_of"))).toContain("unheard_of");
  expect(words(null)).toBe(EN.say("no_answer_here"));
  expect(words(null, "ask")).toBe(EN.say("server_silent"));
  expect(deniedWords(null, EN)).toBeNull();
});
