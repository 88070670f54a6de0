"""What the screens were told, held against what was pressed and what stands in the database. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from load.afterwards import Check
from load.console.browser import Shown
from load.console.screen import FEED, Asked
from load.figures import Figure, figure
from load.match import Journey

CONSOLES: Final = "press to each console, those cut meanwhile too"
STANDING: Final = "press to each console whose line stood"
PHONES: Final = "press to each phone of those told"
PHONES_STANDING: Final = "press to each phone whose line stood"
CONFLICT: Final = 409
"""Somebody was quicker: an answer to what is stood down meanwhile, as happens every day."""
TOO_MANY: Final = 429
"""The feed asks a phone to come back a little later, and it does."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident of the run as it stands in the database at the end. lines: its last line's number."""

    id: UUID
    lines: int
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answers:
    """How the server answered one kind of request. statuses: how many of each."""

    what: str
    took: Figure | None
    statuses: tuple[tuple[int, int], ...]


def checks(shown: Sequence[Shown], incidents: Sequence[Incident], asked: Iterable[Asked]) -> list[Check]:
    """Return the facts: nobody missed an incident or a line of it, nothing was told twice, nothing was refused.

    A line may come twice to whoever has just come back: once in what was missed, and once as new. Twice as new on one
    connection it may not come.
    """
    desks, phones = _of("desk", shown), _of("phone", shown)
    odd = Counter(one.status for one in asked if not _fine(one))
    return [
        Check("incidents that a console never heard of", sum(_unheard(one, incidents) for one in desks), 0),
        Check(
            "incidents that a phone of those told never heard of", sum(_unheard(one, incidents) for one in phones), 0
        ),
        Check("lines that a console was never told", sum(_untold(one, incidents) for one in desks), 0),
        Check("lines that a phone of those told was never told", sum(_untold(one, incidents) for one in phones), 0),
        Check(
            "incidents on the phone of somebody who was not told", sum(_foreign(one, incidents) for one in phones), 0
        ),
        Check("lines told twice as new on one connection", sum(one.twice for one in shown), 0),
        Check("requests of the screens unanswered or refused", odd.total(), 0),
    ]


def _fine(one: Asked) -> bool:
    return 200 <= one.status < 300 or one.status == CONFLICT or (one.what, one.status) == (FEED, TOO_MANY)


def _of(sort: str, shown: Iterable[Shown]) -> list[Shown]:
    return [one for one in shown if one.sort == sort]


def _mine(screen: Shown, incidents: Iterable[Incident]) -> Iterable[Incident]:
    return (one for one in incidents if screen.person_id is None or screen.person_id in one.told)


def _unheard(screen: Shown, incidents: Iterable[Incident]) -> int:
    return sum(str(one.id) not in screen.heard for one in _mine(screen, incidents))


def _untold(screen: Shown, incidents: Iterable[Incident]) -> int:
    """Lines of incidents that it heard of; whoever was told to fetch anew reads them when he opens the incident."""
    if screen.resyncs:
        return 0
    missing = 0
    for one in _mine(screen, incidents):
        heard = screen.heard.get(str(one.id))
        if heard is not None:
            missing += one.lines - (int(heard[2], 16) >> 1 & (1 << one.lines) - 1).bit_count()
    return missing


def _foreign(screen: Shown, incidents: Iterable[Incident]) -> int:
    told = {str(one.id): one.told for one in incidents}
    return sum(one in told and screen.person_id not in told[one] for one in screen.heard)


def figures(
    shown: Sequence[Shown], journeys: Sequence[Journey], limit_ms: float, told: Mapping[UUID, frozenset[str]]
) -> list[Figure]:
    """Return how long it took from the intended press until each reader had it."""
    intended = {
        str(one.signal.incident_id): one.press.intended_s
        for one in journeys
        if one.first and one.signal is not None and one.signal.incident_id is not None
    }
    whose = {str(incident_id): persons for incident_id, persons in told.items()}

    def times(sort: str, *, caught_up: bool) -> Iterable[float]:
        for screen in _of(sort, shown):
            for incident_id, (first_s, late, _) in screen.heard.items():
                wanted = sort == "desk" or screen.person_id in whose.get(incident_id, ())
                if incident_id in intended and wanted and (caught_up or not late):
                    yield first_s - intended[incident_id]

    found = (
        figure(STANDING, times("desk", caught_up=False), limit_ms),
        figure(CONSOLES, times("desk", caught_up=True), limit_ms),
        figure(PHONES_STANDING, times("phone", caught_up=False), limit_ms),
        figure(PHONES, times("phone", caught_up=True), limit_ms),
    )
    return [one for one in found if one is not None]


def answers(asked: Iterable[Asked], limit_ms: float) -> list[Answers]:
    """Return how each kind of request was answered."""
    ordered = sorted(asked, key=lambda one: one.what)
    found = []
    for what, same in groupby(ordered, key=lambda one: one.what):
        of_kind = list(same)
        took = figure(what, (one.took_s for one in of_kind), limit_ms)
        found.append(Answers(what, took, tuple(sorted(Counter(one.status for one in of_kind).items()))))
    return found
