import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../shared/clock";
import type { RowDraft, RowRehearsal, RowView } from "../../shared/shapes_forwarders";
import { RowDesk, type RowsApi } from "./row";
import { START, at } from "../../shared/testing/made";
import { message, refused, rowView, settle } from "./testing/ways";

let clock: FakeClock;
let kept: RowView;
let asked: string[];
let refuse: string | null;
let one: RowDesk;

const api = {
  rows: async () => [rowView({ kind: "fall" }), kept],
  saveRow: async (_: unknown, body: RowDraft) => {
    asked.push(`save ${body.version} ${body.sia}`);
    if (refuse) throw refused(409, refuse);
    kept = { ...kept, ...body, version: (body.version ?? 0) + 1, signed: null };
    return { version: kept.version };
  },
  removeRow: async () => ((kept = rowView()), null),
  rehearse: async (_: unknown, over: boolean, body: RowDraft): Promise<RowRehearsal> => {
    asked.push(`rehearse ${over} ${body.sia}`);
    return { complaints: [], paths: [{ path: "primary", text: `N${body.sia}`, notes: [] }] };
  },
  testRow: async () => (asked.push("test"), { message_id: "m" }),
  signRow: async (_: unknown, body: { test_id: string; note?: string }) => {
    asked.push(`sign ${body.test_id} ${body.note}`);
    kept = { ...kept, signed: { signed_at: at(0), signed_by: "u", tested_at: at(0), path: "primary", note: body.note ?? "" } };
    return null;
  },
  message: async () => message({ kind: "receiver_test", state: "sent" }),
} as unknown as RowsApi;

const run = async (ms: number) => (clock.run(ms), settle());

beforeEach(async () => {
  clock = new FakeClock(START);
  [kept, asked, refuse] = [rowView(), [], null];
  one = new RowDesk(api, clock, "larmbolaget", kept);
  await run(0);
});

test("a row is rehearsed at once, and again after a pause in the typing, not at each letter", async () => {
  expect(one.rehearsal.value?.paths[0]?.text).toBe("NPA");
  one.write("sia", "H");
  one.write("sia", "HA");
  expect([one.stale.value, one.dirty.value]).toEqual([true, true]);
  await run(400);
  expect(asked).toEqual(["rehearse false PA", "rehearse false HA"]);
  expect([one.rehearsal.value?.paths[0]?.text, one.stale.value]).toEqual(["NHA", false]);
  one.showEnd(true);
  await run(0);
  expect(asked.at(-1)).toBe("rehearse true HA");
});

test("saving takes the server's row, and a refusal keeps the words", async () => {
  one.write("sia", "HA");
  refuse = "changed_meanwhile";
  await one.save();
  expect([one.errand.denied.value?.problem?.reason, one.draft.value.sia, one.kept.value.version]).toEqual(["changed_meanwhile", "HA", 0]);
  refuse = null;
  await one.save();
  expect([one.kept.value.version, one.kept.value.sia, one.dirty.value]).toEqual([1, "HA", false]);
  await one.propose();
  expect([one.kept.value.version, one.draft.value.sia]).toEqual([0, "PA"]);
});

test("only what is saved is tried, and only what the centre took is signed", async () => {
  await one.sign("Eva, PA på skärmen");
  one.write("sia", "HA");
  await one.test();
  expect(asked.some((what) => what.startsWith("sign") || what === "test")).toBe(false);
  await one.save();
  await one.test();
  expect(one.taken.value).toBe("m");
  await one.sign(" Eva, HA på skärmen ");
  expect(asked.at(-1)).toBe("sign m Eva, HA på skärmen");
  expect(one.kept.value.signed?.path).toBe("primary");
});

test("a change of the words forgets the test of the old ones", async () => {
  await one.test();
  expect(one.taken.value).toBe("m");
  one.write("sia", "BA");
  await one.save();
  expect(one.taken.value).toBeNull();
});
