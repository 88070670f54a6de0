"""MQTT 3.1.1 packets: bytes of the wire to messages and back, as far as a subscriber and a simple publisher need them.

Source: OASIS MQTT Version 3.1.1, chapters 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from protocols.errors import ContentError, FrameTooLong, LocalProtocolError, RemoteProtocolError

MAX_PACKET_BYTES: Final = 512 * 1024
"""Twice the longest payload that we read; the protocol itself allows 256 MB, and whoever may publish may send them."""
_LONGEST_LENGTH: Final = 4
"""A packet's length has at most four bytes of seven bits."""

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
REFUSALS: Final = {
    1: "another version of MQTT",
    2: "the client's id",
    3: "nobody, the server is not available",
    4: "user or password",
    5: "that this client may connect",
}


@dataclass(frozen=True, slots=True)
class ConnectAnswer:
    """present: the broker has a session of ours. code: 0 taken, else REFUSALS."""

    present: bool
    code: int


@dataclass(frozen=True, slots=True)
class Published:
    """One message. number: its packet's, to be acknowledged; None at QoS 0."""

    topic: str
    payload: bytes = field(repr=False)
    number: int | None
    qos: int = 0
    retained: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class PublishAcknowledged:
    """The broker has our message."""

    number: int


@dataclass(frozen=True, slots=True)
class Subscribed:
    """codes: a granted QoS for each topic asked for, 128 for a refusal."""

    number: int
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pong:
    """The broker is there."""


Packet = ConnectAnswer | Published | PublishAcknowledged | Subscribed | Pong


class PacketFramer:
    """Cuts a broker's bytes into packets (first byte, body). Keeps no more than one packet.

    A PUBLISH beyond the limit is cut there and the rest of it left out: the broker would hand it to us again and again,
    and everybody behind it would be heard by nobody.
    """

    def __init__(self, limit_bytes: int = MAX_PACKET_BYTES) -> None:
        self._pending = bytearray()
        self._limit_bytes = limit_bytes
        self._cut: tuple[int, bytes] | None = None  # a packet whose rest is not over yet
        self._left_out = 0  # bytes of that rest still to come

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their packet."""
        return len(self._pending) + (len(self._cut[1]) if self._cut is not None else 0)

    def receive(self, chunk: bytes) -> list[tuple[int, bytes]]:
        """Take the next bytes; return the packets they complete.

        Raises FrameTooLong or ContentError, for good: hang up then. What came before the fault is returned first, and
        the fault raised by the next call, which may be one without bytes.
        """
        found: list[tuple[int, bytes]] = []
        self._pending += self._behind_the_rest(chunk, found)
        at = 0
        try:
            while (sized := self._size(at)) is not None:
                start, length = sized
                end = start + min(length, self._limit_bytes)
                if len(self._pending) < end:
                    break
                packet = (self._pending[at], bytes(self._pending[start:end]))
                at = min(start + length, len(self._pending))
                if at < start + length:
                    self._cut, self._left_out = packet, start + length - at
                    break
                found.append(packet)
        except RemoteProtocolError:
            if not found:
                raise
        finally:
            del self._pending[:at]
        return found

    def _behind_the_rest(self, chunk: bytes, found: list[tuple[int, bytes]]) -> bytes:
        """What follows a packet that was cut, which is found once its rest is over."""
        if self._cut is None:
            return chunk
        rest, self._left_out = chunk[self._left_out :], max(0, self._left_out - len(chunk))
        if self._left_out == 0:
            found.append(self._cut)
            self._cut = None
        return rest

    def _size(self, at: int) -> tuple[int, int] | None:
        """Where the body begins and how long it is; None while that cannot be told."""
        length = 0
        for place in range(_LONGEST_LENGTH):
            if at + 1 + place >= len(self._pending):
                return None
            said = self._pending[at + 1 + place]
            length |= (said & 0x7F) << (7 * place)
            if said < 0x80:
                if length > self._limit_bytes and self._pending[at] >> 4 != PUBLISH:
                    raise FrameTooLong(limit_bytes=self._limit_bytes)
                return at + 2 + place, length
        raise ContentError("a packet's length has no end")


def parse(first: int, body: bytes) -> Packet:
    """Read one packet of a broker. Raises ContentError for what a broker does not say."""
    kind = first >> 4
    if kind == PUBLISH:
        return _published(first, body)
    if kind == CONNACK and len(body) == 2:
        return ConnectAnswer(bool(body[0] & 1), body[1])
    if kind == PUBACK and len(body) == 2:
        return PublishAcknowledged(int.from_bytes(body, "big"))
    if kind == SUBACK and len(body) > 2:
        return Subscribed(int.from_bytes(body[:2], "big"), tuple(body[2:]))
    if kind == PINGRESP and not body:
        return Pong()
    raise ContentError(f"a packet of type {kind} with {len(body)} bytes")


def _published(first: int, body: bytes) -> Published:
    qos, length = (first >> 1) & 3, int.from_bytes(body[:2], "big")
    start = 2 + length + (2 if qos else 0)
    if qos == 3 or start > len(body) or len(body) < 2:
        raise ContentError("a broken PUBLISH")
    try:
        topic = body[2 : 2 + length].decode("utf-8")
    except UnicodeDecodeError:
        raise ContentError("a topic that is no text") from None
    number = int.from_bytes(body[2 + length : start], "big") if qos else None
    return Published(topic, body[start:], number, qos, bool(first & 1), bool(first & 8))


def connect(
    client_id: str, *, clean: bool, keep_alive_s: int, user: str | None = None, password: str | None = None
) -> bytes:
    """Write CONNECT. clean: forget the session of before. Raises LocalProtocolError for too long texts."""
    flags = (2 if clean else 0) | (0 if user is None else 128) | (0 if password is None else 64)
    body = _text("MQTT") + bytes([4, flags]) + keep_alive_s.to_bytes(2, "big") + _text(client_id)
    body += b"" if user is None else _text(user)
    body += b"" if password is None else _text(password)
    return _packet(0x10, body)


def subscribe(number: int, topics: tuple[str, ...], qos: int = 1) -> bytes:
    """Write SUBSCRIBE for these topics."""
    return _packet(0x82, number.to_bytes(2, "big") + b"".join(_text(topic) + bytes([qos]) for topic in topics))


def publish(topic: str, payload: bytes, number: int | None = None, *, retained: bool = False) -> bytes:
    """Write PUBLISH: at QoS 1 with a number, else at QoS 0."""
    head = 0x30 | (0 if number is None else 2) | (1 if retained else 0)
    return _packet(head, _text(topic) + (b"" if number is None else number.to_bytes(2, "big")) + payload)


def puback(number: int) -> bytes:
    """Write PUBACK: the broker need not keep it for us any more."""
    return _packet(0x40, number.to_bytes(2, "big"))


PING: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"


def _text(text: str) -> bytes:
    octets = text.encode("utf-8")
    if len(octets) > 0xFFFF:
        raise LocalProtocolError("a text of more than 65535 bytes")
    return len(octets).to_bytes(2, "big") + octets


def _packet(first: int, body: bytes) -> bytes:
    if len(body) > MAX_PACKET_BYTES:
        raise LocalProtocolError("the packet is too long")
    length, rest = [], len(body)
    while rest >= 0x80:
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([first, *length, rest]) + body
