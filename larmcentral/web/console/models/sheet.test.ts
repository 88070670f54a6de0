import { expect, test } from "vitest";
import { Refusal } from "../../shared/api";
import { Speech } from "../words/speech";
import type { SheetView } from "../../shared/shapes_orders";
import { deniedOrder } from "./asked";
import { SheetDesk, byHandWords, changedWords, draftOf, writtenOf } from "./sheet";
import { at } from "../../shared/testing/made";

const sv = new Speech("sv");
const sheet = (wish: Partial<SheetView> = {}): SheetView => ({
  device_id: "d", label: "Klocka 7", protocol: "watch", sos_numbers: ["0303174060"], fall_detection: true, fall_calls: false, in_utc: null, report_every_s: 600,
  note: "ladda", quiet_locate: true, changed_at: at(0), changed_by: "Eva", can: ["sos_numbers"], by_hand: [], said: [], ...wish,
});

test("a sheet comes back as it was written, and what is empty is left alone", () => {
  const { device_id, label, protocol, changed_at, changed_by, can, by_hand, said, ...settings } = sheet();
  expect([device_id, label, protocol, changed_at, changed_by, can, by_hand, said]).toHaveLength(8);
  expect(writtenOf(draftOf(sheet()))).toEqual(settings);
  const empty = sheet({ sos_numbers: null, fall_detection: null, fall_calls: null, report_every_s: null, note: "", quiet_locate: false });
  expect(writtenOf(draftOf(empty))).toEqual({ sos_numbers: null, fall_detection: null, fall_calls: null, in_utc: null, report_every_s: null, note: "", quiet_locate: false });
  expect(writtenOf({ ...draftOf(empty), numbers: " 0303174060 \n\n0303174061" }).sos_numbers).toEqual(["0303174060", "0303174061"]);
});

test("it is said who wrote it and what is left to do by hand", () => {
  expect(changedWords(sheet(), sv, Date.parse(at(0)))).toBe(`Skrivet ${sv.time(at(0))} av Eva`);
  expect(changedWords(sheet(), sv, Date.parse(at(86_400)))).toBe(`Skrivet ${sv.date(at(0))} ${sv.time(at(0))} av Eva`);
  expect(changedWords(sheet({ changed_at: null, changed_by: null }), sv, 0)).toBe("Inget blad är skrivet ännu");
  expect(byHandWords(sheet(), sv)).toBeNull();
  expect(byHandWords(sheet({ by_hand: ["in_utc", "fall_calls"] }), sv)).toBe("Måste ställas in på enheten: klockan i UTC och ringer vid fall");
});

test("sending saves what stands in the fields first", async () => {
  const asked: unknown[] = [];
  const desk = new SheetDesk(
    { sheet: async () => sheet(), keepSheet: async (_, body) => (asked.push(body.note), null), sendSheet: async (_, body) => (asked.push(body.good_for_h), { order_id: "o" }) },
    "d",
  );
  await desk.load();
  desk.change({ note: "ny" });
  expect(await desk.send()).toBe(true);
  expect(asked).toEqual(["ny", 168]);
  expect(desk.done.value).toBe("sent");
  desk.change({ note: "nyare" });
  expect(desk.done.value).toBeNull();
});

test("a refused number stays in its field, and the refusal is said in words", async () => {
  const refusal = new Refusal(422, { reason: "invalid", detail: "", fields: { sos_numbers: "not_a_number" } });
  const desk = new SheetDesk({ sheet: async () => sheet(), keepSheet: () => Promise.reject(refusal), sendSheet: async () => ({ order_id: "o" }) }, "d");
  await desk.load();
  desk.change({ numbers: "x" });
  expect(await desk.save()).toBe(false);
  expect(desk.draft.value?.numbers).toBe("x");
  expect(deniedOrder(desk.refused.value?.error ?? null, sv)).toBe("Det är inget telefonnummer.");
  expect(desk.done.value).toBeNull();
});
