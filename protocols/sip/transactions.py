"""Requests that are answered once however often they come, and requests of ours that are sent until they are answered.

Timers by RFC 3261 section 17 on an unreliable transport: sendings double from T1 to T2 until TIMER_F; an answer given
is remembered for TIMER_J. Times come in.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protocols.conversation import Reply
from protocols.errors import ContentError
from protocols.sip.grammar import parse_via, values
from protocols.sip.messages import Response, every, one

T1: Final = timedelta(milliseconds=500)
T2: Final = timedelta(seconds=4)
TIMER_F: Final = 64 * T1
TIMER_J: Final = 64 * T1

MAX_TRANSACTIONS: Final = 20_000
"""Answers that are remembered for their repeats, of all addresses together: 600 requests a second over TIMER_J. Beyond
it the oldest is forgotten, and a repeat of it taken for new; the store sees through that."""
MAX_REMEMBERED_BYTES: Final = 64 * 1024 * 1024
"""All their bytes. An answer is as long as what was asked, and over UDP anybody may ask in any name."""
MAX_SENT: Final = 2_048
"""Our own messages to one peer that it has not confirmed."""

_CANCELLED: Final = ("INVITE", "MESSAGE", "REGISTER", "OPTIONS", "SUBSCRIBE")

Key = tuple[str, ...]
"""What names a request; ends with its method."""


@dataclass(frozen=True, slots=True)
class ReplyTo(Reply):
    """Bytes to send now. port: on the peer's host, None for the port that it speaks from; of no meaning on a stream."""

    port: int | None = None


@dataclass(slots=True)
class _Served:
    begun_at: datetime
    answer: ReplyTo | None = None


class ServerTransactions:
    """What was asked within TIMER_J, and what was answered. One for all addresses of a receiver, which are in the keys.

    reliable: nothing is retransmitted, so what comes again is meant again, and nothing is remembered.
    """

    def __init__(self, *, reliable: bool) -> None:
        self._reliable = reliable
        self._served: OrderedDict[Key, _Served] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._served)

    def again(self, key: Key, now: datetime) -> Sequence[ReplyTo] | None:
        """Begin a transaction; None if it is new. For one that is known: its answer, or nothing while it is open."""
        if self._reliable:
            return None
        while self._served and now - next(iter(self._served.values())).begun_at > TIMER_J:
            self._forget()
        served = self._served.get(key)
        if served is not None:
            return () if served.answer is None else (served.answer,)
        self._served[key] = _Served(now)
        self._remember(sum(map(len, key)))
        return None

    def answered(self, key: Key, answer: ReplyTo) -> None:
        """Remember the answer, for the request's retransmissions."""
        served = self._served.get(key)
        if served is not None and served.answer is None:
            served.answer = answer
            self._remember(len(answer.data))

    def knows(self, key: Key) -> bool:
        """Say whether there is a transaction that this CANCEL can mean."""
        return any((*key[:-1], method) in self._served for method in _CANCELLED)

    def _remember(self, octets: int) -> None:
        self._bytes += octets
        while self._bytes > MAX_REMEMBERED_BYTES or len(self._served) > MAX_TRANSACTIONS:
            self._forget()

    def _forget(self) -> None:
        key, served = self._served.popitem(last=False)
        self._bytes -= sum(map(len, key)) + (0 if served.answer is None else len(served.answer.data))


@dataclass(slots=True)
class _Sent:
    out: ReplyTo
    gives_up_at: datetime
    next_at: datetime | None
    interval: timedelta


class ClientTransactions:
    """What we asked of one peer and it has not answered. reliable: the transport repeats by itself."""

    def __init__(self, *, reliable: bool) -> None:
        self._reliable = reliable
        self._sent: OrderedDict[str, _Sent] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sent)

    def begin(self, branch: str, out: ReplyTo, now: datetime) -> None:
        """A request leaves now. The oldest is forgotten where there are too many."""
        if len(self._sent) >= MAX_SENT:
            self._sent.popitem(last=False)
        self._sent[branch] = _Sent(out, now + TIMER_F, None if self._reliable else now + T1, T1)

    def heard(self, response: Response) -> bool:
        """A response came. True if it ends one of ours; a provisional one ends nothing."""
        try:
            branch = parse_via("".join(values(every(response, "via"))[:1])).params.get("branch")
        except ContentError:
            return False
        method = (one(response, "cseq") or "").split()[-1:]
        if branch is None or branch not in self._sent or method != ["MESSAGE"] or response.status < 200:
            return False
        del self._sent[branch]
        return True

    def port_of(self, data: bytes) -> int | None:
        """Return the port on the peer's host that these bytes of ours go to, None for the one it speaks from."""
        return next((sent.out.port for sent in reversed(self._sent.values()) if sent.out.data == data), None)

    def next_deadline(self) -> datetime | None:
        """When something is to be sent again or given up."""
        return min((sent.next_at or sent.gives_up_at for sent in self._sent.values()), default=None)

    def due(self, now: datetime) -> tuple[list[ReplyTo], int]:
        """Return what to send again now, and how many were given up."""
        given_up = [branch for branch, sent in self._sent.items() if now >= sent.gives_up_at]
        for branch in given_up:
            del self._sent[branch]
        again = []
        for sent in self._sent.values():
            if sent.next_at is not None and now >= sent.next_at:
                again.append(sent.out)
                sent.interval = min(2 * sent.interval, T2)
                sent.next_at = min(now + sent.interval, sent.gives_up_at)
        return again, len(given_up)
