"""Frames and their content: parse() and serialise() side by side, for both directions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from protocols.errors import ContentError, LocalProtocolError
from protocols.gl200.messages import Binary, Command, Downlink, Head, Message, Sack
from protocols.plausible import storable
from protocols.signal import AccountId

MAX_FIELDS: Final = 400
"""Fifteen blocks of 12 fields are 200; the rest of a longer message is not read."""

MAX_TEXT_CHARS: Final = 64 * 1024
"""The largest frame with all its bytes spelled out."""

MAX_FIELD_CHARS: Final = 256
"""The longest field is a name or a version."""

_TEXT: Final = re.compile(r"\+([A-Z]{3,5}):(?:GT)?([0-9A-Z]{1,12})\Z")
_BINARY: Final = re.compile(rb"\+(RSP|BSP|EVT|BVT|INF|BNF|HBD|CRD|BRD|LGN|ACK)")
_IMEI_OR_MEID: Final = re.compile(r"[0-9]{15}|[0-9A-Fa-f]{14}")
_NAME_LIKE: Final = re.compile(r"[0-9A-Za-z]{4,20}")
_COMMAND: Final = re.compile(r"AT\+GT([0-9A-Z]{1,12})")
_COUNTER: Final = re.compile(r"[0-9A-Fa-f]{4}")
_MOMENT: Final = re.compile(r"[0-9]{14}")
_END: Final = " \t\r\n\x00$"


def parse(raw: bytes, *, cut_short: bool = False) -> Message | Binary:
    """Read one frame, with or without its end mark. cut_short: its last fields are missing, so send time and counter
    are not looked for.

    Raises ContentError (the transmitter's fault) for what has no head of this protocol.
    """
    if raw[:1] != b"+" or raw[1:2] == b"\x00":
        return Binary("binary")
    if (found := _BINARY.match(raw)) and raw[4:5] != b":":
        return Binary("+" + found[1].decode("ascii"))
    text = storable(raw.decode("utf-8", "backslashreplace").strip(_END), MAX_TEXT_CHARS)
    parts = text.split(",", MAX_FIELDS)
    if len(parts) > MAX_FIELDS:  # what ends a message is at its end, however long it is
        parts[MAX_FIELDS:] = parts[MAX_FIELDS].rsplit(",", 2)[-2:]
    fields = [part.strip()[:MAX_FIELD_CHARS] for part in parts]
    head = _TEXT.match(fields[0].upper())
    if not head:
        raise ContentError("no message name behind the head")
    version, device = _identity(fields)
    kind = Head(head[1]) if head[1] in {known.value for known in Head} else Head.OTHER
    sent, counter = (None, None) if cut_short else _ending(fields)
    return Message(kind, head[2], version, device, tuple(fields), sent, counter)


def serialise(message: Message) -> bytes:
    """Write one text message as a unit does; used by the emulator. Raises LocalProtocolError for a sign that would
    end a field."""
    return _line(message.fields)


def moment(text: str) -> datetime | None:
    """Read YYYYMMDDHHMMSS as UTC; None for anything else."""
    if not _MOMENT.fullmatch(text):
        return None
    parts = (int(text[:4]), *(int(text[at : at + 2]) for at in range(4, 14, 2)))
    year, month, day, hour, minute, second = parts
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def parse_downlink(raw: bytes) -> Downlink | None:
    """Read what a receiver says; used by the emulator. None for what is none of ours."""
    text = raw.decode("ascii", "backslashreplace").strip(_END)
    if not text.isprintable():
        return None
    word, _, rest = text.partition(":")
    if word == "+SACK":
        fields = rest.split(",")
        if len(fields) == 3 and fields[0] == "GTHBD":
            return Sack(fields[2], fields[1])
        return Sack(rest) if _COUNTER.fullmatch(rest) else None
    word, equals, rest = text.partition("=")
    fields = rest.split(",")
    name = _COMMAND.fullmatch(word)
    if name is None or not equals or len(fields) < 2:
        return None
    return Command(name[1], fields[0], tuple(fields[1:-1]), fields[-1])


def serialise_downlink(downlink: Downlink) -> bytes:
    """Write what a receiver says. Raises LocalProtocolError for a sign that would end a field."""
    match downlink:
        case Sack(counter, None):
            return _line((f"+SACK:{counter}",))
        case Sack(counter, heartbeat):
            return _line(("+SACK:GTHBD", heartbeat or "", counter))
        case Command(name, password, arguments, serial):
            return _line((f"AT+GT{name}={password}", *arguments, serial))


def _line(fields: tuple[str, ...]) -> bytes:
    if any(not field.isascii() or "," in field or "$" in field or "\x00" in field for field in fields):
        raise LocalProtocolError("a field holds a sign that messages are made of")
    return (",".join(fields) + "$").encode("ascii")


def _identity(fields: list[str]) -> tuple[str, AccountId | None]:
    """Return version and id; where the unit sends no version (GT300), put an empty one into its place."""
    first, second = (*fields[1:3], "", "")[:2]
    if _IMEI_OR_MEID.fullmatch(second):
        return first, AccountId(second.upper())
    if _IMEI_OR_MEID.fullmatch(first):
        fields.insert(1, "")
        return "", AccountId(first.upper())
    return first, AccountId(second) if _NAME_LIKE.fullmatch(second) else None


def _ending(fields: list[str]) -> tuple[datetime | None, str | None]:
    if _COUNTER.fullmatch(fields[-1]) and len(fields) > 3:
        return moment(fields[-2]), fields[-1]
    return moment(fields[-1]), None
