import { expect, test } from "vitest";
import { proofPath, told } from "./told";

test("words of the house about itself are read, with their link", () => {
  const found = told('{"service_id":"s","about":"service","title":"T","body":"B","tag":"service","lang":"en","link":"/api/proofs/k"}');
  expect(found).toEqual({ about: "service", title: "T", body: "B", tag: "service", lang: "en", incident_id: null, silent: false, quiet: false, opened_at: null, answer: null, link: "/api/proofs/k" });
});

test("anything else is no notice of ours", () => {
  for (const text of ["", "x", "null", "[]", "7", '"a"', '{"about":"alarm"}', '{"title":"T"}', '{"about":7,"title":"T"}']) expect(told(text), text).toBeNull();
});

test("a language that is not ours is read as Swedish, a broken time as none", () => {
  const found = told('{"about":"alarm","title":"T","lang":"fi","opened_at":"soon"}');
  expect([found?.lang, found?.opened_at, found?.tag]).toEqual(["sv", null, "alarm"]);
});

test("a proof goes to our own server alone, whatever host its link names", () => {
  expect(proofPath("https://larm.example/api/proofs/abc")).toBe("/api/proofs/abc");
  expect(proofPath("/api/proofs/abc")).toBe("/api/proofs/abc");
  for (const link of [null, "", "/api/proofs/", "/api/session", "https://evil.example/x", "/api/proofs/../session", "http://"]) expect(proofPath(link)).toBeNull();
});
