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
    """One event. device_type, content: its codes, so that a reference used anew is another event. held: it waits for a
    person."""

    ref: str
    device_type: str
    content: str
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
