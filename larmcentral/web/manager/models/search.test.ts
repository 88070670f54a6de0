import { expect, test } from "vitest";
import type { IncidentPage } from "../../shared/shapes_reports";
import type { Query } from "./routes";
import { filtersOf, queryOf, Search, wanted } from "./search";
import { answer, refusal, row } from "./testing/made";

/** Answers each question in turn, and notes what was asked. */
function server(...pages: (IncidentPage | Error | Promise<IncidentPage>)[]) {
  const asked: Query[] = [];
  const incidents = async (query: Query) => {
    asked.push(query);
    const next = pages.shift();
    if (next === undefined || next instanceof Error) throw next ?? new Error("not expected");
    return next;
  };
  return { asked, api: { incidents } };
}

const page = (ids: string[], next: string | null = null, total = ids.length): IncidentPage => ({ rows: ids.map((id) => row(id)), next, total });

test("what stands in the address is what is asked for", () => {
  const filters = filtersOf({ from: "2026-11-01", until: "tomorrow", kind: "fall", unit: "u", text: " Anna ", strange: "x" });
  expect(queryOf(filters)).toEqual({ from: "2026-11-01", until: "", kind: "fall", purpose: "", outcome: "", state: "", unit: "u", text: " Anna " });
  expect(wanted(filters)).toEqual({ from_day: "2026-11-01", until_day: "", kind: "fall", purpose: "", outcome: "", state: "", unit_id: "u", text: "Anna" });
});

test("further pages come behind the last row, and the count stands", async () => {
  const { asked, api } = server(page(["1", "2"], "2", 3), page(["3"], null, 3));
  const search = new Search(api);
  await search.show({ kind: "panic" });
  expect(search.more.value).toBe(true);
  await search.showMore();
  expect(asked[1]).toMatchObject({ kind: "panic", before: "2" });
  expect([search.rows.value.map((one) => one.id), search.total.value, search.more.value]).toEqual([["1", "2", "3"], 3, false]);
});

test("coming back to the same search asks nothing, and keeps the pages that were shown", async () => {
  const { asked, api } = server(page(["1"], "1", 2), page(["2"], null, 2));
  const search = new Search(api);
  await search.show({});
  await search.showMore();
  await search.show({});
  expect([asked.length, search.rows.value.length]).toEqual([2, 2]);
});

test("the same search is asked anew where that is wanted, and the rows stand until it is answered", async () => {
  const { api } = server(page(["1"]), page(["2", "1"]));
  const search = new Search(api);
  await search.show({});
  const again = search.show({}, true);
  expect(search.rows.value.map((one) => one.id)).toEqual(["1"]);
  await again;
  expect(search.rows.value.map((one) => one.id)).toEqual(["2", "1"]);
});

test("another search empties the list at once, and a late answer to the old one is left", async () => {
  const late = answer<IncidentPage>();
  const { api } = server(late.promise, page(["2"]));
  const search = new Search(api);
  const first = search.show({ kind: "panic" });
  await search.show({ kind: "fall" });
  late.give(page(["1"]));
  await first;
  expect(search.rows.value.map((one) => one.id)).toEqual(["2"]);
});

test("a further page that is refused leaves what is shown, and can be asked for again", async () => {
  const { api } = server(page(["1"], "1", 2), refusal(503, "database"), page(["2"], null, 2));
  const search = new Search(api);
  await search.show({});
  await search.showMore();
  expect([search.rows.value.length, search.further.denied.value?.problem?.reason, search.more.value]).toEqual([1, "database", true]);
  await search.showMore();
  expect(search.rows.value.length).toBe(2);
});

test("ten thousand is where the server stops counting", async () => {
  const search = new Search(server(page(["1"], "1", 10_000)).api);
  await search.show({});
  expect(search.atLeast.value).toBe(true);
});
