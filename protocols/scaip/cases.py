"""The events that units have told under a reference, and how far each is: what a repeat is answered with.

In memory, one for all connections of a receiver. After a restart a repeat is stored again (the store knows it for a
repeat) and answered as a new one is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from protocols.signal import AccountId

LIFE: Final = timedelta(minutes=60)
"""Twice the longest time that a unit asks under one reference."""

MAX_CASES: Final = 20_000
"""Some 15 MB. Beyond it the oldest is forgotten, and a repeat of it answered as new."""

GAP: Final = timedelta(seconds=60)
"""A unit that waits asks every 5 to 20 s, so three of its questions may be lost. After a longer silence the same words
are another press: units count their references anew after a start."""

MAX_ROUNDS: Final = 20_000
"""Some 5 MB. Beyond it the one that was silent for longest is forgotten."""

Name = tuple[AccountId | None, str]
"""Unit and reference."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a message of ours reaches the unit. uri: the request's address; to: the unit's own name; by: ours; sent_by:
    host and port at which the unit reached us.

    port: on the host that it came from, None for the port that it speaks from.
    """

    uri: str
    to: str
    by: str
    sent_by: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One event. device_type: so that a reference used anew is another event. event: the identity of its signal.
    heard_at: when it was told last. held: it waits for a person."""

    ref: str
    device_type: str
    event: str
    way: Way
    heard_at: datetime
    held: bool = False


class Cases:
    """Unit and reference -> its case."""

    def __init__(self) -> None:
        self._cases: OrderedDict[Name, Case] = OrderedDict()

    def __len__(self) -> int:
        return len(self._cases)

    def find(self, device: AccountId | None, ref: str, now: datetime) -> Case | None:
        """Return what is known of an event, or None."""
        case = self._cases.get((device, ref))
        return case if case is not None and now - case.heard_at <= LIFE else None

    def put(self, device: AccountId | None, case: Case) -> None:
        """Remember how far an event is."""
        self._cases[device, case.ref] = case
        self._cases.move_to_end((device, case.ref))
        if len(self._cases) > MAX_CASES:
            self._cases.popitem(last=False)

    def held(self, device: AccountId, now: datetime) -> Iterator[Case]:
        """Return the unit's events that wait for a person, oldest first."""
        for (whose, _), case in list(self._cases.items()):
            if whose == device and case.held and now - case.heard_at <= LIFE:
                yield case

    def take(self, device: AccountId, case: Case) -> None:
        """A person has taken it: every further repeat is answered so."""
        self._cases[device, case.ref] = replace(case, held=False)


@dataclass(frozen=True, slots=True)
class Round:
    """One stretch of asking the same. is_first: no earlier one of the same words is remembered."""

    begun_at: datetime
    heard_at: datetime
    is_first: bool


class Rounds:
    """What units that have proved who they are ask just now, by its words. Told before anything is stored: a commit
    of which nobody knows whether it stands belongs to the same round as the repeat that follows it."""

    def __init__(self) -> None:
        self._rounds: OrderedDict[str, Round] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rounds)

    def heard(self, words: str, now: datetime) -> Round:
        """The words were said now; return the round that they belong to."""
        before = self._rounds.pop(words, None)
        if before is not None and now - before.heard_at <= GAP:
            this = replace(before, heard_at=now)
        else:
            this = Round(begun_at=now, heard_at=now, is_first=before is None)
        self._rounds[words] = this
        if len(self._rounds) > MAX_ROUNDS:
            self._rounds.popitem(last=False)
        return this

    def goes_on(self, words: str, now: datetime) -> bool:
        """Say whether they were said a short while ago."""
        found = self._rounds.get(words)
        return found is not None and now - found.heard_at <= GAP
