"""An emulated minifinder2 pendant: what it has to tell as frames of records, and what it understands."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from devices.device import Device, DeviceSettings, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.errors import RemoteProtocolError
from protocols.minifinder2.codec import answer, parse, serialise
from protocols.minifinder2.codes import FROM_MEMORY
from protocols.minifinder2.framing import framer
from protocols.minifinder2.messages import WANTS_ANSWER, Command, Frame, Item, Key, Service
from protocols.minifinder2.telling import MOVING
from protocols.pieces import Whole

BITS: Final = {
    What.POSITION: 0,
    What.PRESS: 1 << 12,
    What.FALL: 1 << 2,
    What.MAN_DOWN: 1 << 3,
    What.LOW_BATTERY: 1 << 0,
    What.CHECK_IN: 1 << 13,  # side button 1: the nearest that a pendant has
}

RECORDS_PER_FRAME: Final = 20

GSM_SIGNAL: Final = 20 << 19
HOME: Final = bytes.fromhex("c3020000000011b6020000000012")
"""Two access points, -61 and -74 dBm."""

CELL: Final = struct.pack("<HHbHI", 240, 7, -85, 4660, 11259375)
FIRMWARE: Final = b"EMULATED"


class Minifinder2Talk:
    """One pendant's words. Numbers its frames for its whole life."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = settings.device.encode("ascii", "replace")
        self._framer = framer()
        self._sequence = 0

    @property
    def records_per_frame(self) -> int:
        """A frame carries many."""
        return RECORDS_PER_FRAME

    def connected(self) -> None:
        """Forget half a frame."""
        self._framer = framer()

    def greeting(self, now: datetime) -> Said | None:
        """Ask for the time, as a pendant does that has just been switched on."""
        return self._said(Command.SERVICES, [Item(Service.TIME)])

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return a heartbeat."""
        return self._said(Command.SERVICES, [Item(Service.HEARTBEAT, bytes((round(battery_pct),)))])

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one frame with a record a note."""
        return self._said(Command.DATA, [item for note in notes for item in items_of(note)])

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return answers and orders. A damaged frame is as good as none."""
        heard: list[HeardDown] = []
        for piece in self._framer.receive(chunk):
            if not isinstance(piece, Whole):
                continue
            try:
                frame = parse(piece.raw)
            except RemoteProtocolError:
                continue
            heard.append(self._understood(frame, piece.raw))
        return heard

    def _understood(self, frame: Frame, raw: bytes) -> HeardDown:
        match frame.command:
            case Command.RESPONSE:
                accepted = bool(frame.items) and frame.items[0].key == 0
                return Answered(frame.sequence, raw, accepted)
            case Command.SERVICES:
                return Answered(frame.sequence, raw)
            case Command.CONFIGURATION:
                items = (Item(0x02, FIRMWARE), Item(0x03, self._device))
                return Ordered(raw, reply=serialise(Frame(0, frame.sequence, Command.CONFIGURATION, items)))
            case _:
                return Ordered(raw, reply=answer(frame.sequence))

    def _said(self, command: Command, items: Sequence[Item]) -> Said:
        self._sequence = self._sequence % 0xFFFF + 1
        frame = Frame(WANTS_ANSWER, self._sequence, command, (Item(Key.IMEI, self._device), *items))
        return Said(serialise(frame), self._sequence)


def items_of(note: Note) -> list[Item]:
    """Return a note's record: its status, then the alarm word if there is one, then where the pendant is."""
    at_s = int(note.at.timestamp())
    status = round(note.battery_pct) << 24 | GSM_SIGNAL
    status |= (MOVING if note.speed_mps > 0 else 0) | (FROM_MEMORY if note.stored else 0)
    items = [Item(Key.STATUS, struct.pack("<II", at_s, status))]
    word = 0
    for what in note.whats:
        word |= BITS[what]
    if word:
        items.append(Item(Key.ALARM, struct.pack("<II", word, at_s)))
    if not note.fix:
        return [*items, Item(Key.WIFI, HOME), Item(Key.CELLS_4G_WIDE, CELL)]
    gps = struct.pack(
        "<iiHHhHIB", round(note.lat * 1e7), round(note.lon * 1e7), round(note.speed_mps * 3.6), round(note.course_deg),
        35, 9, 1234, 11,
    )  # fmt: skip
    return [*items, Item(Key.GPS, gps)]


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a pendant."""
    return Tracker(settings, surroundings, Minifinder2Talk(settings))
