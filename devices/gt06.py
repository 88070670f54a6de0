"""An emulated gt06 tracker: log-in first, serials that grow, alarms in 26 or A4, commands obeyed and answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.concox import Cell, Fix
from protocols.errors import RemoteProtocolError
from protocols.gt06.codec import (
    COMMAND,
    COMMAND_REPLY,
    HEARTBEAT,
    LOGIN,
    parse,
    parse_command,
    serialise,
    serialise_heartbeat,
    serialise_login,
    serialise_text_reply,
)
from protocols.gt06.framing import framer
from protocols.gt06.messages import Frame, Login, Report, Status, TextReply
from protocols.gt06.reports import serialise_alarm, serialise_position
from protocols.orders import Commission, Locate, Order
from protocols.pieces import Whole
from protocols.signal import AccountId

POSITION: Final = 0x22
ALARM: Final = 0x26
ALARM_4G: Final = 0xA4

MODEL: Final = 0x3602
SATELLITES: Final = 9
NETWORK: Final = 3

GPS_ON: Final = 1 << 6
INFO_LOW_BATTERY: Final = 3 << 3
INFO_SOS: Final = 4 << 3

CODE_SOS: Final = 0x01
CODE_LOW_BATTERY: Final = 0x0F
CODE_FALL: Final = 0x23

HAS_WORDS: Final = frozenset({What.POSITION, What.PRESS, What.FALL, What.LOW_BATTERY})

CELL: Final = Cell(240, 7, 0x1234, 0xABCD)
CELL_4G: Final = Cell(240, 7, 0x1234, 0xABCDEF)


class Gt06Talk:
    """One tracker's words. Options: zone_min (its clock ahead of UTC, 0), 4g ("1": alarms as A4)."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = AccountId(settings.device)
        self._zone = timedelta(minutes=int(settings.options.get("zone_min", "0")))
        self._is_4g = settings.options.get("4g") == "1"
        self._serial = 0
        self._framer = framer()

    @property
    def records_per_frame(self) -> int:
        """Each record is a frame of its own."""
        return 1

    def connected(self) -> None:
        """Forget half a frame; serials grow on until the device is switched off."""
        self._framer = framer()

    def greeting(self, now: datetime) -> Said | None:
        """Return the log-in, with the clock's zone."""
        return self._said(LOGIN, serialise_login(Login(self._device, MODEL, self._zone)))

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return a heartbeat."""
        return self._said(HEARTBEAT, serialise_heartbeat(Status(GPS_ON, _level(battery_pct), network=NETWORK)))

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one record. Raises NotInProtocol for a man-down or a check-in."""
        (note,) = notes
        if not note.whats <= HAS_WORDS:
            raise NotInProtocol("gt06 has no words for a man-down or a check-in")
        status = _status(note)
        report = Report(
            identity=b"",
            at=note.at + self._zone,
            fix=Fix(
                satellites=SATELLITES if note.fix else 0,
                lat=note.lat,
                lon=note.lon,
                speed_kmh=round(note.speed_mps * 3.6),
                course_deg=round(note.course_deg) % 360,
                positioned=note.fix,
            ),
            cells=(CELL_4G if self._is_4g else CELL,),
            status=status,
            reupload=int(note.stored),
        )
        if status.alarm == 0:
            return self._said(POSITION, serialise_position(_with_narrow_cell(report)))
        return self._said(ALARM_4G if self._is_4g else ALARM, serialise_alarm(report, wide=self._is_4g))

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return what they complete. Never raises."""
        return [self._heard(piece.raw) for piece in self._framer.receive(chunk) if isinstance(piece, Whole)]

    def _heard(self, raw: bytes) -> HeardDown:
        try:
            frame = parse(raw)
            if frame.type != COMMAND:
                return Answered((frame.type, frame.serial), raw)
            command = parse_command(frame.content)
        except RemoteProtocolError:
            return Ordered(raw)
        words = TextReply(command.flag, "OK")
        reply = self._framed(COMMAND_REPLY, serialise_text_reply(words), long=True)
        return Ordered(raw, order_of(command.text), reply)

    def _said(self, kind: int, content: bytes) -> Said:
        octets = self._framed(kind, content)
        return Said(octets, (kind, self._serial))

    def _framed(self, kind: int, content: bytes, *, long: bool = False) -> bytes:
        self._serial = self._serial % 0xFFFF + 1
        return serialise(Frame(kind, content, self._serial, long))


def order_of(text: str) -> Order | None:
    """Return what a command asks for, as far as the tracker understands it."""
    word, *rest = text.removesuffix("#").split(",")
    match word, rest:
        case "WHERE", []:
            return Locate()
        case "GMT", ["E", "0", "0"]:
            return Commission(in_utc=True)
        case "SOS", ["A", *numbers]:
            return Commission(sos_numbers=tuple(number for number in numbers if number))
        case _:
            return None


def _status(note: Note) -> Status:
    low, pressed = What.LOW_BATTERY in note.whats, What.PRESS in note.whats
    info = (GPS_ON if note.fix else 0) | (INFO_LOW_BATTERY if low else INFO_SOS if pressed else 0)
    alarm = CODE_LOW_BATTERY if low else 0
    if What.FALL in note.whats:
        alarm = CODE_FALL
    elif pressed:
        alarm = CODE_SOS
    return Status(info, _level(note.battery_pct), None, NETWORK, alarm)


def _level(battery_pct: float) -> int:
    """Return percent; below 7 the octet would mean sixths, and so little is none of them."""
    return round(battery_pct) if battery_pct >= 7 else 0


def _with_narrow_cell(report: Report) -> Report:
    return Report(identity=b"", at=report.at, fix=report.fix, cells=(CELL,), reupload=report.reupload)


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a tracker."""
    return Tracker(settings, surroundings, Gt06Talk(settings))
