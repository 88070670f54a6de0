"""SCAIP's two messages: a unit's request (mrq) and our response (mrs).

Fields are the standard's elements by their tags, as written; None where the unit did not send one.
Source: facts/alarm-protocols.md parts 3.2 and 3.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Snu(Enum):
    """What a response says of the request."""

    OK = 0
    TOO_LONG = 1
    FORMAT = 2
    CONTENT = 3
    HOLD = 4
    """Heard; ask again, a person has not taken it yet."""
    NOT_TREATED = 5
    BUSY = 6
    MANDATORY_MISSING = 7
    REFERENCE_MISSING = 10
    OTHER = 99


class MessageType(Enum):
    """mty: what a request is."""

    ALARM = "ME"
    RESET = "RE"
    """The unit has given up waiting for an answer to this reference."""
    MORE = "IN"
    """More about an event that runs, under the same reference."""
    PING = "PI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrq:
    """A unit's request. geo, tim, gga: what stands inside lge. crd: may repeat. unknown: (path, text) of other
    elements. doubts: what was cut or read twice, in words."""

    ref: str | None = None
    cid: str | None = None
    dty: str | None = None
    ver: str | None = None
    mty: str | None = None
    sco: str | None = None
    cha: str | None = None
    hbo: str | None = None
    did: str | None = None
    dco: str | None = None
    dte: str | None = None
    stc: str | None = None
    stt: str | None = None
    pri: str | None = None
    lco: str | None = None
    lva: str | None = None
    lte: str | None = None
    geo: str | None = None
    tim: str | None = None
    gga: str | None = None
    ico: str | None = None
    ite: str | None = None
    ame: str | None = None
    crd: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def kind(self) -> MessageType | None:
        """What the request is; None for a type of no table."""
        try:
            return MessageType((self.mty or "ME").upper())
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrs:
    """Our response. ste: ASCII words. mre: voice, 0 none. cre, tnu: whom the unit rings. hbi: minutes between pings."""

    ref: str
    snu: Snu
    ste: str | None = None
    mre: int | None = None
    cre: int | None = None
    tnu: tuple[str, ...] = ()
    hbi: int | None = None


def whole_number(text: str | None) -> int | None:
    """Read a code: `27`, `0027` and `027` are one. None for what is no number of at most four digits."""
    if text is None or len(text) > 8 or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= 9999 else None
