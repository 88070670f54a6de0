// Response times against the bars: shares with their marks, a chart of days, the measures, kinds and units. Each drawing has its table.
import { useEffect } from "preact/hooks";
import type { ResponseReport, UnitChoice } from "../../shared/shapes_reports";
import { Asked, deniedWords } from "../models/asked";
import type { Period } from "../models/period";
import { type BarPicture, bars, CHART_HEIGHT, CHART_WIDTH, chart, dayLines, kinds, measures } from "../models/response";
import { Times } from "../models/times";
import { useDeps, useKept } from "./deps";
import { PeriodFields, Standing, Table } from "./parts";
import "../css/reports.css";

export function ResponsePage() {
  const { office } = useDeps();
  const speech = office.speech.value;
  const query = office.route.value.query;
  const times = useKept(() => new Times(office));
  const units = useKept(() => new Asked<readonly UnitChoice[]>());
  const again = () => void times.show(query);
  useEffect(again, [times, JSON.stringify(query)]);
  useEffect(() => void units.ask(() => office.api.units()), [units]);
  const go = (period: Period, unit: string) => office.go("response", null, { ...period, unit }, true);
  const period = times.period.value;
  const report = times.report.value.value;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{speech.say("page_response")}</h1>
        <p class="lead">{speech.say("response_lead")}</p>
      </header>
      <search class="filters">
        <label>
          {speech.say("unit")}
          <select value={times.unit.value} onChange={(event) => go(period, event.currentTarget.value)}>
            <option value="">{speech.say("all_units")}</option>
            {units.value.value?.map((unit) => (
              <option key={unit.id} value={unit.id} selected={unit.id === times.unit.value}>
                {unit.name}
              </option>
            ))}
          </select>
        </label>
        <PeriodFields period={period} change={(changed) => go(changed, times.unit.value)} />
      </search>
      <Standing asked={times.report} again={again} />
      {report && <Report report={report} />}
      {report && <Units times={times} units={units.value.value ?? []} />}
    </div>
  );
}

