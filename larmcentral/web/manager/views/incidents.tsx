// Past and present incidents: filters that stand in the address, and what they find.
import { useEffect, useRef } from "preact/hooks";
import { hashOf } from "../models/routes";
import { found, type Found } from "../models/rows";
import { type Filters, filtersOf, queryOf } from "../models/search";
import { KINDS, OUTCOMES, PURPOSES, STATES } from "../models/choices";
import { Asked } from "../models/asked";
import type { UnitChoice } from "../../shared/shapes_reports";
import { useDeps, useKept } from "./deps";
import { PeriodFields, Standing } from "./parts";

const REST_MS = 350; // after the last letter of a search

export function IncidentsPage() {
  const { office, search } = useDeps();
  const speech = office.speech.value;
  const query = office.route.value.query;
  useEffect(() => void search.show(query), [JSON.stringify(query)]);
  const rows = search.rows.value;
  const total = search.total.value;
  const filters = search.filters.value;
  /** On top of what the address says by then: a word that was written waits a little, and a list may be used meanwhile. */
  const change = (part: Partial<Filters>) => office.go("incidents", null, queryOf({ ...filtersOf(office.route.peek().query), ...part }), true);
  const count = total === null ? "" : speech.say(search.atLeast.value ? "found_at_least" : total === 1 ? "found_one" : "found_some", { n: total });
  return (
    <div class="page">
      <header class="page-head">
        <h1>{speech.say("incidents")}</h1>
        <p class="lead">{speech.say("incidents_lead")}</p>
      </header>
      <FilterFields filters={filters} change={change} />
      <p class="count" role="status">
        <b>{count}</b>
        {total !== null && rows.length < total && <span>{speech.say("found_shown", { n: rows.length })}</span>}
        {Object.keys(query).length > 0 && (
          <a class="link" href={hashOf("incidents")}>
            {speech.say("filters_off")}
          </a>
        )}
        <button type="button" class="quiet" onClick={() => void search.show(query, true)}>
          {speech.say("refresh")}
        </button>
      </p>
      <Standing asked={search.first} again={() => void search.show(query, true)} />
      {total === 0 && <p class="nothing standing">{speech.say("found_none")}</p>}
      {rows.length > 0 && <Rows rows={rows.map((row) => found(row, speech))} />}
      {search.more.value && (
        <p class="more">
          <button type="button" class="act" disabled={search.further.asking.value} onClick={() => void search.showMore()}>
            {speech.say(search.further.asking.value ? "loading" : "found_more")}
          </button>
          <Standing asked={search.further} />
        </p>
      )}
    </div>
  );
}

function FilterFields({ filters, change }: { filters: Filters; change(part: Partial<Filters>): void }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const units = useKept(() => new Asked<readonly UnitChoice[]>());
  const wait = useRef<(() => void) | null>(null);
  useEffect(() => void units.ask(() => office.api.units()), [units]);
  useEffect(() => () => wait.current?.(), []); // the page was left: its address is no longer this search's
  const write = (text: string) => {
    wait.current?.();
    wait.current = office.clock.after(REST_MS, () => change({ text }));
  };
  const choice = (name: "kind" | "purpose" | "outcome" | "state", any: string, values: readonly string[], words: (value: string) => string) => (
    <label>
      {speech.sayOr("filter", name)}
      <select value={filters[name]} onChange={(event) => change({ [name]: event.currentTarget.value })}>
        <option value="">{any}</option>
        {values.map((value) => (
          <option key={value} value={value} selected={value === filters[name]}>
            {words(value)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <search class="filters">
      <label class="wide-field">
        {speech.say("filter_text")}
        <input id="search-text" type="search" maxLength={100} defaultValue={filters.text} key={filters.text === "" ? "empty" : "text"} placeholder={speech.say("filter_text_hint")} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      {choice("kind", speech.say("any_kind"), KINDS, (kind) => speech.sayOr("kind", kind))}
      {choice("outcome", speech.say("any"), OUTCOMES, (outcome) => speech.sayOr("outcome", outcome))}
      {choice("state", speech.say("any"), STATES, (state) => speech.sayOr("state_of", state))}
      {choice("purpose", speech.say("purpose_but_tests"), PURPOSES, (purpose) => speech.sayOr("purpose", purpose))}
      <label>
        {speech.say("unit")}
        <select value={filters.unit} onChange={(event) => change({ unit: event.currentTarget.value })}>
          <option value="">{speech.say("any")}</option>
          {units.value.value?.map((unit) => (
            <option key={unit.id} value={unit.id} selected={unit.id === filters.unit}>
              {unit.name}
            </option>
          ))}
        </select>
      </label>
      <PeriodFields period={filters} change={change} />
    </search>
  );
}

function Rows({ rows }: { rows: readonly Found[] }) {
  const speech = useDeps().office.speech.value;
  /** Up and down between the rows' links. */
  const walk = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0 || !(event.target instanceof HTMLAnchorElement)) return;
    const all = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>("th a")];
    all[all.indexOf(event.target) + by]?.focus();
    event.preventDefault();
  };
  return (
    <div class="table rows" tabIndex={0} role="region" aria-label={speech.say("incidents")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{speech.say("column_number")}</th>
            <th scope="col">{speech.say("column_time")}</th>
            <th scope="col">{speech.say("filter_kind")}</th>
            <th scope="col">{speech.say("person")}</th>
            <th scope="col">{speech.say("place")}</th>
            <th scope="col" class="number">
              {speech.say("column_shown")}
            </th>
            <th scope="col" class="number">
              {speech.say("column_accepted")}
            </th>
            <th scope="col" class="number">
              {speech.say("column_closed")}
            </th>
            <th scope="col">{speech.say("outcome")}</th>
          </tr>
        </thead>
        <tbody onKeyDown={walk}>
          {rows.map((row) => (
            <tr key={row.id} class={row.open ? "open" : ""}>
              <th scope="row">
                <a href={hashOf("incidents", row.id)}>{row.number}</a>
              </th>
              <td class="figures">
                {row.date} <span class="aside">{row.time}</span>
              </td>
              <td>
                {row.kind}
                <span class="marks">
                  {row.marks.map((mark) => (
                    <span key={mark.kind} class={`mark ${mark.kind}`}>
                      {mark.words}
                    </span>
                  ))}
                </span>
              </td>
              <td>
                {row.who}
                <span class="aside">{row.unit}</span>
              </td>
              <td>{row.place ?? "–"}</td>
              <td class="number">{row.shown}</td>
              <td class="number">{row.accepted}</td>
              <td class="number">{row.closed}</td>
              <td>{row.outcome}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
