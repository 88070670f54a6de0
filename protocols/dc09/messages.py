"""What is said in DC-09: reports, link tests and the receiver's answers. Frozen values, no bytes of the wire."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

SIA_DCS: Final = "SIA-DCS"
ADM_CID: Final = "ADM-CID"
NULL: Final = "NULL"
XNM: Final = "XNM"
ACK: Final = "ACK"
NAK: Final = "NAK"
DUH: Final = "DUH"
RSP: Final = "RSP"

REPORTS: Final = frozenset({SIA_DCS, ADM_CID})
LINK_TESTS: Final = frozenset({NULL, XNM})
"""Bare signs of life; XNM (2026) is a NULL that carries extended data."""
ANSWERS: Final = frozenset({ACK, NAK, DUH, RSP})
NEVER_ENCRYPTED: Final = frozenset({NAK, DUH})

LAST_SEQ: Final = 9999
KEY_BLOCK: Final = "K"
"""Extended data that carries an encryption key. Never acted on and never kept: no profile of ours allows it."""


@dataclass(frozen=True, slots=True)
class Header:
    """Who speaks, and which message it is.

    seq: 0 to 9999, given by the sender. receiver, line: 1 to 6 hex digits, None where left out (line may be empty).
    account: as written on the wire, leading zeros and case included; None where left out.
    """

    seq: int
    receiver: str | None = None
    line: str | None = "0"
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of extended data: its letter, and its text without the brackets."""

    letter: str
    text: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One frame of any kind but NAK.

    name: the identity token without the star, for instance SIA-DCS. data: between the first brackets, without them.
    sent_at: the time stamp, UTC, whole seconds; None where the unit sent none.
    tail: bytes after the last field that are outside the grammar (padding at the end, a broken time stamp).
    """

    name: str
    header: Header
    data: bytes = b""
    blocks: tuple[Block, ...] = ()
    sent_at: datetime | None = None
    encrypted: bool = False
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class TimeRefused:
    """NAK: the message came outside the time window; set your clock by mine and send again."""

    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiaEvent:
    """One event of a SIA-DCS report.

    code: two capital letters, None where the block holds none. address: zone, user or point, as written.
    new: False for an event that the panel sends from memory (O). modifiers: two small letters and a value each.
    units: what follows the star after the address. text: the panel's own words for the event.
    """

    code: str | None
    address: str = ""
    new: bool = True
    modifiers: tuple[tuple[str, str], ...] = ()
    units: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiaReport:
    """The data of a SIA-DCS message. texts: free text blocks. opaque: what is outside our grammar, as it came."""

    account: str | None
    events: tuple[SiaEvent, ...]
    texts: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CidEvent:
    """One Contact ID event. qualifier: 1 new or opening, 3 restore or closing, 6 still present.

    code: three hex digits. group: two (area, partition). zone: three (zone or user).
    """

    qualifier: int
    code: str
    group: str = "00"
    zone: str = "000"


@dataclass(frozen=True, slots=True, kw_only=True)
class CidReport:
    """The data of an ADM-CID message. opaque: what is outside the grammar, as it came."""

    account: str | None
    events: tuple[CidEvent, ...]
    opaque: tuple[str, ...] = ()


def ack_of(message: Message, now: datetime) -> Message:
    """The receiver's promise: same sequence, receiver, line and account; encrypted and dated if the message was."""
    sent_at = now.replace(microsecond=0) if message.encrypted else None
    return Message(name=ACK, header=message.header, sent_at=sent_at, encrypted=message.encrypted)


def duh_of(message: Message) -> Message:
    """Heard but not understood; the transmitter may try another receiver. Always in the clear."""
    return Message(name=DUH, header=message.header)


def dated(message: Message, sent_at: datetime) -> Message:
    """The same message with another time of sending, to whole seconds."""
    return replace(message, sent_at=sent_at.replace(microsecond=0))


def next_seq(seq: int) -> int:
    """The number after this one: 1 to 9999, then 1 again. 0 is kept for link tests."""
    return seq % LAST_SEQ + 1
