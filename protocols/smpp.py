"""smpp: text messages between us (the ESME) and a carrier's message centre (the SMSC).

Source: SMPP Developers Forum, "Short Message Peer to Peer Protocol Specification v3.4", issue 1.2, sections 4 and 5.
Covered: bind as transceiver, submit_sm, deliver_sm (text and receipt), enquire_link, unbind, generic_nack.

Deviations of real centres, and choices of ours:
- Statuses are numbers here and not an enumeration: every centre has some of its own (0400 to 04FF).
- A negative answer may come without the body that its command has: message_id is then "".
- A bind is answered with optional parameters, or with generic_nack by centres that know no transceiver.
- An optional parameter that runs over the end of its PDU is dropped with all behind it; the rest counts.
- A command that we do not know becomes Unknown and is owed generic_nack; a length that cannot be ends the connection,
  for nobody knows where the next PDU begins.
- message_payload takes the place of short_message where that is empty.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from protocols.errors import ContentError, FrameTooLong, FramingError, LocalProtocolError

HEADER_BYTES: Final = 16
MAX_PDU_BYTES: Final = 70_000
"""The longest field, message_payload, holds 64 kB; what is announced longer is no PDU."""
MAX_SHORT_MESSAGE_BYTES: Final = 254
VERSION_3_4: Final = 0x34

# Command ids, section 5.1.2.1; an answer has the highest bit set.
GENERIC_NACK: Final = 0x8000_0000
SUBMIT_SM: Final = 0x0000_0004
DELIVER_SM: Final = 0x0000_0005
UNBIND: Final = 0x0000_0006
BIND_TRANSCEIVER: Final = 0x0000_0009
ENQUIRE_LINK: Final = 0x0000_0015
ANSWER: Final = 0x8000_0000

# Statuses, section 5.1.3, as far as somebody acts on them.
OK: Final = 0x00
INVALID_COMMAND: Final = 0x03
WRONG_BIND_STATE: Final = 0x04
ALREADY_BOUND: Final = 0x05
SYSTEM_ERROR: Final = 0x08
BIND_FAILED: Final = 0x0D
INVALID_PASSWORD: Final = 0x0E
INVALID_SYSTEM_ID: Final = 0x0F
QUEUE_FULL: Final = 0x14
THROTTLED: Final = 0x58
TEMPORARY_APP_ERROR: Final = 0x64

STATUS_NAMES: Final[Mapping[int, str]] = {
    0x00: "ESME_ROK",
    0x01: "ESME_RINVMSGLEN",
    0x02: "ESME_RINVCMDLEN",
    0x03: "ESME_RINVCMDID",
    0x04: "ESME_RINVBNDSTS",
    0x05: "ESME_RALYBND",
    0x08: "ESME_RSYSERR",
    0x0A: "ESME_RINVSRCADR",
    0x0B: "ESME_RINVDSTADR",
    0x0D: "ESME_RBINDFAIL",
    0x0E: "ESME_RINVPASWD",
    0x0F: "ESME_RINVSYSID",
    0x14: "ESME_RMSGQFUL",
    0x15: "ESME_RINVSERTYP",
    0x43: "ESME_RINVESMCLASS",
    0x45: "ESME_RSUBMITFAIL",
    0x48: "ESME_RINVSRCTON",
    0x49: "ESME_RINVSRCNPI",
    0x50: "ESME_RINVDSTTON",
    0x51: "ESME_RINVDSTNPI",
    0x53: "ESME_RINVSYSTYP",
    0x58: "ESME_RTHROTTLED",
    0x64: "ESME_RX_T_APPN",
    0x65: "ESME_RX_P_APPN",
    0x66: "ESME_RX_R_APPN",
    0xFE: "ESME_RDELIVERYFAILURE",
    0xFF: "ESME_RUNKNOWNERR",
}

MESSAGE_PAYLOAD: Final = 0x0424
RECEIPTED_MESSAGE_ID: Final = 0x001E
MESSAGE_STATE: Final = 0x0427

GSM7: Final = 0x00
LATIN1: Final = 0x03
UCS2: Final = 0x08


def status_name(status: int) -> str:
    """Return the specification's word for a status, or its number where the centre made it up."""
    return STATUS_NAMES.get(status, f"status 0x{status:08X}")


