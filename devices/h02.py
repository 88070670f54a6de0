"""An emulated H02 pendant: V1 or the binary form, HTBT between them; the status word's bit 1 is its SOS key.

Options: binary ("1": positions and SOS as 32 bytes, which nothing answers), udp.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.errors import ContentError
from protocols.h02.binary import serialise_binary
from protocols.h02.codec import parse, serialise, serialise_report
from protocols.h02.codes import QUIET, SOS_BIT
from protocols.h02.framing import Framer
from protocols.h02.messages import Cell, Frame, Network, Report
from protocols.orders import Commission
from protocols.pieces import Whole
from protocols.signal import AccountId

MAKER: Final = "HQ"
KNOTS_PER_MPS: Final = 3600 / 1852
NOTHING: Final = QUIET & ~(1 << 10)
"""FFFFFBFF: no bit active, no ignition."""

NETWORK: Final = Network(240, 7, (Cell(4660, 43981),))


class H02Talk:
    """One pendant's words. Keeps Talk."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = AccountId(settings.device)
        self._binary = settings.options.get("binary") == "1"
        self._framer = Framer()
        self._last: Report | None = None

    @property
    def records_per_frame(self) -> int:
        """One: each note is a frame of its own."""
        return 1

    def connected(self) -> None:
        """Begin a new connection."""
        self._framer = Framer()

    def greeting(self, now: datetime) -> Said | None:
        """There is none: each frame names the device."""
        return None

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Say HTBT with the battery's charge."""
        return Said(serialise(Frame(MAKER, self._device, "HTBT", (str(max(1, round(battery_pct))),))), "HTBT")

    def tell(self, notes: Sequence[Note]) -> Said:
        """Say one note. Raises NotInProtocol for anything but a position and the SOS key."""
        (note,) = notes
        if unspoken := note.whats - {What.POSITION, What.PRESS}:
            raise NotInProtocol(f"h02 has no {', '.join(sorted(what.value for what in unspoken))}")
        self._last = report = Report(
            word="V1",
            at=note.at,
            fix=note.fix,
            lat=note.lat,
            lon=note.lon,
            knots=note.speed_mps * KNOTS_PER_MPS,
            course_deg=note.course_deg,
            battery=_level(note.battery_pct) if self._binary else None,
            status=NOTHING & ~(1 << SOS_BIT) if What.PRESS in note.whats else NOTHING,
            network=None if self._binary else NETWORK,
        )
        if self._binary:
            return Said(serialise_binary(self._device, report))
        return Said(serialise_report(MAKER, self._device, report), "V1")

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return what they complete. Never raises."""
        heard = []
        for piece in self._framer.receive(chunk):
            if isinstance(piece, Whole) and piece.raw.startswith(b"*"):
                try:
                    heard.append(self._understood(piece.raw, parse(piece.raw)))
                except ContentError:
                    continue
        return heard

    def _understood(self, raw: bytes, frame: Frame) -> HeardDown:
        match frame.word, frame.fields:
            case "V4", ("V1", *_):
                return Answered("V1", raw)
            case "HTBT", ():
                return Answered("HTBT", raw)
            case "D1", (clock, seconds) if seconds.isdecimal():
                return Ordered(raw, Commission(report_every_s=int(seconds)), self._confirmation("D1", clock, seconds))
            case _:
                return Ordered(raw)

    def _confirmation(self, *words: str) -> bytes:
        # V4 repeats the order and lists where the pendant was last, as V1 does; before its first fix it says nothing.
        last = self._last
        if last is None:
            return b""
        return serialise_report(
            MAKER,
            self._device,
            Report(
                word="V4",
                at=last.at,
                fix=last.fix,
                lat=last.lat,
                lon=last.lon,
                status=NOTHING,
                words=(words[0], *words[2:], words[1]),
            ),
        )


def _level(battery_pct: float) -> int:
    """Write per cent in the binary form, where 1 to 6 would be taken for a level and 0 for nothing said."""
    return max(7, round(battery_pct))


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a pendant."""
    return Tracker(settings, surroundings, H02Talk(settings))
