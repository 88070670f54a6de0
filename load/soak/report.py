"""A soak as a table for a terminal, as JSON, and as a page with its course. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from load.charts import Line, chart, even
from load.html import table
from load.report import Verdict, heading, parts_words, plain
from load.report import table as text_table
from load.sheet import fact_words, last_words, sheet, target_words
from load.soak.slope import Growth

if TYPE_CHECKING:
    from load.soak.run import SoakResult
    from load.soak.samples import Sample

TABLES_TOLD: Final = 12
KIB: Final = 1024
MIB: Final = 1024 * 1024


def verdicts(result: SoakResult) -> list[Verdict]:
    """Hold the course against what is wanted."""
    found = []
    if len(result.thirds) > 1:
        ratio = result.thirds[-1].p99_ms / max(result.thirds[0].p99_ms, 0.001)
        found.append(Verdict("p99 of the last third against the first", ratio, result.plan.p99_ratio, "times"))
        found.append(
            Verdict("p99, last third, press to notice", result.thirds[-1].p99_ms, result.profile.targets.p99_ms, "ms")
        )
    if result.size_each is not None and result.size_each[0] > 0:
        ratio = result.size_each[1] / result.size_each[0]
        found.append(
            Verdict("bytes an alarm, last third against the middle one", ratio, result.plan.size_ratio, "times")
        )
    return found


def soak_as_text(result: SoakResult) -> str:
    """Return the whole report for a terminal."""
    return "\n".join(_text(result))


def _text(result: SoakResult) -> Iterable[str]:
    profile, plan = result.profile, result.plan
    limit_ms = profile.targets.worst_ms
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield (
        f"{result.connected} of {profile.devices} devices connected; {result.visits} visits of {plan.visitors} others, "
        f"{result.visits_to_consoles} of {plan.consoles} consoles; {result.stood_down} incidents stood down"
    )
    yield "\nGrowth over the last two thirds, by the slope of all samples (asyncio's tasks are not among the figures)"
    yield f"  {'':<34} {'first':>9} {'last':>9} {'grew by':>9} {'allowed':>9} {'an hour':>9}"
    yield from (_growth(one) for one in result.growths)
    yield "\nDatabase"
    yield from _database(result)
    yield "\nRun, counted from the intended press (milliseconds)"
    yield from text_table([*result.figures, *result.thirds], limit_ms)
    yield "\nProcessor in the last fourth of the run"
    yield from parts_words(result.parts, profile.run_s / 4, round(profile.run_presses / 4))
    yield from target_words(verdicts(result))
    yield from fact_words(result.checks)
    yield from last_words(result.complaints, holds=result.holds)


def _growth(one: Growth) -> str:
    figures = " ".join(f"{each:9.1f}" for each in (one.first, one.last, one.grown, one.allowed, one.per_hour))
    return f"  {one.what:<34} {figures}  {one.unit if one.flat else one.unit + ' GREW'}"


def _database(result: SoakResult) -> Iterable[str]:
    if result.samples:
        first, last = result.samples[0], result.samples[-1]
        yield (
            f"  {first.size_bytes / MIB:.1f} MiB at the first look, {last.size_bytes / MIB:.1f} at the last; "
            f"{sum(one.dead for one in last.tables.values())} dead rows, {last.connections} connections"
        )
    if result.size_each is not None:
        middle, end = (each / KIB for each in result.size_each)
        yield f"  an alarm added {middle:.2f} KiB in the middle third and {end:.2f} in the last"
    if result.wal_each is not None:
        yield f"  an alarm wrote {result.wal_each / KIB:.1f} KiB of write-ahead log"
    for one in result.tables[:TABLES_TOLD]:
        size = f"{one.size_bytes / MIB:8.2f} MiB, {one.each_bytes / KIB:7.3f} KiB an alarm"
        yield f"  {one.name:<24} {size}, {one.dead} dead rows"


def soak_as_json(result: SoakResult) -> str:
    """Return everything, for machines."""
    said = dataclasses.asdict(result)
    said["verdicts"] = [dataclasses.asdict(one) | {"ratio": one.ratio} for one in verdicts(result)]
    said["holds"] = result.holds
    return json.dumps(said, indent=2, default=plain, ensure_ascii=False) + "\n"


def soak_page(result: SoakResult) -> str:
    """Return the page."""
    servers = result.profile.servers
    body = "".join(
        (
            "<h2>Times from the intended press, milliseconds</h2>",
            table([*result.figures, *result.thirds]),
            _times(result),
            _course(result, "Memory of the server's processes", "MiB", servers, lambda s, n: s.servers[n].rss_mb),
            _course(
                result,
                "Open descriptors of the server's processes",
                "descriptors",
                servers,
                lambda sample, name: float(sample.servers[name].descriptors),
            ),
            _course(result, "The database on disk", "MiB", ("database",), lambda s, _: s.size_bytes / MIB),
            _course(
                result,
                "Rows that are no longer of use",
                "rows",
                ("dead rows",),
                lambda sample, _: float(sum(one.dead for one in sample.tables.values())),
            ),
        )
    )
    return sheet(
        f"Soak: {result.profile.words}",
        result.machine,
        result.began_at,
        result.command,
        verdicts(result),
        result.checks,
        body,
        soak_as_text(result),
    )


def _course(
    result: SoakResult, title: str, unit: str, names: Iterable[str], read: Callable[[Sample, str], float]
) -> str:
    """Return a chart of the samples; empty without any."""
    lines = []
    for name in names:
        there = [one for one in result.samples if name in one.servers or name not in result.profile.servers]
        lines.append(Line(name, tuple((one.at_s - result.begin_s, read(one, name)) for one in there)))
    found = [point for line in lines for point in line.points]
    if not found:
        return ""
    across = even(max(at for at, _ in found), "seconds")
    return chart(title, lines, across, even(max(value for _, value in found), unit))


def _times(result: SoakResult) -> str:
    """Return the chart of p50 and p99 over time, a point for each look."""
    every = max(int(result.plan.sample_s), 1)
    spans: dict[int, list[tuple[float, float]]] = {}
    for one in result.seconds:
        spans.setdefault(one.at_s // every * every, []).append((one.p50_ms, one.p99_ms))
    if not spans:
        return ""
    p50 = tuple((float(at), sum(a for a, _ in of) / len(of)) for at, of in sorted(spans.items()))
    p99 = tuple((float(at), max(b for _, b in of)) for at, of in sorted(spans.items()))
    across = even(max(spans), "seconds since the run began")
    up = even(max(ms for _, ms in p99), "milliseconds")
    return chart(
        "Press to notice: mean p50 and highest p99 of the seconds between two looks",
        [Line("p99", p99), Line("p50", p50)],
        across,
        up,
    )
