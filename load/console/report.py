"""A run with many screens as a table for a terminal, as JSON, and as a page with its course. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from load.charts import Line, bars, chart, even
from load.console import judged
from load.html import percentiles, table
from load.report import Verdict, heading, parts_words, plain
from load.report import table as text_table
from load.sheet import fact_words, last_words, sheet, target_words

if TYPE_CHECKING:
    from load.console.run import ConsoleResult, Phase

WITH: Final = 1


def verdicts(result: ConsoleResult) -> list[Verdict]:
    """Hold the times against what is wanted."""
    plan, targets = result.plan, result.profile.targets
    found = []
    for one in result.seen:
        if one.what == judged.STANDING:
            found.append(Verdict(f"p99, {one.what}", one.p99_ms, plan.seen_p99_ms, "ms"))
    notices = result.phases[WITH].notices
    if notices is not None:
        found.append(Verdict("p99, press to push with all screens", notices.p99_ms, targets.p99_ms, "ms"))
    if result.push_ratio is not None:
        found.append(
            Verdict("p99, press to push with all screens against without", result.push_ratio, plan.push_ratio, "times")
        )
    return found


def console_as_text(result: ConsoleResult) -> str:
    """Return the whole report for a terminal."""
    return "\n".join(_text(result))


def _text(result: ConsoleResult) -> Iterable[str]:
    profile, plan = result.profile, result.plan
    limit_ms = profile.targets.worst_ms
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield f"{result.connected} of {profile.devices} devices connected; {plan.operators} consoles, {plan.phones} phones"
    yield "\nSeen, counted from the intended press (milliseconds, all readers together)"
    yield from text_table(result.seen, limit_ms)
    yield (
        f"  lines cut by us {result.cuts}, broken by themselves {result.breaks}, told to fetch anew {result.resyncs}; "
        f"'coming' said and taken {result.coming}"
    )
    for phase in result.phases:
        yield f"\n{phase.name[0].upper()}{phase.name[1:]} (milliseconds)"
        yield from text_table(phase.figures, limit_ms)
        yield from parts_words(phase.parts, profile.run_s, profile.run_presses)
        yield f"  {web_words(phase)}"
    yield "\nAnswers to the screens (milliseconds)"
    yield from text_table([one.took for one in result.answers if one.took is not None], limit_ms)
    for one in result.answers:
        counted = (f"{count} x {status or 'no answer'}" for status, count in one.statuses)
        yield f"  {one.what}: {', '.join(counted)}"
    yield from target_words(verdicts(result))
    yield from fact_words(result.checks)
    yield from last_words(result.complaints, holds=result.holds)


def web_words(phase: Phase) -> str:
    """Say what the web role holds."""
    held = phase.web
    if held is None:
        return "the web role was gone"
    return (
        f"the web role at its end: {held.rss_mb:.0f} MiB (at most {held.peak_mb:.0f} up to here), "
        f"{held.descriptors} descriptors, {held.threads} threads"
    )


def console_as_json(result: ConsoleResult) -> str:
    """Return everything, for machines."""
    said = dataclasses.asdict(result)
    said["verdicts"] = [dataclasses.asdict(one) | {"ratio": one.ratio} for one in verdicts(result)]
    said["push_ratio"], said["holds"] = result.push_ratio, result.holds
    return json.dumps(said, indent=2, default=plain, ensure_ascii=False) + "\n"


def console_page(result: ConsoleResult) -> str:
    """Return the page."""
    profile, plan = result.profile, result.plan
    notices = [
        dataclasses.replace(phase.notices, what=phase.name) for phase in result.phases if phase.notices is not None
    ]
    took = [one.took for one in result.answers if one.took is not None]
    body = "".join(
        (
            "<h2>Seen, from the intended press, milliseconds</h2>",
            table(result.seen),
            percentiles("Press to seen, all readers together", result.seen, plan.seen_p99_ms),
            "<h2>Press to push, milliseconds</h2>",
            table(notices),
            percentiles("Press to push, with the screens and without", notices, profile.targets.p99_ms),
            _over_time(result),
            "<h2>Answers to the screens, milliseconds</h2>",
            table(took),
            *(
                bars(f"Processor {phase.name}", [(part.name, part.cores) for part in phase.parts], "cores")
                for phase in result.phases[: WITH + 1]
            ),
        )
    )
    title = f"Screens under load: {profile.words}"
    return sheet(
        title,
        result.machine,
        result.began_at,
        result.command,
        verdicts(result),
        result.checks,
        body,
        console_as_text(result),
    )


def _over_time(result: ConsoleResult) -> str:
    warm_up_s = result.profile.warm_up_s
    lines = [
        Line(phase.name, tuple((one.at_s + warm_up_s, one.p99_ms) for one in phase.seconds)) for phase in result.phases
    ]
    found = [point for line in lines for point in line.points]
    if not found:
        return ""
    across = even(max(at for at, _ in found), "seconds (warm-up included)")
    up = even(max(ms for _, ms in found), "milliseconds")
    return chart("Press to push, p99 of each second", lines, across, up)
