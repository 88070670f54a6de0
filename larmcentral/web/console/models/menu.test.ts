import { expect, test } from "vitest";
import type { SessionView } from "../../shared/shapes_work";
import { START, incident } from "../../shared/testing/made";
import { Speech } from "../words/speech";
import { asksForSessions, type Known, menu } from "./menu";

const sv = new Speech("sv");
const alone = (person: string) => ({ person_id: person }) as SessionView;
const known = (wish: Partial<Known> = {}): Known => ({ me: "me", open: [], sessions: [], now: START, may: () => true, ...wish });
const why = (order: string, wish: Parameters<typeof incident>[1] = {}, more: Partial<Known> = {}) => menu(incident("a", wish), known(more), sv).find((line) => line.order === order)?.why;

test("what cannot be done says why in the menu", () => {
  expect(why("hold", { state: "acknowledged" })).toBe("Larmet väntar inte: någon har det redan.");
  expect(why("hold", { held_s: 600 })).toContain("tio minuter");
  expect(why("hand_over")).toBe("Ingen har tagit larmet ännu.");
  expect(why("put_back", { owner: { user_id: "eva", name: "Eva" } })).toBe("Det kan bara den göra som har larmet.");
  expect(why("put_back", { owner: { user_id: "me", name: "Jag" } })).toBeNull();
  expect(why("merge")).toBe("Inget annat öppet larm om samma person");
  expect(why("merge", {}, { open: [incident("b", { person: incident("a").person })] })).toBeNull();
  expect(why("jump", { steps: 1 })).toBe("Kedjan har inte fler steg");
});

test("the wearer is asked whether all is well only where a session runs, and never in a silent alarm", () => {
  expect(why("welfare", {}, { sessions: [alone("p-a")] })).toBeNull();
  expect(why("welfare", { silent: true }, { sessions: [alone("p-a")] })).toBe("Tyst larm: en fråga syns i bärarens telefon.");
  expect(why("welfare", {}, { sessions: [alone("p-b")] })).toBe("Inget pass pågår.");
  expect(why("welfare", {}, { sessions: null })).toBe("Hämtar …");
});

test("a silent alarm's menu asks for no sessions, since the wearer's phone tells who was shown them", () => {
  expect(asksForSessions(incident("a"))).toBe(true);
  expect(asksForSessions(incident("a", { silent: true }))).toBe(false);
  expect(asksForSessions(incident("a", { person: null }))).toBe(false);
});

test("on an old picture, or for a role that may not, each line says that it cannot be just now", () => {
  const lines = menu(incident("a"), known({ may: () => false }), sv);
  expect(lines.every((line) => line.why !== null)).toBe(true);
  expect(lines.find((line) => line.order === "add")?.why).toBe("Går inte just nu");
});

test("those with a key show it", () => {
  expect(menu(incident("a"), known(), sv).map((line) => line.key)).toEqual(["N", "A", "H", null, "O", null, null, null]);
});
