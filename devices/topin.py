"""An emulated topin tag: log-in, positions or access points, and an SOS of six octets without time or place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.concox import CLOCK_BYTES, AccessPoint, Cell, Fix
from protocols.errors import RemoteProtocolError
from protocols.orders import Commission
from protocols.pieces import Whole
from protocols.signal import AccountId
from protocols.topin.codec import NUMBER, SOS, STATUS, parse, serialise, serialise_message
from protocols.topin.framing import LOGIN, answers_framer
from protocols.topin.messages import Frame, Login, Message, Press, Report, Setting, Status

SOFTWARE: Final = 2
FIRMWARE: Final = 64
INTERVAL_MIN: Final = 10
SATELLITES: Final = 9
NETWORK: Final = 100
LOW_BATTERY_FLAG: Final = 1 << 4
REFUSED: Final = b"\x44"

HAS_WORDS: Final = frozenset({What.POSITION, What.PRESS, What.LOW_BATTERY})

_NUMBER: Final = re.compile(rb"\+?[0-9]{1,20}")

HOME: Final = (AccessPoint("02:00:00:00:00:11", -61), AccessPoint("02:00:00:00:00:12", -74))
CELLS: Final = (Cell(240, 7, 0x1234, 0xABCD, -85),)


class TopinTalk:
    """One tag's words."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = AccountId(settings.device)
        self._framer = answers_framer()

    @property
    def records_per_frame(self) -> int:
        """Each record is a frame of its own."""
        return 1

    def connected(self) -> None:
        """Forget half a frame."""
        self._framer = answers_framer()

    def greeting(self, now: datetime) -> Said | None:
        """Return the log-in."""
        return _said(Login(self._device, SOFTWARE), key=(LOGIN,))

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return a status."""
        status = Status(round(battery_pct), FIRMWARE, 0, INTERVAL_MIN, NETWORK, bytes(3), charging=0)
        return _said(status, key=(STATUS,))

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one record; a press is nothing but a press. Raises NotInProtocol for falls, man-down and check-in."""
        (note,) = notes
        if not note.whats <= HAS_WORDS:
            raise NotInProtocol("topin has no words for a fall, a man-down or a check-in")
        if What.PRESS in note.whats:
            return _said(Press(), key=(SOS,))
        flags = LOW_BATTERY_FLAG if What.LOW_BATTERY in note.whats else 0
        if not note.fix:
            return _record(Report(at=note.at, stored=note.stored, flags=flags, access_points=HOME, cells=CELLS))
        speed_kmh, course_deg = round(note.speed_mps * 3.6), round(note.course_deg) % 360
        fix = Fix(SATELLITES, note.lat, note.lon, speed_kmh, course_deg, positioned=True)
        return _record(Report(at=note.at, stored=note.stored, fix=fix, altitude_m=35.0, flags=flags))

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return what they complete. Never raises."""
        return [_heard(piece.raw) for piece in self._framer.receive(chunk) if isinstance(piece, Whole)]


def _said(message: Message, key: tuple[object, ...]) -> Said:
    return Said(serialise(serialise_message(message)), key)


def _record(report: Report) -> Said:
    frame = serialise_message(report)
    return Said(serialise(frame), (frame.type, frame.content[:CLOCK_BYTES]))


def _heard(raw: bytes) -> HeardDown:
    try:
        frame = parse(raw)
    except RemoteProtocolError:
        return Ordered(raw)
    match frame:
        case Frame(type=0x01):
            return Answered((LOGIN,), raw, accepted=frame.content != REFUSED)
        case Frame(type=0x13 | 0x99):
            return Answered((frame.type,), raw)
        case Frame(type=0x41) if _NUMBER.fullmatch(frame.content):
            number = frame.content.decode("ascii")
            reply = serialise(serialise_message(Setting(NUMBER, number)))
            return Ordered(raw, Commission(sos_numbers=(number,)), reply)
        case _ if len(frame.content) == CLOCK_BYTES:
            return Answered((frame.type, frame.content), raw)
        case _:
            return Ordered(raw)


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a tag."""
    return Tracker(settings, surroundings, TopinTalk(settings))