@dataclass(frozen=True, slots=True)
class Address:
    """A number or name. ton: 1 international (digits without the plus), 5 a name. npi: 1 telephone, 0 unknown."""

    ton: int
    npi: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """bind_transceiver. system_id up to 15 signs, password up to 8, system_type up to 12; all ASCII."""

    system_id: str
    password: str = field(repr=False)
    system_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What submit_sm and deliver_sm have alike. coding: GSM7, LATIN1, UCS2 or another data_coding; text: as it stands.

    options: optional parameters, tag -> value.
    """

    source: Address
    destination: Address
    text: bytes = field(repr=False)
    coding: int = GSM7
    esm_class: int = 0
    registered_delivery: int = 0
    options: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)

    def option(self, tag: int) -> bytes | None:
        """Return the first value of an optional parameter, None where it was not sent."""
        return next((value for found, value in self.options if found == tag), None)


@dataclass(frozen=True, slots=True)
class Submit:
    """submit_sm: take this message."""

    message: Message


@dataclass(frozen=True, slots=True)
class Deliver:
    """deliver_sm: somebody wrote to us, or a receipt (smpp_receipt.py reads it)."""

    message: Message


@dataclass(frozen=True, slots=True)
class EnquireLink:
    """Are you there."""


@dataclass(frozen=True, slots=True)
class Unbind:
    """Good-bye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a command. to: its command id, or GENERIC_NACK. text: system_id or message_id, "" where none."""

    to: int
    status: int = OK
    text: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command that we do not speak: owed generic_nack with INVALID_COMMAND."""

    command: int


Body = Bind | Submit | Deliver | EnquireLink | Unbind | Answer | Unknown


@dataclass(frozen=True, slots=True)
class Pdu:
    """One message and its number. sequence: 1 to 0x7FFFFFFF; an answer carries that of its command."""

    sequence: int
    body: Body


class Framer:
    """Collects one stream of bytes into PDUs. Holds at most one unfinished PDU (MAX_PDU_BYTES)."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next bytes; return the PDUs they complete, oldest first. Raises FramingError: close, it is lost."""
        buffer = self._pending + chunk
        found: list[bytes] = []
        start = 0
        while len(buffer) - start >= 4:
            length = int.from_bytes(buffer[start : start + 4], "big")
            if length < HEADER_BYTES:
                raise FramingError(f"a PDU of {length} bytes")
            if length > MAX_PDU_BYTES:
                raise FrameTooLong(limit_bytes=MAX_PDU_BYTES)
            if len(buffer) - start < length:
                break
            found.append(buffer[start : start + length])
            start += length
        self._pending = buffer[start:]
        return found


def serialise(pdu: Pdu) -> bytes:
    """Return the PDU's bytes. Raises LocalProtocolError for a field that is too long or not ASCII."""
    command, status, body = _body(pdu.body)
    return struct.pack(">IIII", HEADER_BYTES + len(body), command, status, pdu.sequence) + body


def _body(body: Body) -> tuple[int, int, bytes]:
    match body:
        case Bind():
            texts = _text(body.system_id, 15) + _text(body.password, 8) + _text(body.system_type, 12)
            return BIND_TRANSCEIVER, OK, texts + bytes([VERSION_3_4, 0, 0, 0])
        case Submit(message):
            return SUBMIT_SM, OK, _message(message)
        case Deliver(message):
            return DELIVER_SM, OK, _message(message)
        case EnquireLink():
            return ENQUIRE_LINK, OK, b""
        case Unbind():
            return UNBIND, OK, b""
        case Answer(to=to, status=status, text=text):
            has_text = to in (BIND_TRANSCEIVER, SUBMIT_SM, DELIVER_SM) and (status == OK or to == DELIVER_SM)
            return to | ANSWER, status, _text(text, 64) if has_text else b""
        case Unknown(command):
            return command, OK, b""


