"""An emulated social-alarm unit that speaks SCAIP: it registers, tells its alarms, and waits for the receiver's mrs.

Options: udp ("1"), dty (what a press is of, "0003"; "0006" is an attack alarm), register ("0": never), sip_user,
interval ("1": the receiver may set how often it says that it lives). The secret is the SIP password.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Final, assert_never

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.openers import Draw
from protocols.orders import Reassure
from protocols.scaip import transmitter
from protocols.scaip.messages import Mrq, Snu
from protocols.scaip.transmitter import LocalUnit

PENDANT: Final = "0003"
UNIT: Final = "0002"
REGISTRATION: Final = "register"
MAX_DONE: Final = 64

_WHATS: Final = (
    (What.PRESS, None, "0010"),
    (What.FALL, "0005", "0009"),
    (What.MAN_DOWN, "0030", "0009"),
    (What.CHECK_IN, UNIT, "0103"),
    (What.LOW_BATTERY, UNIT, "0016"),
)
"""What happened -> device type (None: of the button) and status."""


class ScaipTalk:
    """A unit's words. draw: random bytes, for references and what SIP needs; without it one device's are always the
    same."""

    def __init__(self, settings: DeviceSettings, draw: Draw | None = None) -> None:
        draw = draw or random.Random(settings.device).randbytes
        options = settings.options
        password = None if settings.secret is None else settings.secret.encode("utf-8")
        self._options, self._account, self._draw = options, settings.device, draw
        self._registers = password is not None and options.get("register") != "0"
        self._unit = LocalUnit(
            settings.device,
            draw=draw,
            password=password,
            user=options.get("sip_user"),
            transport="UDP" if options.get("udp") == "1" else "TCP",
        )
        self._done: dict[str, bytes] = {}

    @property
    def records_per_frame(self) -> int:
        """One request tells one thing."""
        return 1

    def connected(self) -> None:
        """Begin a new connection."""
        self._unit.connected()

    def greeting(self, now: datetime) -> Said | None:
        """Return the registration; None for a unit without a password, which lives on a closed network."""
        return Said(self._unit.register(), REGISTRATION) if self._registers else None

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return the sign of life."""
        hbo = "001" if self._options.get("interval") == "1" else None
        return self._say(Mrq(ref=self._reference(), cid=self._account, dty=UNIT, mty="PI", hbo=hbo))

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one request. Raises NotInProtocol for a mere position, and for a second thing beside the first."""
        (note,) = notes
        found = [(dty, stc) for what, dty, stc in _WHATS if what in note.whats]
        if len(found) != 1:
            raise NotInProtocol("scaip tells one thing at a time, and no mere position")
        dty, stc = found[0]
        place = f"{note.lat:.5f},{note.lon:.5f}" if note.fix else None
        return self._say(
            Mrq(
                ref=self._reference(),
                cid=self._account,
                dty=dty or self._options.get("dty", PENDANT),
                stc=stc,
                lco="034" if place else None,
                geo=place,
                tim=note.at.strftime("%Y-%m-%dT%H:%M:%S+00") if place else None,
            )
        )

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return what they complete. Never raises."""
        heard: list[HeardDown] = []
        for said in self._unit.receive(chunk, now):
            match said:
                case transmitter.Again(data, raw):
                    heard.append(Ordered(raw, reply=data))
                case transmitter.Registered(raw):
                    heard.append(Answered(REGISTRATION, raw))
                case transmitter.Refused(_, ref, raw):
                    heard.append(Answered(ref or REGISTRATION, raw, accepted=False))
                case transmitter.Carried(ref, raw):
                    if ref in self._done:  # it was settled while nobody waited
                        heard.append(Answered(ref, self._done[ref]))
                case transmitter.Answered():
                    self._answered(said, heard)
                case _:
                    assert_never(said)
        return heard

    def _answered(self, said: transmitter.Answered, heard: list[HeardDown]) -> None:
        mrs = said.mrs
        if said.reply or mrs.ste:
            heard.append(Ordered(said.raw, Reassure(mrs.ste) if mrs.ste else None, said.reply))
        if mrs.snu is Snu.OK:
            self._done[mrs.ref] = said.raw
            if len(self._done) > MAX_DONE:
                del self._done[next(iter(self._done))]
        heard.append(Answered(mrs.ref, said.raw, accepted=mrs.snu is Snu.OK))

    def _say(self, mrq: Mrq) -> Said:
        return Said(self._unit.tell(mrq), mrq.ref)

    def _reference(self) -> str:
        return self._draw(6).hex()


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """One unit as configured."""
    return Tracker(settings, surroundings, ScaipTalk(settings, surroundings.chance.randbytes))
