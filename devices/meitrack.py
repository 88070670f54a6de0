"""An emulated meitrack handheld: records in CCC, repeated until their number comes back, and AAC as a sign of life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.errors import RemoteProtocolError
from protocols.meitrack.binary import serialise_ccc
from protocols.meitrack.codec import next_flag, parse, serialise
from protocols.meitrack.messages import Cell, Frame, Record
from protocols.meitrack.text import serialise_text
from protocols.orders import Commission, Locate, Order
from protocols.signal import AccountId

RECORDS_PER_FRAME: Final = 5
"""Each may become two, where a press and a low battery fall together; ten fit into 600 bytes."""

CELL: Final = Cell(240, 7, 0x1234, 0xABCD)
EMPTY_V: Final = 3.4
FULL_V: Final = 4.2

# What is noted, and its event number; the gravest first.
EVENTS: Final = ((What.PRESS, 1), (What.FALL, 79), (What.LOW_BATTERY, 17), (What.POSITION, 35))

MAX_DOWNLINK_BYTES: Final = 4096
TRACKING_UNIT_S: Final = 10


class MeitrackTalk:
    """One unit's words. options: text ("1": records as AAA, to which no answer exists)."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = AccountId(settings.device)
        self._in_text = settings.options.get("text") == "1"
        self._flag = "z"
        self._pending = b""

    @property
    def records_per_frame(self) -> int:
        """Several in CCC, one in text."""
        return 1 if self._in_text else RECORDS_PER_FRAME

    def connected(self) -> None:
        """Begin a new connection: half an answer is forgotten, the flag goes on."""
        self._pending = b""

    def greeting(self, now: datetime) -> Said | None:
        """Return None: each frame names its device."""
        return None

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return an AAC; it is answered with 1."""
        return self._say("AAC", b"")

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one frame with the records of these notes, the gravest event of each first.

        Raises NotInProtocol for lying still and for a check-in: no event of ours says so.
        """
        records = tuple(record for note in notes for record in _records(note))
        if self._in_text:
            return Said(self._say("AAA", serialise_text(records[0])).octets)
        return self._say("CCC", serialise_ccc(records, len(records)))

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return the answers and commands they complete. Never raises."""
        *lines, rest = (self._pending + chunk).split(b"\r\n")
        self._pending = rest[-MAX_DOWNLINK_BYTES:]
        return [self._take(line + b"\r\n") for line in lines]

    def _take(self, octets: bytes) -> HeardDown:
        try:
            frame = parse(octets)
        except RemoteProtocolError:
            return Ordered(octets)
        if frame.command in ("CCC", "AAC"):
            return Answered((frame.command, frame.flag), octets)
        order: Order | None = None
        reply = serialise(Frame(frame.flag, self._device, frame.command, b"OK"))
        if frame.command == "A10":  # the position itself is the answer
            order, reply = Locate(), b""
        elif frame.command == "A12" and frame.body.isdigit():
            order = Commission(report_every_s=int(frame.body[:6]) * TRACKING_UNIT_S)
        return Ordered(octets, order, reply)

    def _say(self, command: str, body: bytes) -> Said:
        self._flag = next_flag(self._flag)
        return Said(serialise(Frame(self._flag, self._device, command, body)), (command, self._flag))


def _records(note: Note) -> list[Record]:
    if note.whats & {What.MAN_DOWN, What.CHECK_IN}:
        raise NotInProtocol("meitrack has no event for this")
    return [_record(note, event) for what, event in EVENTS if what in note.whats]


def _record(note: Note, event: int) -> Record:
    volts = EMPTY_V + (FULL_V - EMPTY_V) * note.battery_pct / 100
    return Record(
        raw=b"",
        events=(str(event),),
        at=note.at.astimezone(UTC),
        fix=note.fix,
        lat=round(note.lat, 6),
        lon=round(note.lon, 6),
        satellites=9 if note.fix else 0,
        network=20,
        speed_kmh=note.speed_mps * 3.6,
        course_deg=note.course_deg,
        hdop=0.9,
        altitude_m=35.0,
        cells=(CELL,),
        battery_steps=round(volts * 100),
        battery_v=volts,
    )


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a meitrack handheld."""
    return Tracker(settings, surroundings, MeitrackTalk(settings))
