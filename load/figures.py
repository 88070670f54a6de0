"""Latencies as HdrHistograms: three significant digits from a microsecond to two minutes. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hdrh.histogram import HdrHistogram

from load.families import Shares, of_press
from load.generator import Pressed
from load.match import Journey

LOWEST_US: Final = 1
HIGHEST_US: Final = 120_000_000
DIGITS: Final = 3
PERCENTS: Final = (50.0, 90.0, 99.0, 99.9)
CURVE_PERCENTS: Final = (
    *(0.0, 10.0, 25.0, 50.0, 75.0, 80.0, 85.0, 90.0, 92.5, 95.0, 97.0, 98.0, 99.0, 99.25, 99.5, 99.7, 99.8, 99.9),
    *(99.95, 99.99, 100.0),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Percentiles of one thing, in milliseconds.

    max_ms and over_limit, how many took longer than the limit, are exact; the percentiles have three digits.
    histogram: the whole of it, encoded as every HdrHistogram reads it, so that runs can be merged (load/merge.py).
    """

    what: str
    count: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float
    over_limit: int
    curve: tuple[tuple[float, float], ...]
    histogram: str = ""


def figure(what: str, seconds: Iterable[float], limit_ms: float) -> Figure | None:
    """Return the percentiles of some times; None without any. Past two minutes counts as two minutes."""
    histogram = HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS)
    longest_us, over = 0.0, 0
    for each in seconds:
        micros = max(each * 1e6, 0.0)
        histogram.record_value(min(max(round(micros), LOWEST_US), HIGHEST_US))
        longest_us = max(longest_us, micros)
        over += micros > limit_ms * 1000
    return _read(what, histogram, longest_us / 1000, over)


def merged(what: str, found: Sequence[Figure]) -> Figure | None:
    """Return one figure of several runs' histograms, as if it had been one run; None without any."""
    histogram = HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS)
    for one in found:
        histogram.decode_and_add(one.histogram.encode())
    longest_ms = max((one.max_ms for one in found), default=0.0)
    return _read(what, histogram, longest_ms, sum(one.over_limit for one in found))


def _read(what: str, histogram: HdrHistogram, longest_ms: float, over: int) -> Figure | None:
    if not histogram.get_total_count():
        return None
    p50, p90, p99, p999 = (_at_ms(histogram, percent) for percent in PERCENTS)
    return Figure(
        what=what,
        count=histogram.get_total_count(),
        p50_ms=p50,
        p90_ms=p90,
        p99_ms=p99,
        p999_ms=p999,
        max_ms=longest_ms,
        over_limit=over,
        curve=tuple((percent, _at_ms(histogram, percent)) for percent in CURVE_PERCENTS),
        histogram=histogram.encode().decode(),
    )


def _at_ms(histogram: HdrHistogram, percent: float) -> float:
    return float(histogram.get_value_at_percentile(percent)) / 1000


NOTICE: Final = "press to each push notice"
ACK: Final = "press to ack at the device"
ALL_NOTICES: Final = "press to all three notices"
DRAWN: Final = "press to the operator's feed"
LATE: Final = "of it, the generator's own lateness"
LATE_MS: Final = 10.0
"""A press later than this is counted."""
LIMIT_MS: Final = 50.0
"""A generator that late at its p99 was itself the limit, and the run says so."""
TO_RECEIVED: Final = "on the wire to taken in by the receiver"
TO_OPENED: Final = "taken in to its incident's decision"
TO_NOTICE: Final = "decision to the push receiver (commit, hand over, send)"


def figures(journeys: Sequence[Journey], limit_ms: float) -> list[Figure]:
    """Return the figures of some journeys; each counts from the intended press."""
    measures: Sequence[tuple[str, Callable[[Journey], Iterable[float]]]] = (
        (NOTICE, lambda j: (at_s - j.press.intended_s for _, at_s in j.notices)),
        (ALL_NOTICES, lambda j: _since(j.press.intended_s, j.all_notices_s)),
        (ACK, lambda j: _since(j.press.intended_s, j.press.acked_s)),
        (DRAWN, lambda j: _since(j.press.intended_s, j.drawn_s)),
        (LATE, lambda j: (j.press.begun_s - j.press.intended_s,)),
    )
    return _of(measures, journeys, limit_ms)


def lateness(presses: Iterable[Pressed]) -> Figure | None:
    """Return how late the generators pressed; over_limit counts those later than LATE_MS."""
    return figure(LATE, (press.begun_s - press.intended_s for press in presses), LATE_MS)


def was_the_limit(late: Figure | None) -> bool:
    """Whether the generators and not the house decided what came out: then the figures are of them."""
    return late is not None and late.p99_ms > LIMIT_MS


