import { expect, test } from "vitest";
import { PAUSES_MS, sendAnswer } from "./answer";

const OURS = { "X-Larm": "1" };
const STRANGER = 200; // somebody between us who says yes to everything

function world(...answers: (number | string | Error)[]) {
  const sent: { url: string; init: RequestInit }[] = [];
  const rests: number[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    sent.push({ url, init });
    const next = answers[Math.min(sent.length, answers.length) - 1];
    if (next instanceof Error) throw next;
    if (typeof next === "string") return new Response(JSON.stringify({ reason: next, detail: "", fields: {} }), { status: 409, headers: OURS });
    return new Response(next === 204 ? null : "", { status: next ?? 500, headers: next === STRANGER ? {} : OURS });
  };
  const rest = async (ms: number) => void rests.push(ms);
  return { sent, rests, send: () => sendAnswer("a/b", "going", fetch, rest) };
}

test("an answer goes with its key and without a cookie", async () => {
  const one = world(204);
  expect(await one.send()).toBe("done");
  expect(one.sent[0]?.url).toBe("/api/answers/a%2Fb");
  expect(one.sent[0]?.init).toMatchObject({ method: "POST", body: '{"word":"going"}', credentials: "omit" });
});

test("without network it is tried again, longer and longer, and then said to be lost", async () => {
  const one = world(new TypeError("no network"));
  expect(await one.send()).toBe("lost");
  expect(one.rests).toEqual([...PAUSES_MS]);
  expect(one.sent.length).toBe(PAUSES_MS.length + 1);
});

test("a house in trouble is asked again, and the answer that comes counts", async () => {
  const one = world(new TypeError("no network"), 503, 429, 204);
  expect([await one.send(), one.rests.length]).toEqual(["done", 3]);
});

test("a stranger's yes is none: it is asked on until the centre answers", async () => {
  const one = world(STRANGER, 204);
  expect([await one.send(), one.rests.length]).toEqual(["done", 1]);
});

test("a refusal is final: over where it was stood down, else refused", async () => {
  expect(await world("stood_down").send()).toBe("over");
  expect(await world("nobody_asked").send()).toBe("refused");
  expect(await world(404).send()).toBe("refused");
});
