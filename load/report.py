"""A result as a table for a terminal and as JSON. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from load.figures import DRAWN, LATE_MS, LIMIT_MS, NOTICE, Figure, OfFamily, was_the_limit
from load.processes import OTHERS

if TYPE_CHECKING:
    from load.ceiling import Ceiling
    from load.floor import Floor
    from load.machine import Machine
    from load.processes import Part
    from load.profile import Profile
    from load.run import Result


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target: found and wanted in the same unit, and their ratio (1 and below is within)."""

    what: str
    found: float
    wanted: float
    unit: str

    @property
    def ratio(self) -> float:
        """found divided by wanted."""
        return self.found / self.wanted

    @property
    def words(self) -> str:
        """The verdict in a sentence."""
        within = "within the target" if self.ratio <= 1 else "OVER THE TARGET"
        return f"{self.what}: {self.found:.1f} of {self.wanted:g} {self.unit}, ratio {self.ratio:.2f}: {within}"


def verdicts(result: Result) -> list[Verdict]:
    """Hold the times at both far ends against the profile's targets. Empty where nothing came there."""
    targets, found = result.profile.targets, []
    ends = {NOTICE: "intended press to notice received", DRAWN: "intended press to the operator's feed"}
    for one in result.figures:
        if one.what not in ends:
            continue
        found.append(Verdict(f"p99, {ends[one.what]}", one.p99_ms, targets.p99_ms, "ms"))
        if targets.p999_ms is not None:
            found.append(Verdict(f"p99.9, {ends[one.what]}", one.p999_ms, targets.p999_ms, "ms"))
        found.append(Verdict(f"longest, {ends[one.what]}", one.max_ms, targets.worst_ms, "ms"))
    return found


def best_ceiling(result: Result) -> Ceiling | None:
    """Return the ceiling that is hardest on us."""
    return max(result.ceilings, key=lambda one: one.alarms_per_s, default=None)


def efficiency(result: Result) -> float | None:
    """Return the flood's rate divided by the ceiling; None where one of them was not measured."""
    highest = best_ceiling(result)
    return None if highest is None or result.flood is None else result.flood.noticed_per_s / highest.alarms_per_s


def as_text(result: Result) -> str:
    """Return the whole report for a terminal."""
    return "\n".join(_text(result))


def heading(profile: Profile, machine: Machine, began_at: datetime, command: str, postgresql: str) -> Iterable[str]:
    """Return what a stranger needs to repeat a run: what, when, which code, how, where."""
    yield f"\nlarmcentral load: {profile.name}: {profile.words}"
    yield f"{began_at:%Y-%m-%d %H:%M:%S} UTC, commit {machine.commit or 'unknown'}, {command}"
    before = " ".join(f"{each:.2f}" for each in machine.load_before)
    yield f"{machine.cpu}, {machine.cores} cores, {machine.memory_gib} GiB, {machine.kernel}; load before {before}"
    versions = ", ".join(f"{name} {number}" for name, number in machine.packages.items())
    yield f"Python {machine.python}, PostgreSQL {postgresql}, {versions}"


def _text(result: Result) -> Iterable[str]:
    profile = result.profile
    yield from heading(profile, result.machine, result.began_at, result.command, result.postgresql)
    yield from house_words(profile, result.connected, result.open_files)
    yield "\nRun, counted from the intended press (milliseconds)"
    yield from table(result.figures, profile.targets.worst_ms)
    yield from late_words(result.lateness, profile.generators)
    yield from _families(result.families)
    yield "\nWhere the time went (milliseconds)"
    yield from table(result.stages, profile.targets.worst_ms)
    yield f"\nWarm-up of {profile.warm_up_s:g} s, not counted above (milliseconds)"
    yield from table(result.warm_up, profile.targets.worst_ms)
    if result.flood is not None:
        yield f"\nFlood of {result.flood.alarms} presses at {result.flood.offered_per_s:g} a second (milliseconds)"
        yield from table(result.flood_figures, profile.targets.worst_ms)
    yield "\nTargets"
    yield from (f"  {verdict.words}" for verdict in verdicts(result))
    yield from _rates(result)
    yield "\nProcessor during the run"
    yield from parts_words(result.parts, profile.run_s, result.completed)
    yield "\nFacts"
    yield from (
        f"  {'ok ' if one.holds else 'NO '} {one.what}: {one.found} (must be {one.expected})" for one in result.checks
    )
    yield f"  notices received twice {result.received_twice}, alarms sent again by a device {result.retransmitted},"
    yield f"  stood down over the API {result.stood_down}, refused {result.stand_downs_refused},"
    yield f"  events on the console's feed {result.feed_events}, told to fetch anew {result.feed_resyncs}"
    if result.complaints:
        yield "\nFrom the logs"
        yield from (f"  {line}" for line in result.complaints)
    if result.statements:
        yield "\nStatements by total time: ms, calls, ms each, WAL bytes a call"
        yield from (_statement(row) for row in result.statements)
    yield f"\n{'All facts hold.' if result.holds else 'NOT ALL FACTS HOLD.'}"


