"""What can happen to a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from escalation.events import Actor, Operator, Responder, Wearer
from escalation.vigil import Due


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The worker says that all is well. how: "button", "app", "call" ...; duress: the PIN given was the other one.

    made_at, here and below: when he did it by the phone's word, where that may have had to wait; None: just now.
    """

    by: Wearer
    how: str
    duress: bool = False
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extended:
    """The worker will be longer, or is done sooner, than he said; an operator may write it down for him."""

    by: Wearer | Operator
    until: datetime
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The worker has arrived safely, or an operator closes the session for him."""

    by: Wearer | Operator
    how: str
    duress: bool = False
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MemoGiven:
    """The worker has words about the visit. text: as they are to be read, with the time of day before them."""

    by: Wearer
    text: str
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WelfareAsked:
    """An operator or a colleague asks how the worker is."""

    by: Operator | Responder


@dataclass(frozen=True, slots=True)
class WelfareRefused:
    """The worker answers that all is not well."""

    by: Wearer
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactLost:
    """Supervision has not heard the worker's device. since: when it was heard last, or when silence began to count."""

    since: datetime


@dataclass(frozen=True, slots=True)
class ContactRegained:
    """Supervision hears it again. That is the device's sign of life, not the worker's."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What the session had raised was stood down by others while the worker is still out: the watch goes on."""

    by: Actor


SessionEvent = (
    Due
    | CheckedIn
    | Extended
    | Ended
    | MemoGiven
    | WelfareAsked
    | WelfareRefused
    | ContactLost
    | ContactRegained
    | Resumed
)
