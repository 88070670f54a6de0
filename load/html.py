"""A result as one HTML page, charts included; it loads nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from load.charts import NINES, Line, bars, chart, even, logarithmic, logs, nines
from load.figures import Figure
from load.processes import OTHERS
from load.report import as_text, efficiency, verdicts

if TYPE_CHECKING:
    from load.run import Result

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;max-width:920px;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}figure{margin:1.5rem 0}figcaption{font-weight:600}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .5rem;border-bottom:1px solid #ddd;text-align:right}th:first-child,td:first-child{text-align:left}
svg text{font:12px system-ui,sans-serif;fill:#333}svg .end{text-anchor:end}svg .middle{text-anchor:middle}
svg .grid{stroke:#e3e3e3}svg .target{stroke:#b3261e;stroke-width:1.5}svg polyline{stroke-width:2}
figure ul{list-style:none;margin:.25rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
.key{width:34px;height:12px;margin-right:.4rem}.key line{stroke-width:2.5}
pre{overflow-x:auto;background:#f6f6f6;padding:1rem;font-size:12px}.no{font-weight:700;color:#b3261e}
"""


def page(result: Result) -> str:
    """Return the page."""
    profile = result.profile
    title = f"Load run {profile.name}: {profile.words}"
    body = "".join(
        (
            f"<h1>{escape(title)}</h1>",
            f"<p>{result.began_at:%Y-%m-%d %H:%M} UTC · {escape(result.machine.cpu)}, {result.machine.cores} cores · "
            f"commit {escape(result.machine.commit or 'unknown')} · <code>{escape(result.command)}</code></p>",
            "<h2>Targets</h2><ul>",
            *(f"<li>{marked(one.words, one.ratio <= 1)}</li>" for one in verdicts(result)),
            _ratio(result),
            "</ul><h2>Facts</h2><ul>",
            *(
                f"<li>{marked(f'{one.what}: {one.found} (must be {one.expected})', one.holds)}</li>"
                for one in result.checks
            ),
            "</ul><h2>Times from the intended press, milliseconds</h2>",
            table(result.figures),
            percentiles("Percentiles, from the intended press", result.figures, profile.targets.p99_ms),
            _over_time(result),
            "<h2>Where the time went, milliseconds</h2>",
            table(result.stages),
            percentiles("Stages of an alarm, percentile by percentile", result.stages, profile.targets.p99_ms),
            bars("Stages of an alarm, p50", [(one.what, one.p50_ms) for one in result.stages], "ms"),
            bars("Stages of an alarm, p99", [(one.what, one.p99_ms) for one in result.stages], "ms"),
            bars("Processor during the run", [(part.name, part.cores) for part in result.parts], "cores"),
            _an_alarm(result),
            "<h2>The report of the terminal</h2>",
            f"<pre>{escape(as_text(result))}</pre>",
        )
    )
    return document(title, body)


def document(title: str, body: str) -> str:
    """Return a whole page. title: plain text. body: HTML."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def marked(words: str, good: bool) -> str:
    """Return plain text as HTML, so that what is not as it must be is seen."""
    return escape(words) if good else f'<span class="no">{escape(words)}</span>'


def _ratio(result: Result) -> str:
    ratio = efficiency(result)
    return "" if ratio is None else f"<li>alarms/s at saturation, ratio to the bare client's: {ratio:.2f}</li>"


def table(figures: Sequence[Figure]) -> str:
    """Return a table of percentiles."""
    head = "".join(f"<th>{each}</th>" for each in ("", "count", "p50", "p90", "p99", "p99.9", "max"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_rows(figures))}</tbody></table>"


def _rows(figures: Sequence[Figure]) -> Iterable[str]:
    for one in figures:
        times = (one.p50_ms, one.p90_ms, one.p99_ms, one.p999_ms, one.max_ms)
        cells = "".join(f"<td>{each:.1f}</td>" for each in times)
        yield f"<tr><td>{escape(one.what)}</td><td>{one.count}</td>{cells}</tr>"


def percentiles(title: str, figures: Sequence[Figure], target_ms: float, target: str = "p99 target") -> str:
    """Return a chart of percentiles, the last nines as wide as the first, with their target; empty without any."""
    lines = [Line(one.what, tuple((nines(percent), logs(ms)) for percent, ms in one.curve)) for one in figures]
    found = [ms for one in figures for _, ms in one.curve]
    if not found:
        return ""
    up = logarithmic(max(min(found), 0.1), max(*found, target_ms), "milliseconds")
    return chart(title, lines, NINES, up, target=(logs(target_ms), f"{target} {target_ms:g} ms"))


def _an_alarm(result: Result) -> str:
    if not result.completed:
        return ""
    ms = result.profile.run_s * 1000 / result.completed
    rows = [(part.name, part.cores * ms) for part in result.parts if part.name != OTHERS]
    return bars("Processor time for each alarm", rows, "ms")


def _over_time(result: Result) -> str:
    if not result.seconds:
        return ""
    named = (("slowest", "max_ms"), ("p99", "p99_ms"), ("p50", "p50_ms"))
    lines = [
        Line(name, tuple((one.at_s + result.profile.warm_up_s, float(getattr(one, field))) for one in result.seconds))
        for name, field in named
    ]
    across = even(max(one.at_s for one in result.seconds) + result.profile.warm_up_s, "seconds (warm-up included)")
    up = even(max(one.max_ms for one in result.seconds), "milliseconds")
    target_ms = result.profile.targets.p99_ms
    return chart("Press to notice, second by second", lines, across, up, target=(target_ms, _target(target_ms)))


def _target(ms: float) -> str:
    return f"p99 target {ms:g} ms"