def _families(families: Sequence[OfFamily]) -> Iterable[str]:
    if len(families) < 2:
        return
    yield "\nPress to ack by family (milliseconds)"
    yield f"  {'':<12} {'presses':>7} {'acked':>7} {'again':>6} {'twice':>6} {'p50':>8} {'p99':>8} {'max':>8}"
    for one in families:
        acks = one.acks
        times = "" if acks is None else f"{acks.p50_ms:8.1f} {acks.p99_ms:8.1f} {acks.max_ms:8.1f}"
        yield f"  {one.family:<12} {one.presses:>7} {one.acked:>7} {one.again:>6} {one.twice:>6} {times}"


def house_words(profile: Profile, connected: int, open_files: int) -> Iterable[str]:
    """Say what stood on the machine."""
    yield f"all here: {', '.join(profile.servers)}, PostgreSQL, push receivers, generators ({profile.generators})"
    whole = sum(parts for _, parts in profile.families)
    mixed = ", ".join(f"{family} {parts / whole:.0%}" for family, parts in profile.families)
    yield f"{connected} of {profile.devices} devices connected before the first press: {mixed}"
    yield f"{open_files} open files allowed a process"


def late_words(late: Figure | None, generators: int) -> Iterable[str]:
    """Say how late the generators were, and whether the figures are of them."""
    if late is None:
        return
    yield (
        f"  the generators' lateness is in every time above: p99 {late.p99_ms:.1f}, longest {late.max_ms:.1f} ms; "
        f"{late.over_limit} of {late.count} presses later than {LATE_MS:g} ms"
    )
    if was_the_limit(late):
        yield f"  THE GENERATORS WERE THE LIMIT, late by more than {LIMIT_MS:g} ms at p99, and the figures are theirs."
        yield f"  Give more of them than {generators} (--generators), or a machine with more cores."


def parts_words(parts: Sequence[Part], for_s: float, completed: int) -> Iterable[str]:
    """Say what each part of the house used; an alarm's share has the heartbeats and positions of all devices in it."""
    yield f"  {'':<18} {'cores':>6} {'ms an alarm':>12}   ({completed} alarms had all their notices meanwhile)"
    for part in parts:
        each = f"{part.cores * for_s * 1000 / completed:12.2f}" if completed and part.name != OTHERS else f"{'':>12}"
        yield f"  {part.name:<18} {part.cores:6.2f} {each}"


def table(figures: Sequence[Figure], limit_ms: float) -> Iterable[str]:
    """Return the lines of a table of percentiles."""
    yield f"  {'':<56} {'count':>7} {'p50':>8} {'p90':>8} {'p99':>8} {'p99.9':>8} {'max':>8}  over {limit_ms:g}"
    for one in figures:
        times = " ".join(f"{each:8.1f}" for each in (one.p50_ms, one.p90_ms, one.p99_ms, one.p999_ms, one.max_ms))
        yield f"  {one.what:<56} {one.count:>7} {times}  {one.over_limit}"


def _rates(result: Result) -> Iterable[str]:
    yield "\nFloor and ceiling of this machine, in this run"
    yield floor_words(result.floor)
    yield (
        f"  the server's transactions: {result.batches.mean_alarms:.1f} alarms and {result.batches.mean_results:.1f} "
        f"results each in the run, {result.flood_batches.mean_alarms:.1f} and "
        f"{result.flood_batches.mean_results:.1f} in the flood"
    )
    yield from map(ceiling_words, result.ceilings)
    if result.flood is not None:
        yield (
            f"  the whole house in the flood: {result.flood.acked_per_s:.0f} alarms/s acked, "
            f"{result.flood.noticed_per_s:.0f} alarms/s with all their notices received"
        )
    ratio = efficiency(result)
    if ratio is not None:
        yield (
            f"  ratio to the highest ceiling {ratio:.2f} (promise 0.50; generator and push receivers share the same "
            "cores in the flood, the bare client has them for itself)"
        )


def floor_words(lowest: Floor) -> str:
    """Say what no server on this machine could be faster than."""
    return (
        f"  loopback round trip p50 {lowest.round_trip_p50_ms:.2f}, p99 {lowest.round_trip_p99_ms:.2f} ms; "
        f"one commit on disk p50 {lowest.commit_p50_ms:.2f}, p99 {lowest.commit_p99_ms:.2f} ms"
    )


def ceiling_words(one: Ceiling) -> str:
    """Say what the bare client reached."""
    return (
        f"  bare client, {one.lanes} lane(s), same rows, {one.mean_alarms:.1f} alarms and {one.mean_results:.1f} "
        f"results a transaction: {one.alarms_per_s:.0f} alarms/s, {one.rows_per_s:.0f} rows/s"
    )


def _statement(row: dict[str, Any]) -> str:
    wal = row["wal_bytes"] / max(row["calls"], 1)
    return f"  {row['ms']:9.1f} {row['calls']:>7} {row['mean_ms']:8.3f} {wal:8.0f}  {row['query']}"


def as_json(result: Result) -> str:
    """Return everything, for machines."""
    said = dataclasses.asdict(result)
    said["verdicts"] = [dataclasses.asdict(one) | {"ratio": one.ratio} for one in verdicts(result)]
    said["efficiency"] = efficiency(result)
    said["holds"] = result.holds
    return json.dumps(said, indent=2, default=plain, ensure_ascii=False) + "\n"


def plain(value: object) -> str:
    """Return as text what JSON has no word for."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
