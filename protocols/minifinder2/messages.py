"""The messages of minifinder2, as the wire has them: a frame is a command and items, a data frame is records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

WANTS_ANSWER = 1 << 4
"""Bit of a frame's properties."""


class Command(IntEnum):
    """What a frame is for; the first byte of its body."""

    DATA = 0x01
    CONFIGURATION = 0x02
    SERVICES = 0x03
    SYSTEM_CONTROL = 0x04
    FIRMWARE = 0x7E
    RESPONSE = 0x7F


class Key(IntEnum):
    """What an item of a data frame holds. In other commands the same numbers mean other things."""

    IMEI = 0x01
    ALARM = 0x02
    BATTERY = 0x14
    WIFI_NAMED = 0x19
    GPS = 0x20
    CELLS_2G = 0x21
    WIFI = 0x22
    HOME_BEACON = 0x23
    STATUS = 0x24
    CALL = 0x25
    BEACON_ACCURATE = 0x26
    SMART = 0x27
    BEACON = 0x28
    CELLS_4G = 0x29
    KNOWN_WIFI = 0x2A
    CELLS_4G_WIDE = 0x2B
    BEACON_BATTERY = 0x2C
    STEPS = 0x30
    ACTIVITY = 0x31
    COLLAR = 0x37
    PULSE = 0x40
    OXYGEN = 0x41


class Service(IntEnum):
    """What an item of a services frame asks or says."""

    HEARTBEAT = 0x10
    POSITION = 0x11
    TIME = 0x12


CONFIGURED_IMEI = 0x03
"""Key of the IMEI in a configuration frame."""

COMMAND_TEXT = 0x1F
"""Key of a text command's answer in a system control frame: a type byte, then text."""

SUCCESS = 0x00
"""Key of a plain answer."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item. value: without length and key; octets of one that runs past the frame are those that came."""

    key: int
    value: bytes = b""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. command: first byte of the body, None if the body is empty. cut_short: an item ran past its end."""

    properties: int
    sequence: int
    command: int | None
    items: tuple[Item, ...] = ()
    cut_short: bool = False

    @property
    def wants_answer(self) -> bool:
        """True if the device waits for the answer of this sequence."""
        return bool(self.properties & WANTS_ANSWER)


Record = tuple[Item, ...]
"""The items that belong to one moment."""
