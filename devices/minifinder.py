"""An emulated minifinder device: text messages that nobody answers, and commands obeyed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.minifinder.codec import serialise
from protocols.minifinder.messages import CommandReply, Heartbeat, Login, Report
from protocols.orders import Commission, Order

BITS: Final = {
    What.POSITION: 0,
    What.PRESS: 1 << 6,
    What.FALL: 1 << 8,
    What.LOW_BATTERY: 1 << 12,
    What.CHECK_IN: 0,  # a position of its own is the nearest that it has
}
GSM: Final = 20
HAS_FIX: Final = 1
LAST_KNOWN: Final = 2

_COMMAND: Final = re.compile(r"(A1|B1|C1),([+0-9]+)|F([01])|L([+-][0-9]{2})|.*", re.DOTALL)


class MinifinderTalk:
    """One device's words. option password: what its commands begin with, 123456 as it left the factory."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = settings.device
        self._battery_pct = settings.battery_pct
        self._password = settings.options.get("password", "123456")

    @property
    def records_per_frame(self) -> int:
        """Each note is a message of its own."""
        return 1

    def connected(self) -> None:
        """Nothing is remembered from one connection to the next."""

    def greeting(self, now: datetime) -> Said | None:
        """Return the log-in; it is not answered."""
        return Said(serialise(Login(self._device, "V07X.0001.0001", self._battery_pct)))

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return a heartbeat."""
        return Said(serialise(Heartbeat(GSM, "A", round(battery_pct))))

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one message. Raises NotInProtocol for a man-down."""
        (note,) = notes
        if not note.whats <= BITS.keys():
            raise NotInProtocol("minifinder has no words for a man-down")
        flags = GSM << 16 | (HAS_FIX if note.fix else LAST_KNOWN)
        for what in note.whats:
            flags |= BITS[what]
        return Said(serialise(Report(
            "B" if note.stored else "D", note.at, note.lat, note.lon,
            speed_kmh=round(note.speed_mps * 3.6), course_deg=round(note.course_deg), flags=flags, altitude_m=35,
            battery_pct=round(note.battery_pct), satellites=9 if note.fix else 0, in_view=12,
            hdop=0.9 if note.fix else 0,
        )))  # fmt: skip

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take what came down. A command has no end mark: a packet is one, but each password begins another."""
        words = chunk.decode("ascii", "replace").split(self._password)[1:]
        reply = serialise(CommandReply("3", "ok"))
        return [Ordered((self._password + said).encode(), _order(said), reply) for said in words]


def _order(said: str) -> Order | None:
    found = _COMMAND.fullmatch(said)
    if found is None or not any(found.groups()):
        return None
    if found[1]:
        return Commission(sos_numbers=(found[2],))
    if found[3]:
        return Commission(fall_detection=found[3] == "1")
    return Commission(in_utc=found[4][1:] == "00")


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a device."""
    return Tracker(settings, surroundings, MinifinderTalk(settings))
