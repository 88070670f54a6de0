"""A run of outages as text, as JSON and as a page. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from html import escape

from load.charts import Line, bars, chart, even
from load.html import document, marked, table
from load.reconnect.plan import Outage
from load.reconnect.run import Back, Reconnect
from load.report import Verdict, heading, plain
from load.report import table as text_table

POINTS = 200
"""Of a curve over ten thousand devices."""


def verdicts(result: Reconnect) -> list[Verdict]:
    """Hold the times against the plan's targets. The last outage is about supervision; there nobody hurries."""
    plan, found = result.plan, []
    for back in result.outages:
        if back.outage is Outage.SILENCE or back.answered is None:
            continue
        name = back.outage.value
        found += [
            Verdict(f"{name}: p99 until answered again", back.answered.p99_ms / 1000, plan.answered_p99_s, "s"),
            Verdict(f"{name}: until all are", back.answered.max_ms / 1000, plan.all_back_s, "s"),
        ]
    judged = [*result.told[:1], *result.heard[1:]]  # the devices' own waits are most of what follows our own outage
    return found + [Verdict(f"p99, {one.what}", one.p99_ms, plan.press_p99_ms, "ms") for one in judged]


def reconnect_as_text(result: Reconnect) -> str:
    """Return the whole report for a terminal."""
    return "\n".join(_text(result))


def _text(result: Reconnect) -> Iterable[str]:
    profile = result.profile
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield f"all here: {', '.join(profile.servers)}, PostgreSQL, push receivers, generators ({profile.generators})"
    yield f"{result.connected} of {profile.devices} devices connected; {result.open_files} open files allowed a process"
    for back in result.outages:
        yield from _outage(back)
    yield "\nPresses in and after the outages, milliseconds"
    yield from text_table([*result.told, *result.heard], 1000.0)
    yield "\nTargets"
    yield from (f"  {verdict.words}" for verdict in verdicts(result))
    yield "\nFacts"
    yield from (
        f"  {'ok ' if one.holds else 'NO '} {one.what}: {one.found} (must be {one.expected})" for one in result.checks
    )
    if result.complaints:
        yield "\nFrom the logs"
        yield from (f"  {line}" for line in result.complaints)
    yield f"\n{'All facts hold.' if result.holds else 'NOT ALL FACTS HOLD.'}"


def _outage(back: Back) -> Iterable[str]:
    away = f"{back.end_s - back.begin_s:.1f} s away"
    ready = f", {back.ready_s:.1f} of them for starting again" if back.ready_s else ""
    yield f"\nOutage of the {back.outage.value}: {away}{ready}; {len(back.back_s)} devices back, {back.never} never"
    if back.answered is not None:
        yield "  milliseconds from then; a device waits between its attempts as its maker has it do"
        yield from text_table([back.answered], 1000.0)
    found = back.missed
    yield (
        f"  supervision, at its end: {found.missed} of {found.supervised} devices missed, {found.raised} of them "
        f"raised one by one with {found.told} notices, {found.banners} outage(s) said as one"
    )
    yield "  processor in the first seconds, in cores: " + ", ".join(f"{p.name} {p.cores:.2f}" for p in back.parts)


def reconnect_as_json(result: Reconnect) -> str:
    """Return everything, for machines."""
    said = dataclasses.asdict(result)
    said["verdicts"] = [dataclasses.asdict(one) | {"ratio": one.ratio} for one in verdicts(result)]
    said["holds"] = result.holds
    return json.dumps(said, indent=1, default=plain, ensure_ascii=False) + "\n"


def reconnect_page(result: Reconnect) -> str:
    """Return the page."""
    title = f"Reconnect {result.profile.name}: {result.profile.words}"
    facts = (marked(f"{one.what}: {one.found} (must be {one.expected})", one.holds) for one in result.checks)
    return document(
        title,
        "".join(
            (
                f"<h1>{escape(title)}</h1>",
                f"<p>{result.began_at:%Y-%m-%d %H:%M} UTC · {escape(result.machine.cpu)}, {result.machine.cores} cores"
                f" · commit {escape(result.machine.commit or 'unknown')} · <code>{escape(result.command)}</code></p>",
                "<h2>Targets</h2><ul>",
                *(f"<li>{marked(one.words, one.ratio <= 1)}</li>" for one in verdicts(result)),
                "</ul><h2>Facts</h2><ul>",
                *(f"<li>{fact}</li>" for fact in facts),
                "</ul>",
                _came_back(result),
                "<h2>Milliseconds until answered, and from a press to its notices</h2>",
                table([*(one.answered for one in result.outages if one.answered), *result.told, *result.heard]),
                *(
                    bars(
                        f"Processor after the outage of the {back.outage.value}",
                        [(part.name, part.cores) for part in back.parts],
                        "cores",
                    )
                    for back in result.outages
                ),
                "<h2>The report of the terminal</h2>",
                f"<pre>{escape(reconnect_as_text(result))}</pre>",
            )
        ),
    )


def _came_back(result: Reconnect) -> str:
    lines = [Line(back.outage.value, _curve(back)) for back in result.outages if back.back_s]
    if not lines:
        return ""
    longest = max(at_s for line in lines for at_s, _ in line.points)
    up = even(max(len(back.back_s) for back in result.outages), "devices answered again")
    return chart("Who is back", lines, even(longest, "seconds after the outage's end"), up)


def _curve(back: Back) -> tuple[tuple[float, float], ...]:
    step = max(1, len(back.back_s) // POINTS)
    kept = [(at_s, float(number + 1)) for number, at_s in enumerate(back.back_s) if number % step == 0]
    return (*kept, (back.back_s[-1], float(len(back.back_s))))
