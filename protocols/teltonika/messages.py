"""What a Teltonika device and its receiver say to each other, as the wire has it. Source: README.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

CODEC_8: Final = 0x08
CODEC_8E: Final = 0x8E
CODEC_16: Final = 0x10
CODEC_GH3000: Final = 0x07
CODEC_12: Final = 0x0C
CODEC_13: Final = 0x0D
CODEC_14: Final = 0x0E

COMMAND: Final = 0x05
ANSWER: Final = 0x06
"""Types of a codec 12 text: what the receiver asks, what the device says to it."""


class Element(NamedTuple):
    """One measured value of a record. raw: big-endian, 1, 2, 4, 8 or 16 bytes, or any number in a variable group."""

    id: int
    raw: bytes

    @property
    def number(self) -> int:
        """The value as an unsigned number."""
        return int.from_bytes(self.raw, "big")


@dataclass(frozen=True, slots=True)
class Cell:
    """The mobile cell that a GH3000 record names. operator: MCC and MNC in decimal, one after the other."""

    lac: int | None = None
    cid: int | None = None
    level: int | None = None
    operator: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record. at_ms: milliseconds since 1970 UTC, however absurd. lat, lon: degrees, None where it has none.

    priority: 0 low, 1 high, 2 panic; None where the codec has none. event_id: the element that made the device write
    the record; 0 for a periodic one, None where the codec does not say. variable: elements of the variable group.
    adds_up: False if the number of elements is not what the record says. is_whole: False if it ended too early;
    elements then holds those before the break. raw: its own bytes.
    """

    at_ms: int
    priority: int | None
    lat: float | None
    lon: float | None
    altitude_m: int | None = None
    course_deg: float | None = None
    satellites: int | None = None
    speed_kmh: int | None = None
    event_id: int | None = None
    generation: int | None = None
    elements: tuple[Element, ...] = ()
    variable: tuple[Element, ...] = ()
    cell: Cell | None = None
    adds_up: bool = True
    is_whole: bool = True
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Login:
    """First message of a TCP connection: who speaks."""

    imei: str


@dataclass(frozen=True, slots=True)
class Ping:
    """A lone FF: the device only keeps the connection open."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records, in the order of the frame, which may be newest first. count: how many the frame says it has.

    broken: how many of these could not be read. doubts: what else did not fit, in words.
    """

    codec: int
    count: int
    records: tuple[Record, ...]
    broken: int = 0
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Codec 12. kind: COMMAND or ANSWER, any byte."""

    kind: int
    words: bytes


@dataclass(frozen=True, slots=True)
class Opaque:
    """A body that we keep as it is. count: how many things the frame says it holds; None where it does not agree."""

    codec: int
    count: int | None


Body = Batch | Text | Opaque


@dataclass(frozen=True, slots=True)
class Packet:
    """One UDP datagram: a body in an envelope that names the device and asks for an answer by two numbers."""

    packet_id: int
    avl_packet_id: int
    imei: str
    body: Body


Message = Login | Ping | Batch | Text | Opaque | Packet