def _message(message: Message) -> bytes:
    short, options = message.text, message.options
    if len(short) > MAX_SHORT_MESSAGE_BYTES:
        short, options = b"", (*options, (MESSAGE_PAYLOAD, short))
    parts = [
        b"\0",  # service_type: the centre's default
        _address(message.source),
        _address(message.destination),
        bytes([message.esm_class, 0, 0]),  # protocol_id and priority_flag: none
        b"\0\0",  # at once, and valid as long as the centre keeps messages
        bytes([message.registered_delivery, 0, message.coding, 0, len(short)]),
        short,
        *(struct.pack(">HH", tag, len(value)) + value for tag, value in options),
    ]
    return b"".join(parts)


def _address(address: Address) -> bytes:
    return bytes([address.ton, address.npi]) + _text(address.value, 20)


def _text(value: str, limit: int) -> bytes:
    if len(value) > limit or not value.isascii() or "\0" in value:
        raise LocalProtocolError(f"an SMPP field of at most {limit} ASCII signs cannot hold this")
    return value.encode("ascii") + b"\0"


def parse(frame: bytes) -> Pdu:
    """Read one PDU, as Framer returned it. Raises ContentError for a body that ends before its fields do."""
    if len(frame) < HEADER_BYTES:
        raise ContentError("no whole SMPP header")
    _, command, status, sequence = struct.unpack_from(">IIII", frame)
    read = _Reader(frame[HEADER_BYTES:])
    if command & ANSWER:
        return Pdu(
            sequence,
            Answer(to=command if command == GENERIC_NACK else command & ~ANSWER, status=status, text=read.last_text()),
        )
    make = _COMMANDS.get(command)
    return Pdu(sequence, Unknown(command) if make is None else make(read))


class _Reader:
    """Takes one field after the other off a body."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def octet(self) -> int:
        return self.octets(1)[0]

    def octets(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._body):
            raise ContentError("an SMPP body ends before its fields do")
        found, self._at = self._body[self._at : end], end
        return found

    def text(self) -> str:
        end = self._body.find(b"\0", self._at)
        if end < 0:
            raise ContentError("an SMPP text without an end")
        found, self._at = self._body[self._at : end], end + 1
        return found.decode("latin-1")

    def last_text(self) -> str:
        """The text of an answer; some centres leave out its end, some the whole of it."""
        return self._body.partition(b"\0")[0][:65].decode("latin-1")

    def options(self) -> tuple[tuple[int, bytes], ...]:
        found = []
        while len(self._body) - self._at >= 4:
            tag, length = struct.unpack(">HH", self.octets(4))
            if self._at + length > len(self._body):
                break
            found.append((tag, self.octets(length)))
        return tuple(found)


def _read_address(read: _Reader) -> Address:
    ton, npi = read.octet(), read.octet()
    return Address(ton, npi, read.text())


def _read_bind(read: _Reader) -> Bind:
    return Bind(system_id=read.text(), password=read.text(), system_type=read.text())


def _read_message(read: _Reader) -> Message:
    read.text()  # service_type
    source, destination = _read_address(read), _read_address(read)
    esm_class = read.octets(3)[0]  # and protocol_id, priority_flag
    read.text(), read.text()  # schedule_delivery_time, validity_period
    registered_delivery, _, coding, _, length = read.octets(5)
    text, options = read.octets(length), read.options()
    payload = next((value for tag, value in options if tag == MESSAGE_PAYLOAD), b"")
    return Message(
        source=source,
        destination=destination,
        text=text or payload,
        coding=coding,
        esm_class=esm_class,
        registered_delivery=registered_delivery,
        options=tuple(option for option in options if option[0] != MESSAGE_PAYLOAD),
    )


_COMMANDS: Final[Mapping[int, Callable[[_Reader], Body]]] = {
    BIND_TRANSCEIVER: _read_bind,
    SUBMIT_SM: lambda read: Submit(_read_message(read)),
    DELIVER_SM: lambda read: Deliver(_read_message(read)),
    ENQUIRE_LINK: lambda _: EnquireLink(),
    UNBIND: lambda _: Unbind(),
}
