"""A run of ways out as a table for a terminal, as JSON and as a page. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from load.html import document, marked, table
from load.report import heading

if TYPE_CHECKING:
    from load.ways import WaysResult


def ways_as_text(result: WaysResult) -> str:
    """Return the report for a terminal."""
    return "\n".join(_text(result))


def _text(result: WaysResult) -> Iterable[str]:
    yield from heading(result.profile, result.machine, result.began_at, result.command, result.postgresql)
    yield f"{result.profile.rounds} rounds with each dead, after one with none; milliseconds from hand-over to receipt"
    yield "rate and p99 are the median round's, p50 and max of all rounds; each ratio is to the round just before"
    yield f"\n{'':<28}{'n':>6} {'per s':>7} {'p50':>8} {'p99':>8} {'max':>8}   p99 to that with none dead"
    for one in (*result.figures, *result.together):
        words = f"{one.channel}, {'none' if one.dead is None else one.dead} dead"
        times = f"{one.figure.p50_ms:8.1f} {one.p99_ms:8.1f} {one.figure.max_ms:8.1f}"
        ratio = "" if one.dead is None else f"   ratio {one.ratio:.2f}"
        yield f"{words:<28}{one.figure.count:>6} {one.per_s:7.0f} {times}{ratio}"
    least, greatest = result.noise
    yield f"the machine by itself: one round with none dead to the one before it {least:.2f} to {greatest:.2f}"
    yield "\nFacts"
    for check in result.checks:
        yield f"  {'ok ' if check.holds else 'NO '} {check.what}: {check.found} (must be {check.expected})"
    yield "All facts hold." if result.holds else "NOT ALL FACTS HOLD."


def ways_as_json(result: WaysResult) -> str:
    """Return everything as JSON."""
    return json.dumps(asdict(result), default=_plain, indent=1)


def ways_page(result: WaysResult) -> str:
    """Return the run as one HTML page that loads nothing."""
    title = f"Load run ways: {result.profile.words}"
    cells = "".join(
        f"<tr><td>{escape(one.channel)}</td><td>{escape(one.dead or 'none')}</td><td>{one.per_s:.0f}</td>"
        f"<td>{one.figure.p50_ms:.1f}</td><td>{one.p99_ms:.1f}</td><td>{one.ratio:.2f}</td></tr>"
        for one in (*result.figures, *result.together)
    )
    head = "".join(f"<th>{word}</th>" for word in ("channel", "dead", "per second", "p50 ms", "p99 ms", "p99 ratio"))
    facts = "".join(
        f"<li>{marked(f'{one.what}: {one.found} (must be {one.expected})', one.holds)}</li>" for one in result.checks
    )
    healthy = [one.figure for one in result.figures if one.dead is None]
    return document(
        title,
        f"<h1>{escape(title)}</h1><table><thead><tr>{head}</tr></thead><tbody>{cells}</tbody></table>"
        f"<h2>With none dead, milliseconds</h2>{table(healthy)}<h2>Facts</h2><ul>{facts}</ul>"
        f"<h2>The report of the terminal</h2><pre>{escape(ways_as_text(result))}</pre>",
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
