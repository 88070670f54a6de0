import { expect, test } from "vitest";
import { cacheName, outdated, source } from "./shell";

const SHELL = { version: "v2", files: ["/phone/", "/assets/phone-1.js", "/phone/icon-192.png"] };
const OWN = "https://larm.example";
const from = (path: string, method = "GET", navigates = false) => source(method, new URL(path, OWN), OWN, navigates, SHELL);

test("the page comes from the network first, what it needs from the cache, all else is left alone", () => {
  expect(from("/phone/", "GET", true)).toBe("page");
  expect(from("/phone/?x=1", "GET", true)).toBe("page");
  expect(from("/assets/phone-1.js")).toBe("kept");
  expect(from("/phone/icon-192.png")).toBe("kept");
  expect(from("/phone/sw.js")).toBe("network");
  expect(from("/", "GET", true)).toBe("network");
  expect(from("/assets/console-1.js")).toBe("network");
});

test("nothing that the server says is ever kept, and nothing that is sent to it", () => {
  for (const path of ["/api/me", "/api/incidents", "/api/feed?after=1"]) expect(from(path)).toBe("network");
  expect(from("/api/proofs/k", "GET", true)).toBe("network");
  expect(from("/phone/", "POST", true)).toBe("network");
  expect(source("GET", new URL("https://other.example/phone/"), OWN, true, SHELL)).toBe("network");
});

test("caches of earlier builds are outdated, those of others are not ours", () => {
  expect(outdated(["larm-phone-v1", cacheName(SHELL), "somebody-else"], SHELL)).toEqual(["larm-phone-v1"]);
});
