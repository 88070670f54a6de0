"""A run of storms as text, as JSON and as a page. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from html import escape

from load.charts import Line, bars, chart, even
from load.figures import NOTICE, Figure, figure
from load.html import document, marked, table
from load.match import Journey
from load.report import Verdict, heading, plain
from load.report import table as text_table
from load.storm.run import Blow, Storm

LATE = "a message written, against when it was due"
LATE_MS = 50.0


def verdicts(result: Storm) -> list[Verdict]:
    """Hold the panics of either storm against the plan's target. One without a notice has no time, and is a fact."""
    return [
        Verdict(f"{blow.name}: p99, intended press to each push notice", one.p99_ms, result.plan.panic_p99_ms, "ms")
        for blow in (result.backlog, result.flood)
        for one in blow.figures
        if one.what == NOTICE
    ]


def storm_as_text(result: Storm) -> str:
    """Return the whole report for a terminal."""
    return "\n".join(_text(result))


def _text(result: Storm) -> Iterable[str]:
    plan, profile = result.plan, result.profile
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield f"all here: {', '.join(profile.servers)}, PostgreSQL, push receivers, generators and storms"
    yield f"{result.connected} of {profile.devices} devices connected beside {plan.units} units that storm"
    lowest = result.floor
    yield (
        f"floor: loopback round trip p50 {lowest.round_trip_p50_ms:.2f}, p99 {lowest.round_trip_p99_ms:.2f} ms; "
        f"one commit on disk p50 {lowest.commit_p50_ms:.2f}, p99 {lowest.commit_p99_ms:.2f} ms"
    )
    each = plan.buffered // plan.units
    yield (
        f"\nBacklog: {plan.units} units come back within {plan.buffered_s:g} s, each with {each} messages "
        f"(seed {plan.seed})"
    )
    yield from _blow(result.backlog, plan.panic_p99_ms)
    due, _, acked = result.capacity.totals
    yield (
        f"\nCapacity: {result.capacity_per_s:.0f} messages/s answered while {plan.window} of each unit were under way "
        f"({due} said, {acked} answered in all)"
    )
    yield (
        f"\nFlood: {result.flood_per_s:.0f} messages/s offered for {plan.flood_s:g} s, {plan.times:g} times as many, "
        f"and {plan.presses_per_s:g} press(es) a second from devices that stay out of it"
    )
    yield from _blow(result.flood, plan.panic_p99_ms)
    yield from _memory(result)
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


def _blow(blow: Blow, limit_ms: float) -> Iterable[str]:
    due, written, acked = blow.offered.totals
    yield (
        f"  messages due {due}, written to the network {written}, answered {acked} (of them events, each on disk: "
        f"{blow.offered.acked_events}), kept by their units for want of room {due - written}"
    )
    refused = ", ".join(f"{reason} {count:.0f}" for reason, count in blow.refused.items()) or "none"
    yield f"  not stored, and so not answered, by the server's own count: {refused}"
    yield "  milliseconds, counted from the intended moment"
    yield from text_table([*blow.figures, *late(blow)], limit_ms)
    yield "  where the panics' time went"
    yield from text_table(blow.stages, limit_ms)
    yield "  processor, in cores: " + ", ".join(f"{part.name} {part.cores:.2f}" for part in blow.parts)
    if was_limit(blow):
        yield f"  THE GENERATOR WAS THE LIMIT: p99 of its lateness is over {LATE_MS:g} ms; use more"


def _memory(result: Storm) -> Iterable[str]:
    if not result.samples:
        return
    memory = [sample.memory_mib for sample in result.samples]
    longest = max(sample.sum("larm_lane_length", lane="telemetry") for sample in result.samples)
    yield (
        f"\nReceiver: {memory[0]:.0f} MiB before, {max(memory):.0f} at the most, {memory[-1]:.0f} after; at the most "
        f"{longest:.0f} arrivals waited in the telemetry lane; metrics unanswered {result.unanswered_looks} times"
    )


def late(blow: Blow) -> list[Figure]:
    """Return how late the storm itself was."""
    found = figure(LATE, blow.offered.late_s, LATE_MS)
    return [] if found is None else [found]


def was_limit(blow: Blow) -> bool:
    """True if what was offered came too late for the figures to be the server's alone."""
    return any(one.p99_ms > LATE_MS for one in late(blow))


def storm_as_json(result: Storm) -> str:
    """Return everything, for machines."""
    said = dataclasses.asdict(result)
    said["verdicts"] = [dataclasses.asdict(one) | {"ratio": one.ratio} for one in verdicts(result)]
    said["holds"] = result.holds
    return json.dumps(said, indent=1, default=plain, ensure_ascii=False) + "\n"


def storm_page(result: Storm) -> str:
    """Return the page."""
    title = f"Storm {result.profile.name}: {result.profile.words}"
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
                *_blow_page(result, result.backlog, "Backlog"),
                *_blow_page(result, result.flood, "Flood"),
                "<h2>The report of the terminal</h2>",
                f"<pre>{escape(storm_as_text(result))}</pre>",
            )
        ),
    )


def _blow_page(result: Storm, blow: Blow, name: str) -> Iterable[str]:
    yield f"<h2>{name}, milliseconds</h2>"
    yield table([*blow.figures, *late(blow)])
    seconds = max((second for second, _ in (*blow.offered.written, *blow.offered.acked)), default=0) + 1
    across = even(seconds, "seconds since it began")
    lines = [
        Line(f"messages {words} a second", tuple((float(second), float(count)) for second, count in counts))
        for words, counts in (
            ("due", blow.offered.due),
            ("written", blow.offered.written),
            ("acked", blow.offered.acked),
        )
    ]
    highest = max((count for line in lines for _, count in line.points), default=1.0)
    yield chart(f"{name}: offered and answered", lines, across, even(highest, "messages a second"))
    pressed = _pressed(blow.journeys, blow.begin_s)
    wanted = result.plan.panic_p99_ms
    up = even(max([wanted * 1.2, *(ms for _, ms in pressed)]), "milliseconds")
    told = [Line("press to the last of its notices", tuple(pressed))]
    yield chart(f"{name}: each panic", told, across, up, target=(wanted, f"p99 target {wanted:g} ms"))
    inside = [one for one in result.samples if 0 <= one.at_s - blow.begin_s <= seconds]
    waiting = tuple((one.at_s - blow.begin_s, one.sum("larm_lane_length", lane="telemetry")) for one in inside)
    if waiting:
        up = even(max(length for _, length in waiting), "arrivals")
        yield chart(f"{name}: waiting in the telemetry lane", [Line("arrivals", waiting)], across, up)
    yield bars(f"{name}: processor", [(part.name, part.cores) for part in blow.parts], "cores")


def _pressed(journeys: Sequence[Journey], begin_s: float) -> list[tuple[float, float]]:
    """When each panic was pressed, and after how many milliseconds its last notice was received."""
    return sorted(
        (one.press.intended_s - begin_s, (one.all_notices_s - one.press.intended_s) * 1000)
        for one in journeys
        if one.all_notices_s is not None
    )
