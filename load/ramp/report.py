"""A ramp as a table for a terminal, as JSON, and as a page with the times over the rate. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from load.charts import Axis, Line, bars, chart, even, logarithmic, logs
from load.figures import Figure
from load.html import document, marked, percentiles
from load.processes import OTHERS
from load.ramp.steps import Step
from load.report import ceiling_words, floor_words, heading, house_words, late_words, parts_words, plain

if TYPE_CHECKING:
    from load.ramp.run import RampResult


def ramp_as_text(result: RampResult) -> str:
    """Return the whole report for a terminal."""
    return "\n".join(_text(result))


def _text(result: RampResult) -> Iterable[str]:
    profile, plan = result.profile, result.plan
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield from house_words(profile, result.connected, result.open_files)
    yield "\nSteps: alarms/s offered and with all their notices, then press to each notice (milliseconds, from the"
    yield "intended press), p99.9 to the ack and to the operator's feed, the generators' own p99, alarms a transaction,"
    yield "and cores of the house's server and database. Each step begins at rest; all incidents stay open."
    yield f"  {'offered':>8} {'noticed':>8} {'p50':>8} {'p99':>8} {'p99.9':>8} {'max':>8} " + (
        f"{'ack':>8} {'feed':>8} {'late':>7} {'batch':>6} {'cores':>6}"
    )
    yield from (_row(result, step) for step in sorted(result.steps, key=lambda one: one.per_s))
    yield f"\nIt ended: {result.ended}."
    yield knee_words(result)
    if result.knee is not None:
        yield from late_words(result.knee.late, profile.generators)
        yield f"\nProcessor at the knee, {result.knee.per_s:g} alarms/s"
        yield from parts_words(result.knee.parts, result.knee.for_s, result.knee.completed)
    yield "\nFloor and ceiling of this machine, in this run"
    yield floor_words(result.floor)
    yield from map(ceiling_words, result.ceilings)
    if result.of_ceiling is not None:
        yield f"  {ratio_words(result)}"
    yield "\nFacts"
    yield from (
        f"  {'ok ' if one.holds else 'NO '} {one.what}: {one.found} (must be {one.expected})" for one in result.checks
    )
    yield f"  system alarms raised by the house, which was asked for more than it takes: {result.system_alarms}"
    if result.complaints:
        yield "\nFrom the logs"
        yield from (f"  {line}" for line in result.complaints)
    yield f"\n{'All facts hold.' if result.holds else 'NOT ALL FACTS HOLD.'} (limit of a step: {plan.limit_ms:g} ms)"


def knee_words(result: RampResult) -> str:
    """Say where the knee is."""
    if result.knee is None:
        return "Knee: none, for the very first step did not hold."
    per_s, limit_ms = result.knee.per_s, result.plan.limit_ms
    if all(step.per_s <= per_s for step in result.steps):
        return f"Knee: {per_s:g} alarms/s or more, for p99.9 stayed below {limit_ms:g} ms in every step."
    return f"Knee: {per_s:g} alarms/s, the highest rate whose p99.9 stayed below {limit_ms:g} ms."


def ratio_words(result: RampResult) -> str:
    """Say what share of the ceiling the knee is."""
    found, wanted = result.of_ceiling or 0.0, result.plan.of_ceiling
    within = "within the target" if found >= wanted else "BELOW THE TARGET"
    return (
        f"knee to the highest ceiling {found:.3f} of {wanted:.2f} wanted: {within} (generators and push receivers "
        "share the cores at the knee; the bare client has them for itself)"
    )


def _row(result: RampResult, step: Step) -> str:
    one = step.notices
    times = " ".join(_ms(one, each) for each in ("p50_ms", "p99_ms", "p999_ms", "max_ms"))
    ends = f"{_ms(step.acks, 'p999_ms')} {_ms(step.feed, 'p999_ms')} {_ms(step.late, 'p99_ms', 7)}"
    sign = "" if step.held(result.plan.limit_ms) else "  did not hold"
    return (
        f"  {step.per_s:8g} {step.noticed_per_s:8.1f} {times} {ends} {step.batches.mean_alarms:6.1f} "
        f"{_cores(result, step):6.2f}{sign}"
    )


def _ms(figure: Figure | None, field: str, width: int = 8) -> str:
    return f"{'':>{width}}" if figure is None else f"{getattr(figure, field):{width}.1f}"


def _cores(result: RampResult, step: Step) -> float:
    return sum(part.cores for part in step.parts if part.name in {*result.profile.servers, "postgresql"})


def ramp_as_json(result: RampResult) -> str:
    """Return everything, for machines."""
    said = dataclasses.asdict(result)
    said["of_ceiling"], said["holds"] = result.of_ceiling, result.holds
    return json.dumps(said, indent=2, default=plain, ensure_ascii=False) + "\n"


def ramp_page(result: RampResult) -> str:
    """Return the page."""
    title = f"Ramp {result.profile.name}: {result.profile.words}"
    body = "".join(
        (
            f"<h1>{escape(title)}</h1>",
            f"<p>{result.began_at:%Y-%m-%d %H:%M} UTC · {escape(result.machine.cpu)}, {result.machine.cores} cores · "
            f"commit {escape(result.machine.commit or 'unknown')} · <code>{escape(result.command)}</code></p>",
            f"<p>{escape(knee_words(result))} It ended: {escape(result.ended)}.</p><ul>",
            "" if result.of_ceiling is None else f"<li>{_marked_ratio(result)}</li>",
            *(
                f"<li>{marked(f'{one.what}: {one.found} (must be {one.expected})', one.holds)}</li>"
                for one in result.checks
            ),
            "</ul>",
            _over_rate(result),
            _cores_over_rate(result),
            _at_the_knee(result),
            f"<h2>The report of the terminal</h2><pre>{escape(ramp_as_text(result))}</pre>",
        )
    )
    return document(title, body)


def _marked_ratio(result: RampResult) -> str:
    return marked(ratio_words(result), (result.of_ceiling or 0.0) >= result.plan.of_ceiling)


def _over_rate(result: RampResult) -> str:
    limit_ms = result.plan.limit_ms
    reads: tuple[tuple[str, Callable[[Figure], float]], ...] = (
        ("p99.9", lambda one: one.p999_ms),
        ("p99", lambda one: one.p99_ms),
        ("p50", lambda one: one.p50_ms),
    )
    found = sorted(((step.per_s, step.notices) for step in result.steps if step.notices), key=lambda one: one[0])
    if not found:
        return ""
    times = [read(one) for _, one in found for _, read in reads]
    lines = [Line(name, tuple((per_s, logs(read(one))) for per_s, one in found)) for name, read in reads]
    up = logarithmic(max(min(times), 0.1), max(*times, limit_ms), "milliseconds")
    target = (logs(limit_ms), f"limit {limit_ms:g} ms")
    return chart("Press to notice over the offered rate", lines, _rates(result), up, target=target)


def _cores_over_rate(result: RampResult) -> str:
    steps = sorted(result.steps, key=lambda one: one.per_s)
    names = [part.name for part in steps[0].parts] if steps else []
    if not names:
        return ""
    lines = [
        Line(name, tuple((step.per_s, part.cores) for step in steps for part in step.parts if part.name == name))
        for name in names
    ]
    highest = max(part.cores for step in steps for part in step.parts)
    return chart("Processor over the offered rate", lines, _rates(result), even(highest, "cores"))


def _rates(result: RampResult) -> Axis:
    return even(max(step.per_s for step in result.steps), "alarms offered a second")


def _at_the_knee(result: RampResult) -> str:
    step = result.knee
    if step is None:
        return ""
    found = [one for one in (step.notices, step.acks, step.feed, step.late) if one is not None]
    ms = step.for_s * 1000 / (step.completed or 1)
    rows = [(part.name, part.cores * ms) for part in step.parts if part.name != OTHERS]
    return (
        f"<h2>At the knee, {step.per_s:g} alarms/s</h2>"
        + percentiles("Percentiles, from the intended press", found, result.plan.limit_ms, "limit")
        + (bars("Processor time for each alarm", rows, "ms") if step.completed else "")
    )