function Report({ report }: { report: ResponseReport }) {
  const speech = useDeps().office.speech.value;
  const number = (words: string) => ({ words, number: true as const });
  return (
    <>
      <p class="count">
        <b>{speech.say(report.alarms === 1 ? "alarms_one" : "alarms_some", { n: report.alarms })}</b>
        <span>{`${report.from_day} – ${report.until_day}`}</span>
        {report.never > 0 && <span class="is-poor">{speech.say("alarms_never", { n: report.never })}</span>}
      </p>
      <div class="report-grid">
        <section class="panel">
          <h2>{speech.say("bars")}</h2>
          <ul class="bars">
            {bars(report, speech).map((bar) => (
              <BarLine key={bar.name} bar={bar} />
            ))}
          </ul>
          <p class="hint">{speech.say("bars_lead")}</p>
        </section>
        <section class="panel">
          <h2>{speech.say("measures")}</h2>
          <dl class="measures">
            {measures(report, speech).map((one) => (
              <div key={one.name}>
                <dt>{one.name}</dt>
                <dd class="figures">{one.value}</dd>
              </div>
            ))}
          </dl>
        </section>
        <Days report={report} />
        <section class="panel wide">
          <h2>{speech.say("kinds_turned_out")}</h2>
          {report.kinds.length === 0 ? (
            <p class="nothing">{speech.say("found_none")}</p>
          ) : (
            <Table
              name={speech.say("kinds_turned_out")}
              head={[speech.say("filter_kind"), number(speech.say("all")), ...(["real", "false", "test", "drill", "other", "open"] as const).map((one) => number(speech.sayOr("turned_out", one)))]}
            >
              <tbody>
                {kinds(report, speech).map((line) => (
                  <tr key={line.kind}>
                    <th scope="row">{line.kind}</th>
                    <td class="number">{line.all}</td>
                    {line.counts.map((count, index) => (
                      <td key={index} class={`number ${count === 0 ? "dim" : ""}`}>
                        {count}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </Table>
          )}
        </section>
      </div>
    </>
  );
}

const VERDICT = { met: "M5 12.5l4.5 4.5L19 7", missed: "M6 6l12 12M18 6L6 18", none: "M6 12h12" } as const;

/** A share as a bar, with a mark where it must reach to; a tick or a cross beside the words. */
function BarLine({ bar }: { bar: BarPicture }) {
  return (
    <li class={`bar ${bar.state}`}>
      <p>
        <b>{bar.name}</b>
        <span class="reached figures">{bar.reached}</span>
        <span class="dim">{bar.wanted}</span>
        <span class="verdict">
          <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
            <path d={VERDICT[bar.state]} />
          </svg>
          {bar.verdict}
        </span>
      </p>
      <svg class="bar-drawn" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" x="0" y="1" width="100" height="8" />
        <rect class="fill" x="0" y="1" width={bar.reachedPct} height="8" />
        <rect class="target" x={bar.wantedPct - 0.2} y="0" width="0.4" height="10" />
      </svg>
    </li>
  );
}

const TOP_PX = 14;
const FOOT_PX = 22;
const LEFT_PX = 34;

function Days({ report }: { report: ResponseReport }) {
  const speech = useDeps().office.speech.value;
  const picture = chart(report);
  const lines = dayLines(report.days, report.bars);
  const within = report.bars.map((bar) => bar.within_s).toSorted((a, b) => a - b);
  const [first, last] = [within[0] ?? 0, within.at(-1) ?? 0];
  const number = (words: string) => ({ words, number: true as const });
  return (
    <section class="panel wide">
      <h2>{speech.say("days")}</h2>
      <ul class="legend">
        <li class="first">{speech.say("layer_first", { n: first })}</li>
        <li class="last">{speech.say("layer_last", { n: last })}</li>
        <li class="late">{speech.say("layer_late", { n: last })}</li>
      </ul>
      <div class="chart-room scroller" tabIndex={0} role="region" aria-label={speech.say("days")}>
        <svg class="chart" viewBox={`${-LEFT_PX} ${-TOP_PX} ${CHART_WIDTH + LEFT_PX} ${CHART_HEIGHT + TOP_PX + FOOT_PX}`} role="img" aria-label={speech.say("days_drawn", { n: report.alarms })}>
          {picture.steps.map((step) => (
            <g key={step.n}>
              <line class="step" x1="0" x2={CHART_WIDTH} y1={step.y} y2={step.y} />
              <text x="-6" y={step.y + 4} text-anchor="end">
                {step.n}
              </text>
            </g>
          ))}
          {picture.months.map((month) => (
            <g key={month.month}>
              <line class="month" x1={month.x} x2={month.x} y1="0" y2={CHART_HEIGHT + 4} />
              <text x={month.x + 3} y={CHART_HEIGHT + 16}>
                {month.month}
              </text>
            </g>
          ))}
          <line class="axis" x1="0" x2={CHART_WIDTH} y1={CHART_HEIGHT} y2={CHART_HEIGHT} />
          {picture.pieces.map((piece) => (
            <rect key={`${piece.x} ${piece.layer}`} class={piece.layer} x={piece.x} y={piece.y} width={piece.width} height={piece.height} />
          ))}
        </svg>
      </div>
      <details>
        <summary>{speech.say("days_as_table")}</summary>
        <Table name={speech.say("days")} head={[speech.say("day"), number(speech.say("all")), number(speech.say("layer_first", { n: first })), number(speech.say("within_last", { n: last }))]}>
          <tbody>
            {lines.map((line) => (
              <tr key={line.day}>
                <th scope="row" class="figures">
                  {line.day}
                </th>
                <td class="number">{line.alarms}</td>
                <td class="number">{line.first}</td>
                <td class="number">{line.last}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </details>
    </section>
  );
}

function Units({ times, units }: { times: Times; units: readonly UnitChoice[] }) {
  const speech = useDeps().office.speech.value;
  const doing = times.comparing.doing.value !== null;
  const denied = deniedWords(times.comparing.denied.value, speech);
  const lines = times.lines.value;
  const number = (words: string) => ({ words, number: true as const });
  const within = times.report.value.value?.bars.map((bar) => number(speech.say("bar_within", { n: bar.within_s }))) ?? [];
  return (
    <section class="panel wide">
      <h2>{speech.say("units_compared")}</h2>
      {lines.length === 0 ? (
        <p class="buttons">
          <button type="button" class="act" disabled={doing || units.length === 0} onClick={() => void times.compare(units)}>
            {speech.say(doing ? "loading" : "units_compare")}
          </button>
          <span class="hint">{speech.say("units_compare_lead")}</span>
        </p>
      ) : (
        <Table name={speech.say("units_compared")} head={[speech.say("unit"), number(speech.say("all")), number(speech.say("never_taken")), number(speech.say("accepted_p50")), number(speech.say("accepted_p95")), ...within]}>
          <tbody>
            {lines.map((line) => (
              <tr key={line.unit}>
                <th scope="row">{line.unit}</th>
                <td class="number">{line.alarms}</td>
                <td class="number">{line.never}</td>
                <td class="number">{line.p50}</td>
                <td class="number">{line.p95}</td>
                {line.bars.map((bar, index) => (
                  <td key={index} class={`number bar-cell ${bar.state}`}>
                    <svg class="glyph" viewBox="0 0 24 24" role="img" aria-label={speech.sayOr("bar", bar.state)}>
                      <path d={VERDICT[bar.state]} />
                    </svg>
                    {bar.reached}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {denied && (
        <p class="refusal" role="alert">
          {denied}
        </p>
      )}
    </section>
  );
}
