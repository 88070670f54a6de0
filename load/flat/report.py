"""A new house and an old one as tables for a terminal, as JSON, and as a page. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

from load.charts import bars
from load.flat.statements import GREW, Compared, grown
from load.html import percentiles, table
from load.report import Verdict, heading, plain
from load.report import table as text_table
from load.sheet import fact_words, last_words, sheet, target_words

if TYPE_CHECKING:
    from load.flat.run import FlatResult

STATEMENTS_TOLD: Final = 12
LONGEST: Final = 150
"""Of a statement, in the terminal: enough to find it in store/sql."""


def verdicts(result: FlatResult) -> list[Verdict]:
    """Hold the old house against the new one."""
    if result.ratio is None:
        return []
    return [Verdict("p99, press to push, old house against new", result.ratio, result.plan.p99_ratio, "times")]


def flat_as_text(result: FlatResult) -> str:
    """Return the whole report for a terminal."""
    return "\n".join(_text(result))


def _text(result: FlatResult) -> Iterable[str]:
    profile, plan, filled = result.profile, result.plan, result.filled
    limit_ms = profile.targets.worst_ms
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield (
        f"old house: {filled.incidents} incidents over {plan.years:g} years and {plan.persons} persons, "
        f"{filled.size_bytes / 2**30:.2f} GiB, filled in within {filled.took_s:.0f} s; "
        f"new house: {profile.devices} persons"
    )
    yield f"rows of an incident: {', '.join(f'{table_} {rows}' for table_, rows in filled.rows)}"
    yield "\nTurns, counted from the intended press (milliseconds)"
    named = [
        dataclasses.replace(turn.notices, what=f"{turn.house} house, round {turn.round + 1}: press to push")
        for turn in result.turns
        if turn.notices is not None
    ]
    yield from text_table([*named, *(one for one in (result.new, result.old) if one is not None)], limit_ms)
    yield "\nProcessor in each turn, in cores"
    for turn in result.turns:
        parts = ", ".join(f"{part.name} {part.cores:.2f}" for part in turn.parts)
        yield f"  {turn.house} house, round {turn.round + 1}: {parts}"
    yield "\nPages, as an operator (milliseconds): new house p50 and longest, old house p50 and longest"
    for new, old in result.reads:
        times = " ".join(f"{each:9.1f}" for each in (new.p50_ms, new.longest_ms, old.p50_ms, old.longest_ms))
        yield f"  {new.page:<44} {times}"
    yield from _statements(result)
    yield from target_words(verdicts(result))
    yield from fact_words(result.checks)
    yield from last_words(result.complaints, holds=result.holds)


def _statements(result: FlatResult) -> Iterable[str]:
    more = grown(result.statements)
    yield (
        f"\nSQL of the server in all turns and pages: {result.new_ms:.0f} ms in the new house, "
        f"{result.old_ms:.0f} in the old"
    )
    yield f"Statements whose mean time grew by more than {GREW:g}: {len(more)}" + (
        " (mean ms new, old, times; calls new, old)" if more else ""
    )
    yield from (_statement(one) for one in more)
    yield "Those that cost more in all, whether they grew or not"
    yield from (_statement(one) for one in result.statements[:STATEMENTS_TOLD] if one.more_ms > 0)


def _statement(one: Compared) -> str:
    means = f"{one.new.mean_ms:8.3f} {one.old.mean_ms:8.3f} {one.ratio:6.1f}"
    return f"  {means} {one.new.calls:>7} {one.old.calls:>7}  {one.query[:LONGEST]}"


def flat_as_json(result: FlatResult) -> str:
    """Return everything, for machines."""
    said = dataclasses.asdict(result)
    said["verdicts"] = [dataclasses.asdict(one) | {"ratio": one.ratio} for one in verdicts(result)]
    said["grown"] = [one.query for one in grown(result.statements)]
    said["ratio"], said["holds"] = result.ratio, result.holds
    return json.dumps(said, indent=2, default=plain, ensure_ascii=False) + "\n"


def flat_page(result: FlatResult) -> str:
    """Return the page."""
    both = [one for one in (result.new, result.old) if one is not None]
    turns = [
        dataclasses.replace(turn.notices, what=f"{turn.house} house, round {turn.round + 1}")
        for turn in result.turns
        if turn.notices is not None
    ]
    p99 = [(one.what, one.p99_ms) for one in turns]
    rows = [
        f"<tr><td><code>{escape(one.query[:LONGEST])}</code></td><td>{one.new.mean_ms:.3f}</td>"
        f"<td>{one.old.mean_ms:.3f}</td><td>{one.ratio:.1f}</td><td>{one.old.calls}</td></tr>"
        for one in grown(result.statements)
    ]
    head = "<tr><th>statement</th><th>new, ms</th><th>old, ms</th><th>times</th><th>calls</th></tr>"
    body = "".join(
        (
            "<h2>Press to push, milliseconds</h2>",
            table([*turns, *both]),
            percentiles("Press to push in both houses", both, result.profile.targets.p99_ms),
            bars("p99, turn by turn", p99, "ms"),
            f"<h2>Statements whose mean time grew by more than {GREW:g}</h2>",
            f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>" if rows else "<p>None.</p>",
        )
    )
    return sheet(
        f"Flat: {result.profile.words}",
        result.machine,
        result.began_at,
        result.command,
        verdicts(result),
        result.checks,
        body,
        flat_as_text(result),
    )
