import { expect, test } from "vitest";
import { Api, Refusal, Unreachable } from "./api";

const answering = (status: number, body: string, ours = true) => {
  const sent: { url: string; init: RequestInit }[] = [];
  const api = new Api(async (url, init) => {
    sent.push({ url, init });
    return new Response(status === 204 ? null : body, { status, headers: ours ? { "X-Larm": "1" } : {} });
  });
  return { api, sent };
};

test("an unsafe request carries the header that a foreign page cannot send, a safe one does not", async () => {
  const { api, sent } = answering(200, "{}");
  await api.command("i1", "acknowledge");
  await api.queue();
  expect(sent.map((s) => `${s.init.method} ${s.url}`)).toEqual(["POST /api/incidents/i1/acknowledge", "GET /api/incidents"]);
  expect(sent.map((s) => (s.init.headers as Record<string, string>)["X-Larm"])).toEqual(["1", undefined]);
});

test("a refusal brings the server's reason", async () => {
  const { api } = answering(409, JSON.stringify({ reason: "taken", detail: "", fields: { name: "Karin" } }));
  const error = await api.command("i1", "acknowledge").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Refusal);
  expect((error as Refusal).problem.fields).toEqual({ name: "Karin" });
});

test("a proxy's error page means that nobody knows what became of the command", async () => {
  await expect(answering(502, "<h1>Bad gateway</h1>").api.queue()).rejects.toBeInstanceOf(Unreachable);
  await expect(answering(413, "<h1>Too large</h1>").api.queue()).rejects.toMatchObject({ problem: { reason: "http_413" } });
});

test("what does not come from the centre is no answer, whatever it says", async () => {
  await expect(answering(200, "{}", false).api.queue()).rejects.toBeInstanceOf(Unreachable);
  await expect(answering(204, "", false).api.logOut()).rejects.toBeInstanceOf(Unreachable);
  await expect(answering(403, JSON.stringify({ reason: "forbidden" }), false).api.me()).rejects.toBeInstanceOf(Unreachable);
});

test("no answer is Unreachable, and an empty answer is null", async () => {
  const dead = new Api(async () => {
    throw new TypeError("network");
  });
  await expect(dead.me()).rejects.toBeInstanceOf(Unreachable);
  expect(await answering(204, "").api.logOut()).toBeNull();
});
