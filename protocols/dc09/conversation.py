"""The receiver's role: one TCP connection, or single UDP datagrams, each kept to the contract of all protocols.

A connection belongs to nobody in particular: a gateway speaks for many accounts on one, and a panel may have one
for each path. So Identified is never said here, and a newer connection replaces none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from protocols.conversation import Accounts, Close, Event, Fault, Nak, Token
from protocols.dc09.cipher import RandomBytes
from protocols.dc09.framing import Damaged, Frame, Framer
from protocols.dc09.recent import Recent
from protocols.dc09.reception import Reception
from protocols.errors import FramingError
from protocols.openers import Draw, Openers

FRAME_TIME: Final = timedelta(seconds=10)
"""From the first byte of a frame to its CR. 4 KB take 4 s on a 9,600 bit/s modem; a slower peer holds a socket."""

IDLE_TIME: Final = timedelta(minutes=10)
"""Without a sound frame. Panels that report more rarely connect anew; dead ones leave no socket behind."""


class Dc09Conversation:
    """One TCP connection. Frames may be split and merged at will; a damaged one gets no answer and costs no other.

    accounts, draw, recent, duh_unknown: see Reception. opened_at: when the connection was made; None leaves the idle
    time to begin with the first bytes.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        draw: RandomBytes,
        recent: Recent | None = None,
        duh_unknown: bool = False,
        opened_at: datetime | None = None,
        frame_time: timedelta = FRAME_TIME,
        idle_time: timedelta = IDLE_TIME,
    ) -> None:
        self._reception = Reception(
            accounts, draw=draw, recent=Recent() if recent is None else recent, duh_unknown=duh_unknown
        )
        self._framer = Framer()
        self._frame_time, self._idle_time = frame_time, idle_time
        self._heard_at = opened_at
        self._begun_at: datetime | None = None
        self._closed = False

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Take the next bytes off the wire; return what they complete, oldest first. Never raises."""
        if self._closed:
            return []
        found = self._framer.feed(chunk)
        if any(isinstance(item, Frame) for item in found) or self._heard_at is None:
            self._heard_at = now
        if not self._framer.partial:
            self._begun_at = None
        elif found or self._begun_at is None:
            self._begun_at = now
        return [event for item in found for event in _events(self._reception, item, now)]

    def next_deadline(self) -> datetime | None:
        """The end of an unfinished frame's time or of the idle time, whichever is first; None once closed."""
        if self._closed:
            return None
        ends = [
            None if self._begun_at is None else self._begun_at + self._frame_time,
            None if self._heard_at is None else self._heard_at + self._idle_time,
        ]
        return min((end for end in ends if end is not None), default=None)

    def deadline_passed(self, now: datetime) -> Sequence[Event]:
        """Close on a frame that does not end, or on a connection that says nothing. Empty if it is not time yet."""
        due_at = self.next_deadline()
        if due_at is None or now < due_at:
            return []
        self._closed = True
        if self._begun_at is not None and now >= self._begun_at + self._frame_time:
            late = FramingError(f"a frame did not end within {self._frame_time.total_seconds():.0f} s")
            return [Fault(late, self._framer.partial, close=True)]
        return [Close(f"no frame for {self._idle_time.total_seconds():.0f} s")]

    def ack(self, token: Token, now: datetime) -> bytes:
        """The ACK to send; see Reception.ack()."""
        return self._reception.ack(token, now)

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        """Silence or DUH; see Reception.nak(). The NAK of the standard is no refusal of ours: it sets clocks."""
        return self._reception.nak(token, why, now)


class Dc09Datagram:
    """UDP: every chunk is a whole datagram with a frame of its own, and nothing is kept between two of them but the
    answers owed. One object may serve a single exchange or everything that one address sends."""

    def __init__(
        self, accounts: Accounts, *, draw: RandomBytes, recent: Recent | None = None, duh_unknown: bool = False
    ) -> None:
        self._reception = Reception(
            accounts, draw=draw, recent=Recent() if recent is None else recent, duh_unknown=duh_unknown
        )

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Read one datagram. Never raises."""
        framer = Framer()
        found = framer.feed(chunk)
        if framer.partial:
            found.append(Damaged(FramingError("the datagram ends inside a frame"), framer.partial))
        return [event for item in found for event in _events(self._reception, item, now)]

    def next_deadline(self) -> None:
        """A datagram waits for nothing."""

    def deadline_passed(self, now: datetime) -> Sequence[Event]:
        """Nothing was waited for."""
        return []

    def ack(self, token: Token, now: datetime) -> bytes:
        """The ACK to send; see Reception.ack()."""
        return self._reception.ack(token, now)

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        """Silence or DUH; see Reception.nak()."""
        return self._reception.nak(token, why, now)


def _events(reception: Reception, item: Frame | Damaged, now: datetime) -> list[Event]:
    if isinstance(item, Damaged):
        return [Fault(item.error, item.raw)]
    return reception.take(item, now)


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins; its conversations share the memory of copies."""
    recent = Recent()
    return Openers(
        connection=lambda now: Dc09Conversation(accounts, draw=draw, recent=recent, opened_at=now),
        datagram=lambda now: Dc09Datagram(accounts, draw=draw, recent=recent),
    )