def stages(journeys: Sequence[Journey], limit_ms: float) -> list[Figure]:
    """Return where the time went, stage after stage. Receiver's and database's times are of the wall clock."""
    measures: Sequence[tuple[str, Callable[[Journey], Iterable[float]]]] = (
        (LATE, lambda j: (j.press.begun_s - j.press.intended_s,)),
        (TO_RECEIVED, lambda j: _since(j.press.begun_s, _received_s(j))),
        (TO_OPENED, lambda j: _since(_received_s(j), _opened_s(j))),
        (TO_NOTICE, _to_notice),
    )
    return _of(measures, journeys, limit_ms)


def _of(
    measures: Sequence[tuple[str, Callable[[Journey], Iterable[float]]]], journeys: Sequence[Journey], limit_ms: float
) -> list[Figure]:
    found = (figure(what, (s for journey in journeys for s in times(journey)), limit_ms) for what, times in measures)
    return [one for one in found if one is not None]


def _since(from_s: float | None, to_s: float | None) -> Iterable[float]:
    return () if from_s is None or to_s is None else (to_s - from_s,)


def _received_s(journey: Journey) -> float | None:
    return None if journey.signal is None else journey.signal.received_s


def _opened_s(journey: Journey) -> float | None:
    return None if journey.signal is None else journey.signal.opened_s


def _to_notice(journey: Journey) -> Iterable[float]:
    opened_s = _opened_s(journey)
    return () if opened_s is None else tuple(at_s - opened_s for _, at_s in journey.notices)


@dataclass(frozen=True, slots=True)
class OfFamily:
    """What came of one family's presses. again: sent more than once. twice: left more than one signal on disk."""

    family: str
    presses: int
    acked: int
    again: int
    twice: int
    acks: Figure | None


def by_family(journeys: Sequence[Journey], shares: Shares, devices: int, limit_ms: float) -> list[OfFamily]:
    """Return the acks family by family, for one that speaks its own way may be the slow one."""
    told: dict[str, list[Journey]] = {family: [] for family, _ in shares}
    for journey in journeys:
        told[of_press(shares, devices, journey.press.number)].append(journey)
    return [
        OfFamily(
            family=family,
            presses=len(found),
            acked=sum(j.press.acked_s is not None for j in found),
            again=sum(j.press.attempts > 1 for j in found),
            twice=sum(j.signals > 1 for j in found),
            acks=figure(ACK, (s for j in found for s in _since(j.press.intended_s, j.press.acked_s)), limit_ms),
        )
        for family, found in told.items()
    ]


@dataclass(frozen=True, slots=True)
class Second:
    """One second of the run. latencies in milliseconds of the notices whose presses were due in it."""

    at_s: int
    presses: int
    p50_ms: float
    p99_ms: float
    max_ms: float


def by_second(journeys: Sequence[Journey], begin_s: float) -> list[Second]:
    """Return the notices' latencies second by second."""
    gathered: dict[int, tuple[int, list[float]]] = {}
    for journey in journeys:
        second = math.floor(journey.press.intended_s - begin_s)
        presses, times = gathered.get(second, (0, []))
        times.extend((at_s - journey.press.intended_s) * 1000 for _, at_s in journey.notices)
        gathered[second] = (presses + 1, times)
    found = []
    for second, (presses, times) in sorted(gathered.items()):
        ordered = sorted(times) or [0.0]
        at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.99)]
        found.append(Second(second, presses, at[0], at[1], ordered[-1]))
    return found


@dataclass(frozen=True, slots=True)
class Rate:
    """What came through while more was offered than the house takes. From the first intended press on."""

    alarms: int
    offered_per_s: float
    acked_per_s: float
    noticed_per_s: float


def completed_within(journeys: Sequence[Journey], from_s: float, to_s: float) -> int:
    """Count the alarms whose last notice came in a span of monotonic time."""
    return sum(j.all_notices_s is not None and from_s <= j.all_notices_s < to_s for j in journeys)


def rate(journeys: Sequence[Journey], offered_per_s: float) -> Rate | None:
    """Return the rate of a flood; None where there was none."""
    acks = [j.press.acked_s for j in journeys if j.press.acked_s is not None]
    noticed = [j.all_notices_s for j in journeys if j.all_notices_s is not None]
    if not acks or not noticed:
        return None
    began_s = min(j.press.intended_s for j in journeys)
    return Rate(
        alarms=len(journeys),
        offered_per_s=offered_per_s,
        acked_per_s=len(acks) / (max(acks) - began_s),
        noticed_per_s=len(noticed) / (max(noticed) - began_s),
    )
