"""An emulated eelink device: numbered packages, over TCP or each in an envelope over UDP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.eelink.codec import bcd, command, parse, parse_command, serialise
from protocols.eelink.framing import framer
from protocols.eelink.messages import Envelope, Fix, Package, Spot, Type
from protocols.eelink.places import serialise_spot
from protocols.errors import RemoteProtocolError
from protocols.orders import Locate
from protocols.pieces import Whole

CODES: Final = {What.PRESS: 0x02, What.FALL: 0x86, What.LOW_BATTERY: 0x03}
SAID: Final = CODES.keys() | {What.POSITION, What.CHECK_IN}
"""A check-in is a position of its own: the nearest that the family has."""

HAS_FIX: Final = 1 << 0
CHARGING_TOLD: Final = 1 << 7
BATTERY_MV: Final = 3905
ENGLISH: Final = 1

AROUND: Final = (("cell", "240,7,4660,11259375,42"), ("wifi", "02:00:00:00:00:11,-61"))


class EelinkTalk:
    """One device's words. option udp ("1"): each package in an envelope."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = settings.device
        self._enveloped = settings.options.get("udp") == "1"
        self._framer = framer()
        self._sequence = 0

    @property
    def records_per_frame(self) -> int:
        """Each note is a package of its own."""
        return 1

    def connected(self) -> None:
        """Forget half a package."""
        self._framer = framer()

    def greeting(self, now: datetime) -> Said | None:
        """Return the log-in; it is answered with the time."""
        return self._said(Type.LOGIN, bcd(self._device) + bytes((ENGLISH, 0)))

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return a heartbeat."""
        return self._said(Type.HEARTBEAT, (HAS_FIX | CHARGING_TOLD).to_bytes(2, "big"))

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one package, or one warning an alarm where there are several. Raises NotInProtocol for a man-down."""
        (note,) = notes
        if not note.whats <= SAID:
            raise NotInProtocol("eelink has no code for a man-down")
        status = (CHARGING_TOLD | (HAS_FIX if note.fix else 0)).to_bytes(2, "big")
        spot = serialise_spot(_spot(note))
        codes = [code for what, code in CODES.items() if what in note.whats]
        if not codes:
            return self._said(Type.LOCATION, spot + status + BATTERY_MV.to_bytes(2, "big"))
        said = [self._said(Type.WARNING, spot + bytes((code,)) + status) for code in codes]
        return Said(b"".join(one.octets for one in said), said[0].key)

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return answers and orders."""
        heard: list[HeardDown] = []
        for piece in self._framer.receive(chunk):
            if not isinstance(piece, Whole):
                continue
            try:
                packages = parse(piece.raw).packages
                heard += [self._understood(package, piece.raw) for package in packages]
            except RemoteProtocolError:
                continue
        return heard

    def _understood(self, package: Package, raw: bytes) -> HeardDown:
        if package.type != Type.COMMAND:
            return Answered((package.type, package.sequence), raw)
        _, server_id, text = parse_command(package.content)
        reply = command(package.sequence, server_id, "OK")
        return Ordered(raw, Locate() if text.upper() == b"WHERE#" else None, self._written(reply))

    def _said(self, kind: Type, content: bytes) -> Said:
        self._sequence = self._sequence % 0xFFFF + 1
        return Said(self._written(Package(kind.value, self._sequence, content)), (kind.value, self._sequence))

    def _written(self, package: Package) -> bytes:
        return serialise(Envelope((package,), self._device if self._enveloped else None))


def _spot(note: Note) -> Spot:
    at_s = int(note.at.timestamp())
    if not note.fix:
        return Spot(at_s, None, AROUND)
    fix = Fix(note.lat, note.lon, round(note.speed_mps * 3.6), round(note.course_deg), 35, 9)
    return Spot(at_s, fix, AROUND[:1])


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a device."""
    return Tracker(settings, surroundings, EelinkTalk(settings))
