import { expect, test } from "vitest";
import { START, at, incident } from "../../shared/testing/made";
import type { HandoverView } from "../../shared/shapes_desk";
import { Speech } from "../words/speech";
import { handovers, waitingFor } from "./handovers";

const sv = new Speech("sv");
const list = (wish: Partial<HandoverView> = {}): HandoverView => ({
  id: "h",
  made_at: at(-60),
  from_user_id: "bo",
  from_user: "Bo",
  to_user_id: null,
  to_user: null,
  signed_by: [],
  cases: [{ incident_id: "a", kind: "fall", gravity: 2, state: "open", person: "Anna", opened_at: at(-660) }],
  ...wish,
});
const shown = (view: HandoverView, me: string | null) => handovers([view], new Map([["a", incident("a", { state: "acknowledged" })]]), me, START, sv)[0];

test("a list says who has signed and who has not", () => {
  expect(shown(list({ signed_by: ["bo"], to_user_id: "eva", to_user: "Eva" }), null)?.sides).toEqual([
    { part: "Lämnar", name: "Bo", signed: true, words: "har skrivit under" },
    { part: "Tar över", name: "Eva", signed: false, words: "har inte skrivit under" },
  ]);
});

test("each may sign once, on his own side; where nobody is named, whoever comes", () => {
  expect([shown(list(), "bo")?.maySign, shown(list({ signed_by: ["bo"] }), "bo")?.maySign]).toEqual([true, false]);
  expect([shown(list(), "eva")?.maySign, shown(list({ signed_by: ["eva"] }), "per")?.maySign]).toEqual([true, false]);
  expect([shown(list({ to_user_id: "per", to_user: "Per" }), "eva")?.maySign, shown(list(), null)?.maySign]).toEqual([false, false]);
});

test("a case is as it stood on the list, and as it stands now where that differs", () => {
  expect(shown(list(), "bo")?.cases).toEqual([{ id: "a", gravity: 2, kind: "Fall", who: "Anna", age: "10 min", then: "otaget", now: "taget", open: true }]);
  expect(handovers([list()], new Map(), "bo", START, sv)[0]?.cases[0]).toMatchObject({ now: "avslutat", open: false });
});

test("how many lists wait for one's name", () => {
  expect([waitingFor([list(), list({ signed_by: ["bo"] })], "bo"), waitingFor([list({ to_user_id: "eva" })], "eva"), waitingFor([list()], "eva")]).toEqual([1, 1, 0]);
});
