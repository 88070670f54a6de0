"""What happened, seen from outside: what was asked and answered, committed, sent and heard. Checkers read it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from escalation.effects import About, EntryKind, Notify, TimerKind
from escalation.ids import IncidentId, NoticeId, PersonId
from larmcentral.domain.device import Downlink
from larmcentral.domain.notice import OutgoingNotice
from protocols.signal import SignalKind

A_MOMENT: Final = timedelta(milliseconds=300)
"""A deadline is acted on within a quarter of a second."""


@dataclass(slots=True)
class Press:
    """A device sent something until it was acked, or gave up. alarm: what it calls for, None for no alarm."""

    key: str
    person_id: PersonId | None
    kind: SignalKind
    silent: bool
    began_at: datetime
    acked_at: datetime | None = None


@dataclass(slots=True)
class Order:
    """A person asked the server for something. answer: "done", "refused: why" or "unknown" where he gave up."""

    who: str
    what: str
    about: PersonId | None
    began_at: datetime
    ended_at: datetime | None = None
    answer: str = "unknown"
    duress: bool = False


@dataclass(frozen=True, slots=True)
class Handing:
    """A notice was handed to a channel. accepted: the world took it, whatever was answered."""

    at: datetime
    notice: OutgoingNotice
    accepted: bool


@dataclass(frozen=True, slots=True)
class Firing:
    """A deadline that was not acted on at its time. of: an incident or a vigil; kind: of the timer, or of the vigil."""

    of: UUID
    kind: str
    due_at: datetime
    at: datetime
    early: bool


@dataclass(slots=True)
class Leased:
    """When a notice was last leased to a process: its commit, and when the process knew."""

    committed_at: datetime
    known_at: datetime


@dataclass(slots=True)
class Journal:
    """Everything, in the order of happening. troubles: closed intervals in which something was broken."""

    presses: dict[str, Press] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    handings: list[Handing] = field(default_factory=list)
    firings: list[Firing] = field(default_factory=list)
    leases: dict[NoticeId, Leased] = field(default_factory=dict)
    ended: dict[IncidentId, datetime] = field(default_factory=dict)
    to_worker: dict[PersonId, list[tuple[datetime, str]]] = field(default_factory=dict)
    beats: dict[str, list[datetime]] = field(default_factory=dict)
    """When devices' signs of life were acked, by account."""
    downlinks: list[tuple[datetime, PersonId, Downlink]] = field(default_factory=list)
    troubles: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    armed: dict[tuple[IncidentId, TimerKind, PersonId | None], tuple[datetime, int]] = field(default_factory=dict)
    unarmed: list[tuple[datetime, IncidentId]] = field(default_factory=list)
    """Commits that left an incident without a deadline."""
    complaints: list[str] = field(default_factory=list)
    """What the server's own log calls an error."""
    notices: dict[NoticeId, tuple[UUID, About, UUID | None]] = field(default_factory=dict)
    fired: int = 0
    trace: Any = field(default_factory=lambda: blake2b(digest_size=16))
    lines: list[str] | None = None
    """The trace in words, where somebody asked for it."""

    def gone(self, key: tuple[IncidentId, TimerKind, PersonId | None], now: datetime) -> None:
        """A deadline leaves the table, by whatever hand."""
        self.late(key[0], key[1].value, self.armed[key][0], now)

    def late(self, of: UUID, kind: str, due_at: datetime, now: datetime) -> None:
        """Something was acted on; note it if that was after its time."""
        self.fired += 1
        if now > due_at + A_MOMENT:
            self.firings.append(Firing(of, kind, due_at, now, early=False))

    def filed(self, notice: Notify, of: UUID) -> None:
        """A notice was filed; one id is one notice for ever."""
        names = (of, notice.about, notice.point_id)
        if self.notices.setdefault(notice.id, names) != names:
            self.complaints.append(f"notice {notice.id} names two different notices")

    def tell(self, at: datetime, *words: object) -> None:
        """Add to the trace: what is the same in two runs of one seed."""
        text = " ".join(map(str, words))
        self.trace.update(f"{at.timestamp()} {text}".encode())
        if self.lines is not None:
            self.lines.append(f"{at:%a %H:%M:%S.%f} {text}")


class Calm:
    """Answers when everything had worked for a while: what was due before must have been done by then."""

    def __init__(self, troubles: Sequence[tuple[datetime, datetime, str]]) -> None:
        self._spans: list[tuple[datetime, datetime]] = []
        for began_at, ended_at, _ in sorted(troubles):
            if self._spans and began_at <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(self._spans[-1][1], ended_at))
            else:
                self._spans.append((began_at, ended_at))
        self._ends = [ended_at for _, ended_at in self._spans]

    def quiet(self, from_at: datetime, until_at: datetime) -> bool:
        """True if nothing was broken in all that time."""
        place = bisect_left(self._ends, from_at)
        return place == len(self._spans) or self._spans[place][0] > until_at

    def done_by(self, due_at: datetime, bound: timedelta) -> datetime:
        """Return the first moment by which everything worked for as long as bound, after due_at."""
        place = bisect_left(self._ends, due_at)
        free_at = due_at
        while place < len(self._spans) and self._spans[place][0] <= free_at + bound:
            free_at = max(free_at, self._spans[place][1])
            place += 1
        return free_at + bound


HUMAN = frozenset(
    {
        EntryKind.OPENED,
        EntryKind.ALARM_JOINED,
        EntryKind.DECLINED,
        EntryKind.ESCALATED_NOW,
        EntryKind.JUMPED,
        EntryKind.PEOPLE_ADDED,
        EntryKind.PUT_BACK,
        EntryKind.OWNER_LEFT,
        EntryKind.ACKNOWLEDGEMENT_LAPSED,
        EntryKind.NOTICE_FAILED,
        EntryKind.RECEIVER_UNREACHED,
    }
)
"""Lines that may bring a step on before its time."""
BY_CLOCK = frozenset({EntryKind.STEP_BEGUN, EntryKind.TURN, EntryKind.STEP_REPEATED, EntryKind.UPGRADED})
