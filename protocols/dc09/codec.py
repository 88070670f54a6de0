"""The text of a frame to a message, and back: name, header, data, extended data, time stamp.

Two steps, because the key is found by the account: open_envelope() reads what is always in the clear, parse() the rest.
What the data means is payload.py's and extended.py's matter. Source: ANSI/SIA DC-09; deviations in README.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from protocols.dc09 import cipher
from protocols.dc09.messages import NEVER_ENCRYPTED, Block, Header, Message, TimeRefused
from protocols.errors import ContentError, LocalProtocolError, NotAuthentic

# "name" seq Rrcvr? Lpref? #acct? [ ; a star directly after the quote means encrypted. A line without digits occurs.
_ENVELOPE: Final = re.compile(
    rb'"(\*?)([!#-)+-Z^-~][!#-Z^-~]{0,19})"([0-9]{4})'
    rb"(?:R([0-9A-Fa-f]{1,6}))?(?:L([0-9A-Fa-f]{0,6}))?(?:#([0-9A-Za-z]{1,16}))?\["
)
# NAK is read by its name and time stamp only: receivers fill the rest in four different ways
_NAK: Final = re.compile(rb'"NAK"')
_STAMP_AT_END: Final = re.compile(rb"_([0-9:]{8},[0-9-]{10})\Z")
_STAMP: Final = re.compile(r"_?(\d\d):(\d\d):(\d\d),(\d\d)-(\d\d)-(\d{4})", re.ASCII)
_BLOCK: Final = re.compile(rb"\[([^\[\]])([^\[\]]*)\]")
# what shows that the key was right where the mandatory time stamp is missing
_OPENED: Final = re.compile(rb"#[0-9A-Za-z]{1,16}\|")

_NAK_TEXT: Final = b'"NAK"0000R0L0A0[]'


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a frame shows without any key. content: everything after the opening bracket, still sealed if encrypted."""

    name: str
    header: Header
    encrypted: bool
    content: bytes


def open_envelope(text: bytes) -> Envelope:
    """Read the clear part of a frame's text. Raises ContentError (the sender's fault) for no DC-09 header."""
    head = _ENVELOPE.match(text)
    if head is None:
        raise ContentError("the frame has no DC-09 header")
    star, name, seq, receiver, line, account = head.groups()
    header = Header(int(seq), _words(receiver), _words(line), _words(account))
    return Envelope(name.decode("ascii").upper(), header, star == b"*", text[head.end() :])


def parse(envelope: Envelope, key: bytes | None = None) -> Message:
    """Read the rest of a frame. key: raw, needed for an encrypted envelope and unused for a clear one.

    Bytes after the last field do not hurt: they come back as tail, a report is never refused for them.
    Raises NotAuthentic if the key is missing or another one, ContentError for an encrypted part that is no hex.
    """
    content = envelope.content
    if envelope.encrypted:
        if key is None:
            raise NotAuthentic("encrypted, and no key is enrolled", account=envelope.header.account)
        content = cipher.unseal(content, key, account=envelope.header.account)
    data, bracket, rest = content.partition(b"]")
    blocks: list[Block] = []
    at = 0
    while (block := _BLOCK.match(rest, at)) is not None:
        blocks.append(Block(block[1].decode("latin-1"), block[2]))
        at = block.end()
    sent_at, stamp_bytes = _leading_stamp(rest[at:])
    if envelope.encrypted and sent_at is None and not (bracket and _OPENED.match(data)):
        raise NotAuthentic("does not open with the account's key", account=envelope.header.account)
    return Message(
        name=envelope.name,
        header=envelope.header,
        data=data,
        blocks=tuple(blocks),
        sent_at=sent_at,
        encrypted=envelope.encrypted,
        tail=rest[at + stamp_bytes :],
    )


def parse_nak(text: bytes) -> TimeRefused | None:
    """Read a NAK of any receiver; None if the text is no NAK."""
    if not _NAK.match(text):
        return None
    stamp = _STAMP_AT_END.search(text)
    return TimeRefused(parse_stamp(stamp[1].decode("ascii")) if stamp else None)


def serialise(message: Message, key: bytes | None = None, draw: cipher.RandomBytes | None = None) -> bytes:
    """Write a message as the text of a frame. key, draw: needed for an encrypted message only.

    Raises LocalProtocolError for a message that DC-09 cannot say.
    """
    header = message.header
    text = b'"%s%s"%04d' % (b"*" if message.encrypted else b"", _ascii(message.name), header.seq)
    for letter, value in ((b"R", header.receiver), (b"L", header.line), (b"#", header.account)):
        text += b"" if value is None else letter + _ascii(value)
    text += b"["
    content = message.data + b"]" + b"".join(b"[%s%s]" % (_letter(block), block.text) for block in message.blocks)
    if message.sent_at is not None:
        content += stamp_text(message.sent_at)
    content += message.tail
    _must_read_back(message, text + content)
    if not message.encrypted:
        return text + content
    if key is None or draw is None or message.name in NEVER_ENCRYPTED:
        raise LocalProtocolError(f"{message.name} cannot be encrypted: no key, or a name that never is")
    return text + cipher.seal(content, key, draw)


def _must_read_back(message: Message, clear: bytes) -> None:
    try:
        read = parse(replace(open_envelope(clear), encrypted=False))
    except ContentError:
        read = None
    if b"[" in message.data or read != replace(message, encrypted=False):
        raise LocalProtocolError(f"{message.name} has a field that DC-09 cannot say")


def serialise_nak(refused: TimeRefused) -> bytes:
    """Write the NAK, in the one form that the standard fixes (A0, not #). The time stamp is mandatory."""
    if refused.sent_at is None:
        raise LocalProtocolError("a NAK without the time helps nobody")
    return _NAK_TEXT + stamp_text(refused.sent_at)


def parse_stamp(stamp: str) -> datetime | None:
    """Read HH:MM:SS,MM-DD-YYYY as UTC, with or without the underscore; None for no such moment."""
    parts = _STAMP.fullmatch(stamp)
    if parts is None:
        return None
    hour, minute, second, month, day, year = map(int, parts.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def stamp_text(moment: datetime) -> bytes:
    """Write _HH:MM:SS,MM-DD-YYYY in UTC. Raises LocalProtocolError for a naive time."""
    if moment.tzinfo is None:
        raise LocalProtocolError("a time without its zone cannot be sent")
    utc = moment.astimezone(UTC)
    return b"_%02d:%02d:%02d,%02d-%02d-%04d" % (utc.hour, utc.minute, utc.second, utc.month, utc.day, utc.year)


_STAMP_BYTES: Final = len("_HH:MM:SS,MM-DD-YYYY")


def _leading_stamp(rest: bytes) -> tuple[datetime | None, int]:
    """The time stamp that rest begins with and its length; None and 0 if it begins with none that is a moment."""
    if not rest.startswith(b"_"):
        return None, 0
    sent_at = parse_stamp(rest[:_STAMP_BYTES].decode("latin-1"))
    return sent_at, 0 if sent_at is None else _STAMP_BYTES


def _words(value: bytes | None) -> str | None:
    return None if value is None else value.decode("ascii")


def _ascii(value: str) -> bytes:
    if not value.isascii():
        raise LocalProtocolError("names, lines and accounts are ASCII")
    return value.encode("ascii")


def _letter(block: Block) -> bytes:
    letter = block.letter.encode("latin-1", "replace")
    if len(letter) != 1:
        raise LocalProtocolError("an extended data block has one letter")
    return letter
