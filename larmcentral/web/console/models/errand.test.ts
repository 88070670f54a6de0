import { expect, test } from "vitest";
import { Unreachable } from "../../shared/api";
import { Speech } from "../words/speech";
import { Errand, deniedWords } from "./errand";
import { refused, settle } from "./testing/ways";

const sv = new Speech("sv");

test("an errand is under way until the server has answered, and goes once however often it is asked for", async () => {
  const errand = new Errand();
  let answer: (value: number) => void = () => undefined;
  let asked = 0;
  const call = () => new Promise<number>((done) => ((asked += 1), (answer = done)));
  const first = errand.run("save", call);
  expect(errand.doing.value).toBe("save");
  expect(await errand.run("save", call)).toBeNull();
  answer(7);
  expect(await first).toEqual({ answer: 7 });
  expect([asked, errand.doing.value, errand.denied.value]).toEqual([1, null, null]);
});

test("no answer is said to be no answer, and nobody is sent to a timeline that is not there", async () => {
  const errand = new Errand();
  expect(await errand.run("save", () => Promise.reject(new Unreachable("/")))).toBeNull();
  expect(deniedWords(errand.denied.value, sv)).toMatch(/^Servern svarade inte\. .* hämta på nytt/);
});

test("what was wrong with an address is said, and what is gone is not called an alarm", async () => {
  const words = async (reason: string, fields = {}) => {
    const errand = new Errand();
    await errand.run("add", () => Promise.reject(refused(422, reason, fields)));
    return deniedWords(errand.denied.value, sv);
  };
  expect(await words("invalid", { address: "emergency_number" })).toBe("Nödnumret kan inte vara en kontaktväg.");
  expect(await words("invalid", { "body.x": "uuid_parsing" })).toBe("Servern kunde inte läsa det som skickades.");
  expect(await words("not_found")).toBe("Det finns inte, eller så får du inte se det.");
  expect(await words("wrong_code", { left: "3" })).toBe("Fel kod. Försök kvar: 3.");
  expect(await words("test_too_old", { hours: "24" })).toBe("Provet är äldre än 24 timmar. Prova igen.");
});

test("a fault of our own is not swallowed", async () => {
  const errand = new Errand();
  await expect(errand.run("save", () => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
  await settle();
  expect(errand.doing.value).toBeNull();
});
