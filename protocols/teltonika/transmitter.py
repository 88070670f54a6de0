"""The device's own side: what it hears from a receiver. For the emulator. What it says, codec.serialise() writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from protocols.errors import RemoteProtocolError
from protocols.teltonika.codec import parse
from protocols.teltonika.framing import AROUND_BODY_BYTES
from protocols.teltonika.messages import Text

MAX_DOWNLINK_BYTES: Final = 1024
"""A device's own buffer for commands."""


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """The receiver takes the device on, or not."""

    accepted: bool


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """The receiver has taken over so many records."""

    count: int


@dataclass(frozen=True, slots=True)
class PacketAnswer:
    """The receiver has taken over so many records of this UDP packet."""

    packet_id: int
    avl_packet_id: int
    count: int


Downlink = LoginAnswer | CountAnswer | PacketAnswer | Text


class TeltonikaTransmitter:
    """The device's end of one TCP connection. Keeps the Transmitter contract."""

    def __init__(self) -> None:
        self._buffer = b""
        self._logged_in = False

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Downlink]:
        """Take the receiver's bytes; return the answers and commands they complete, oldest first. Never raises.

        The first byte of a connection answers the log-in. After it come counts of four bytes, and commands, which
        begin with four zeros: that no receiver says "none taken over" in this way is what tells the two apart.
        """
        self._buffer += chunk
        heard: list[Downlink] = []
        while self._buffer:
            if not self._logged_in:
                self._logged_in = self._buffer[0] == 1
                heard.append(LoginAnswer(self._logged_in))
                self._buffer = self._buffer[1:]
                continue
            if len(self._buffer) < 4:
                break
            if any(self._buffer[:4]):
                heard.append(CountAnswer(int.from_bytes(self._buffer[:4], "big")))
                self._buffer = self._buffer[4:]
                continue
            length = AROUND_BODY_BYTES + int.from_bytes(self._buffer[4:8], "big")
            if length > MAX_DOWNLINK_BYTES:
                self._buffer = b""
            if len(self._buffer) < max(length, 8):
                break
            frame, self._buffer = self._buffer[:length], self._buffer[length:]
            heard += _commands(frame)
        return heard


def parse_packet_answer(datagram: bytes) -> PacketAnswer | None:
    """Read the receiver's answer to a UDP packet, or None for anything else."""
    if len(datagram) != 7 or datagram[:2] != b"\x00\x05" or datagram[4] != 1:
        return None
    return PacketAnswer(int.from_bytes(datagram[2:4], "big"), datagram[5], datagram[6])


def _commands(frame: bytes) -> list[Downlink]:
    try:
        message = parse(frame)
    except RemoteProtocolError:
        return []
    return [message] if isinstance(message, Text) else []
