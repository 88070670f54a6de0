"""What the samples of a soak say: what grew, what an alarm costs on disk, and whether the times stayed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from load.afterwards import Check
from load.figures import NOTICE, Figure, figure
from load.match import Journey
from load.soak.plan import THIRDS, SoakPlan
from load.soak.samples import Sample
from load.soak.slope import Growth, growth


@dataclass(frozen=True, slots=True)
class Grown:
    """One table over the judged time. each_bytes: for an alarm. dead: useless rows at the end."""

    name: str
    size_bytes: int
    each_bytes: float
    dead: int


def after_warm_up(samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples that are judged: those after the first third of the time."""
    if not samples:
        return []
    begin_s, end_s = samples[0].at_s, samples[-1].at_s
    return [one for one in samples if one.at_s >= begin_s + (end_s - begin_s) / THIRDS]


def growths(samples: Sequence[Sample], plan: SoakPlan) -> list[Growth]:
    """Judge what must be flat: every server's memory, descriptors and threads, and the database's connections."""
    judged = after_warm_up(samples)
    found = []
    for name in sorted({name for one in judged for name in one.servers}):
        held = [(one.at_s, one.servers[name]) for one in judged if name in one.servers]
        memory = [(at_s, each.rss_mb) for at_s, each in held]
        found.append(
            growth(f"{name}: memory", "MiB", memory, share=plan.rss_growth, room=plan.rss_room_mb),
        )
        found.append(
            growth(
                f"{name}: descriptors",
                "",
                [(at_s, float(each.descriptors)) for at_s, each in held],
                share=plan.descriptor_growth,
                room=plan.descriptor_room,
            )
        )
        threads = [(at_s, float(each.threads)) for at_s, each in held]
        found.append(growth(f"{name}: threads", "", threads, share=0.0, room=plan.thread_room))
    connections = [(one.at_s, float(one.connections)) for one in judged]
    found.append(growth("database: connections", "", connections, share=0.0, room=plan.thread_room))
    return found


def checks(samples: Sequence[Sample], found: Sequence[Growth], servers: Sequence[str], unanswered: int) -> list[Check]:
    """Return the facts of the samples."""
    lasting = [one for one in servers if all(one in sample.servers for sample in samples)]
    return [
        Check("servers that were there at every look", len(lasting), len(servers)),
        Check("things that grew by more than is allowed", sum(not one.flat for one in found), 0),
        Check("visits of a watch that ended without an answer", unanswered, 0),
    ]


def bytes_an_alarm(samples: Sequence[Sample]) -> tuple[float, float] | None:
    """Return what an alarm added to the database, in the middle third and in the last; None for too few samples."""
    judged = after_warm_up(samples)
    half = len(judged) // 2
    if half < 1 or len(judged) <= half + 1:
        return None
    parts = ((judged[0], judged[half]), (judged[half], judged[-1]))
    each = [(b.size_bytes - a.size_bytes) / max(b.pressed - a.pressed, 1) for a, b in parts]
    return each[0], each[1]


def wal_an_alarm(samples: Sequence[Sample]) -> float | None:
    """Return the bytes of write-ahead log for an alarm over the judged time; None for too few samples."""
    judged = after_warm_up(samples)
    if len(judged) < 2 or judged[-1].pressed <= judged[0].pressed:
        return None
    return (judged[-1].wal_bytes - judged[0].wal_bytes) / (judged[-1].pressed - judged[0].pressed)


def tables(samples: Sequence[Sample]) -> list[Grown]:
    """Return the tables that grew or hold waste, the fastest first."""
    judged = after_warm_up(samples)
    if len(judged) < 2:
        return []
    first, last = judged[0], judged[-1]
    alarms = max(last.pressed - first.pressed, 1)
    found = [
        Grown(name, one.size_bytes, (one.size_bytes - first.tables[name].size_bytes) / alarms, one.dead)
        for name, one in last.tables.items()
        if name in first.tables
    ]
    return sorted((one for one in found if one.each_bytes or one.dead), key=lambda one: -one.each_bytes)


def thirds(journeys: Sequence[Journey], begin_s: float, run_s: float, limit_ms: float) -> list[Figure]:
    """Return press to notice in each third of the run. begin_s: of the run, monotonic; what came before is left out."""
    found = []
    for third, word in enumerate(("first", "middle", "last")):
        of_third = [one for one in journeys if _third(one, begin_s, run_s) == third]
        times: Iterable[float] = (at_s - one.press.intended_s for one in of_third for _, at_s in one.notices)
        one = figure(NOTICE, times, limit_ms)
        if one is not None:
            found.append(replace(one, what=f"{NOTICE}, {word} third"))
    return found


def _third(journey: Journey, begin_s: float, run_s: float) -> int:
    since_s = journey.press.intended_s - begin_s
    return -1 if since_s < 0 else min(int(since_s / run_s * THIRDS), THIRDS - 1)
