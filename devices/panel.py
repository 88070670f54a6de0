"""An alarm panel with a fixed panic button: SIA DC-09 over TCP or UDP, clear or encrypted.

Options: transport tcp|udp, form sia|cid, receiver and line (hex), area, zone, text, position yes|no,
binary_crc yes|no. The secret is the AES key in hex (16, 24 or 32 bytes); none means clear.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from devices.device import DeviceSettings, Receipt, Surroundings
from devices.panel_link import PanelLink
from devices.scenario import Circumstances
from protocols.dc09 import extended
from protocols.dc09.messages import ADM_CID, SIA_DCS, CidEvent, CidReport, SiaEvent, SiaReport
from protocols.dc09.payload import serialise_cid, serialise_sia
from protocols.dc09.transmitter import Dc09Transmitter

LOW_BATTERY_PCT: Final = 15.0
"""Where panels report a low battery, more or less."""

# what happened: SIA code, Contact ID qualifier and code, words
_PRESS: Final = ("PA", 1, "120", "Överfallslarm")
_FALL: Final = ("QA", 1, "103", "Fall")
_TEST: Final = ("RX", 1, "601", "Manuellt prov")
_ROUTINE_TEST: Final = ("RP", 1, "602", "Automatiskt prov")
_LOW_BATTERY: Final = ("YT", 1, "302", "Lågt batteri")
_BATTERY_RESTORED: Final = ("YR", 3, "302", "Batteri återställt")
_PRESS_RESTORED: Final = ("PR", 3, "120", "Överfallslarm återställt")


class Panel:
    """One panel. Its messages go out one at a time; a link test that waits for its answer never holds up an alarm."""

    def __init__(self, settings: DeviceSettings, surroundings: Surroundings) -> None:
        options = settings.options
        self._settings, self._around = settings, surroundings
        self._transmitter = Dc09Transmitter(
            settings.device,
            key=None if settings.secret is None else bytes.fromhex(settings.secret),
            draw=surroundings.chance.randbytes,
            receiver=options.get("receiver"),
            line=options.get("line", "0"),
            seq=surroundings.chance.randint(1, 9999),
            repeat_after=timedelta(seconds=settings.retransmit_s),
            binary_checksum=options.get("binary_crc") == "yes",
        )
        self._link = PanelLink(self._transmitter, settings, surroundings)
        self._polling: asyncio.Task[Receipt] | None = None
        self._said_low = False
        self.circumstances = Circumstances(settings.lat, settings.lon, settings.battery_pct)

    @property
    def connected(self) -> bool:
        """True if there is a connection on which the receiver has answered."""
        return self._link.connected

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the panel; without a network or power its connection is gone at once."""
        self.circumstances = circumstances
        self._link.cover(circumstances.covered and circumstances.running)

    async def press(self) -> Receipt:
        """Press the alarm button; send until acked or until give_up_s is over."""
        return await self._report("press", _PRESS)

    async def release(self) -> Receipt:
        """The button is pulled out again: restore."""
        return await self._report("release", _PRESS_RESTORED)

    async def fall(self) -> Receipt:
        """A fall, as a panel with a social alarm reports it: 103, or QA with the word (DC-03 has no code for it)."""
        return await self._report("fall", _FALL)

    async def check_in(self) -> Receipt:
        """A test by hand: the nearest that DC-09 has to a check-in."""
        return await self._report("check-in", _TEST)

    async def test(self) -> Receipt:
        """The routine test that a panel sends by itself, once a day or so."""
        return await self._report("test", _ROUTINE_TEST)

    async def battery(self, *, low: bool = True) -> Receipt:
        """The system battery is low, or well again."""
        return await self._report("battery", _LOW_BATTERY if low else _BATTERY_RESTORED)

    async def poll(self) -> Receipt:
        """A link test (NULL): "I am here"."""
        return await self._link.carry("poll", self._transmitter.poll)

    async def run(self) -> None:
        """Stay connected and poll every keepalive_s until cancelled; say when the battery becomes low, and well."""
        try:
            while True:
                self._polling = asyncio.ensure_future(self.poll())
                await asyncio.wait({self._polling})  # a report cancels the poll, not this watch
                low = self.circumstances.battery_pct < LOW_BATTERY_PCT
                if low != self._said_low and (await self.battery(low=low)).acked:
                    self._said_low = low
                await self._around.sleep(self._settings.keepalive_s)
        finally:
            self._stop_polling()

    async def close(self) -> None:
        """Hang up; safe to call twice."""
        self._stop_polling()
        self._link.hang_up()
        await asyncio.sleep(0)

    def _stop_polling(self) -> None:
        polling, self._polling = self._polling, None
        if polling is not None:
            polling.cancel()

    async def _report(self, what: str, event: tuple[str, int, str, str]) -> Receipt:
        sia_code, qualifier, cid_code, words = event
        settings, options, here = self._settings, self._settings.options, self.circumstances
        if options.get("form", "sia") == "cid":
            cid_event = CidEvent(qualifier, cid_code, options.get("area", "01"), options.get("zone", "001"))
            name, data = ADM_CID, serialise_cid(CidReport(account=settings.device, events=(cid_event,)))
        else:
            sia_event = SiaEvent(
                code=sia_code,
                address=options.get("zone", "1"),
                modifiers=(("ri", options.get("area", "1")),),
                text=options.get("text", words),
            )
            name, data = SIA_DCS, serialise_sia(SiaReport(account=settings.device, events=(sia_event,)))
        blocks = extended.place(here.lat, here.lon) if options.get("position") == "yes" else ()
        self._stop_polling()
        return await self._link.carry(what, lambda now: self._transmitter.report(name, data, now, blocks))


def build(settings: DeviceSettings, surroundings: Surroundings) -> Panel:
    """One panel as configured. Raises ValueError for a secret that is no hex."""
    return Panel(settings, surroundings)
