"""An emulated gl200 handheld: GTHBD, GTFRI, GTSOS and GTBPL, repeated until SACK, told again as +BUFF from memory."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.gl200.codec import parse_downlink, serialise
from protocols.gl200.messages import Command, Head, Message, Sack
from protocols.orders import Locate
from protocols.signal import AccountId

VERSION: Final = "1A0800"
"""A GL300."""

CELL: Final = ("0240", "0007", "1234", "ABCD")
BATTERY_V: Final = {True: "3.50", False: "4.05"}
LOW_PCT: Final = 15

MAX_REMEMBERED: Final = 400
"""Messages whose counter is kept for when they are told again from memory; a real unit keeps 3000."""

MAX_DOWNLINK_BYTES: Final = 4096
_COUNTERS: Final = 0x10000


class Gl200Talk:
    """One unit's words. options: version (device type and firmware)."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._device = AccountId(settings.device)
        self._version = settings.options.get("version", VERSION)
        self._next_counter = 0
        self._counters: dict[Hashable, str] = {}
        self._pending = b""

    @property
    def records_per_frame(self) -> int:
        """One: each note is a message of its own name."""
        return 1

    def connected(self) -> None:
        """Begin a new connection: half an answer is forgotten, the counter goes on."""
        self._pending = b""

    def greeting(self, now: datetime) -> Said | None:
        """Return None: each message names its device."""
        return None

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return a heartbeat; its answer repeats the counter."""
        return self._say(Head.ACK, "HBD", (), now, self._count())

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return the message for one note; the gravest of what it holds gives it its name.

        Raises NotInProtocol for a fall or lying still: no message of ours has words for it.
        """
        (note,) = notes
        name = _name(note)
        body: tuple[str, ...] = (BATTERY_V[note.battery_pct <= LOW_PCT], *_block(note))
        if name != "BPL":
            body = ("0", "0", "1", *_block(note), str(round(note.battery_pct)))
        key = (name, note.at)
        counter = self._counters.pop(key, None) or self._count()
        self._counters[key] = counter
        while len(self._counters) > MAX_REMEMBERED:
            del self._counters[next(iter(self._counters))]
        return self._say(Head.BUFF if note.stored else Head.RESP, name, body, note.at, counter)

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return the answers and commands they complete. Never raises."""
        *lines, rest = (self._pending + chunk).split(b"$")
        self._pending = rest[-MAX_DOWNLINK_BYTES:]
        heard: list[HeardDown] = []
        for line in lines:
            octets = line + b"$"
            match parse_downlink(octets):
                case Sack(counter, _):
                    heard.append(Answered(counter, octets))
                case Command("RTO", _, (what, *_), serial):
                    sub, order = ("RTL", Locate()) if what == "1" else (what, None)
                    reply = self._say(Head.ACK, "RTO", (sub, serial), now, self._count())
                    heard.append(Ordered(octets, order, reply.octets))
                case Command(name, _, _, serial):
                    reply = self._say(Head.ACK, name, (serial,), now, self._count())
                    heard.append(Ordered(octets, None, reply.octets))
                case None:
                    heard.append(Ordered(octets))
        return heard

    def _count(self) -> str:
        counter = f"{self._next_counter:04X}"
        self._next_counter = (self._next_counter + 1) % _COUNTERS
        return counter

    def _say(self, head: Head, name: str, body: tuple[str, ...], at: datetime, counter: str) -> Said:
        printable = tuple(field.replace("$", "").replace(",", "") for field in body)
        sent = at.astimezone(UTC)
        fields = (f"+{head.value}:GT{name}", self._version, self._device, "", *printable, _stamp(sent), counter)
        return Said(serialise(Message(head, name, self._version, self._device, fields, sent, counter)), counter)


def _name(note: Note) -> str:
    if What.PRESS in note.whats:
        return "SOS"
    if What.FALL in note.whats or What.MAN_DOWN in note.whats or What.CHECK_IN in note.whats:
        raise NotInProtocol("gl200 has no message for this")
    return "BPL" if What.LOW_BATTERY in note.whats else "FRI"


def _block(note: Note) -> tuple[str, ...]:
    return (
        "1" if note.fix else "0",
        f"{note.speed_mps * 3.6:.1f}",
        f"{note.course_deg:.0f}",
        "35.0",
        f"{note.lon:.6f}",
        f"{note.lat:.6f}",
        _stamp(note.at.astimezone(UTC)),
        *CELL,
        "",
    )


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S")


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a gl200 handheld."""
    return Tracker(settings, surroundings, Gl200Talk(settings))
