"""A run of hand-overs as a table for a terminal, as JSON and as a page. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING

from load.charts import bars
from load.html import document, marked, percentiles, table
from load.report import heading, plain
from load.report import table as table_of_text

if TYPE_CHECKING:
    from load.handover import HandoverResult


def handover_as_text(result: HandoverResult) -> str:
    """Return the report for a terminal."""
    return "\n".join(_text(result))


def _text(result: HandoverResult) -> Iterable[str]:
    profile = result.profile
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield "all here: one server process, PostgreSQL, two centres of two receivers each (one process), a generator"
    yield f"{result.connected} of {profile.devices} watches connected before the first press"
    for limit_ms in dict.fromkeys(one.limit_ms for one in result.measured):
        yield "\nTimes (milliseconds)"
        yield from table_of_text([one.figure for one in result.measured if one.limit_ms == limit_ms], limit_ms)
    yield "\nTargets"
    yield from (f"  {verdict.words}" for verdict in result.verdicts)
    yield "\nProcessor during the run, in cores"
    yield from (f"  {part.name:<18} {part.cores:5.2f}" for part in result.parts)
    yield "\nFacts"
    yield from (
        f"  {'ok ' if one.holds else 'NO '} {one.what}: {one.found} (must be {one.expected})" for one in result.checks
    )
    yield f"  cases that stand twice in a centre's records {result.taken_twice}"
    if result.complaints:
        yield "\nFrom the logs"
        yield from (f"  {line}" for line in result.complaints)
    facts = "All facts hold" if all(check.holds for check in result.checks) else "NOT ALL FACTS HOLD"
    targets = "no target was missed" if all(one.ratio <= 1 for one in result.verdicts) else "TARGETS WERE MISSED"
    yield f"\n{facts}; {targets}."


def handover_as_json(result: HandoverResult) -> str:
    """Return everything, for machines."""
    said = asdict(result)
    said["verdicts"] = [asdict(one) | {"ratio": one.ratio} for one in result.verdicts]
    said["holds"] = result.holds
    return json.dumps(said, indent=2, default=plain, ensure_ascii=False) + "\n"


def handover_page(result: HandoverResult) -> str:
    """Return one HTML page that loads nothing."""
    profile = result.profile
    title = f"Load run {profile.name}: {profile.words}"
    answers = [one.figure for one in result.measured if one.verdict is not None]
    body = "".join(
        (
            f"<h1>{escape(title)}</h1>",
            f"<p>{result.began_at:%Y-%m-%d %H:%M} UTC · {escape(result.machine.cpu)}, {result.machine.cores} cores · "
            f"commit {escape(result.machine.commit or 'unknown')} · <code>{escape(result.command)}</code></p>",
            "<h2>Targets</h2><ul>",
            *(f"<li>{marked(one.words, one.ratio <= 1)}</li>" for one in result.verdicts),
            "</ul><h2>Facts</h2><ul>",
            *(
                f"<li>{marked(f'{one.what}: {one.found} (must be {one.expected})', one.holds)}</li>"
                for one in result.checks
            ),
            "</ul><h2>Times, milliseconds</h2>",
            table(result.figures),
            percentiles("Percentiles of what has a target", answers, profile.targets.p99_ms),
            bars("Processor during the run", [(part.name, part.cores) for part in result.parts], "cores"),
            "<h2>The report of the terminal</h2>",
            f"<pre>{escape(handover_as_text(result))}</pre>",
        )
    )
    return document(title, body)
