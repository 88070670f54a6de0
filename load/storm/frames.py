"""What a unit in a storm says: its family's messages, cut and put together fast enough for tens of thousands a second.

Pure. The form is the codec's own: each unit's messages are serialised once, and only time and counter are exchanged.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final

from protocols.gl200.codec import serialise
from protocols.gl200.messages import Head, Message
from protocols.signal import AccountId

FIRST_ACCOUNT: Final = 868_446_030_000_000
VERSION: Final = "1A0800"
COUNTERS: Final = 0x10000
_TIME: Final = "00000000000000"
_COUNTER: Final = "FFFF"


def account(unit: int) -> str:
    """Return the name that a unit gives itself."""
    return str(FIRST_ACCOUNT + unit)


class What(Enum):
    """What a message says."""

    POSITION = "position"
    HEARTBEAT = "heartbeat"
    EVENT = "event"
    """A zone was left: filed as a signal of its own, and no call for help."""
    PANIC = "panic"


_NAMES: Final = {What.POSITION: "FRI", What.EVENT: "GEO", What.PANIC: "SOS"}


class Words:
    """The messages of one unit."""

    __slots__ = ("_parts",)

    def __init__(self, unit: int, lat: float, lon: float) -> None:
        place = ("1", "0.0", "0", "35.0", f"{lon:.6f}", f"{lat:.6f}", _TIME, "0240", "0007", "1234", "ABCD", "")
        whole = ("0", "0", "1", *place, "80")
        told: dict[tuple[What, Head], tuple[Head, str, tuple[str, ...]]] = {
            (what, head): (head, name, whole) for what, name in _NAMES.items() for head in (Head.RESP, Head.BUFF)
        }
        told[What.HEARTBEAT, Head.RESP] = told[What.HEARTBEAT, Head.BUFF] = (Head.ACK, "HBD", ())
        self._parts = {
            key: serialise(_message(account(unit), *each)).split(_TIME.encode()) for key, each in told.items()
        }

    def say(self, what: What, stamp: bytes, counter: int, *, buffered: bool) -> bytes:
        """Return one message. stamp: its time, see stamp_of(). counter: 0 to COUNTERS - 1, repeated by the answer."""
        parts = self._parts[what, Head.BUFF if buffered else Head.RESP]
        return stamp.join(parts[:-1]) + stamp + b",%04X$" % counter


def stamp_of(at: datetime) -> bytes:
    """Return a time (UTC) as a message carries it: whole seconds."""
    return at.strftime("%Y%m%d%H%M%S").encode()


def answered(chunk: bytes) -> tuple[list[int], bytes]:
    """Return the counters that the receiver's bytes answer, in order, and the bytes of an answer that is not whole."""
    *lines, rest = chunk.split(b"$")
    return [int(line[-4:], 16) for line in lines if line.startswith(b"+SACK:")], rest


def _message(device: str, head: Head, name: str, body: tuple[str, ...]) -> Message:
    fields = (f"+{head.value}:GT{name}", VERSION, device, "", *body, _TIME, _COUNTER)
    return Message(head, name, VERSION, AccountId(device), fields, None, _COUNTER)
