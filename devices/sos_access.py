"""An alarm transmitter that speaks SOS Access v4 to the centre, one connection a request, two receivers in turn.

The secret is its password (15 signs). Options: type (5 signs), receiver, area, section, detector, words, position
dd.dddd|ddmmmm|rt90|none, renew yes|no (exchange the password at the first contact).
"""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import Final

from devices.device import DeviceSettings, Receipt, Surroundings
from devices.scenario import Circumstances
from protocols.errors import RemoteProtocolError
from protocols.sos_access.codec import masked
from protocols.sos_access.codes import Verdict, verdict
from protocols.sos_access.conversation import Answered, Exchange
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmType,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    Request,
    Response,
)
from protocols.sos_access.position import PositionForm, position_text
from protocols.sos_access.wall_time import wall_text

DEFAULT_PASSWORD: Final = "Installer-00001"
LOW_BATTERY_PCT: Final = 15.0
READ_BYTES: Final = 65_536
BACK_OFF_S: Final = 0.2
DONE: Final = frozenset({Verdict.TAKEN, Verdict.TAKEN_BEFORE})
AT_REST: Final = frozenset({Verdict.NOT_ORDERED, Verdict.TOO_OFTEN})
"""A ping that is answered so was heard: there is nothing to repeat."""
HOPELESS: Final = frozenset({Verdict.UNAUTHORISED, Verdict.FAULTY})


class SosAccessUnit:
    """One transmitter. A new password is used from the answer on; the old one is kept until the new one was taken."""

    def __init__(self, settings: DeviceSettings, surroundings: Surroundings) -> None:
        self._settings, self._around = settings, surroundings
        self._password = settings.secret or DEFAULT_PASSWORD
        self._turn = self._number = 0
        self._said_low = False
        self._renewed = settings.options.get("renew") != "yes"
        self.circumstances = Circumstances(settings.lat, settings.lon, settings.battery_pct)
        self.answered: Response | None = None

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the unit."""
        self.circumstances = circumstances

    async def press(self) -> Receipt:
        """Press the alarm button; repeated at both receivers until one has taken it or give_up_s is over."""
        return await self._deliver("press", self._alarm("PA"))

    async def release(self) -> Receipt:
        """The button is pulled out again: restore."""
        return await self._deliver("release", self._alarm("PA", AlarmType.RESTORE))

    async def fall(self) -> Receipt:
        """A fall, in Contact ID's digits: SIA has no code for it."""
        return await self._deliver("fall", self._alarm("103"))

    async def check_in(self) -> Receipt:
        """A test by hand: the nearest that the protocol has to a check-in."""
        return await self._deliver("check-in", self._alarm("RX"))

    async def battery(self, *, low: bool = True) -> Receipt:
        """The battery is low, or well again."""
        return await self._deliver("battery", self._alarm("YT" if low else "YR"))

    async def poll(self) -> Receipt:
        """The heartbeat."""
        code, kind = self._settings.device, self._kind
        ping = PingRequest(authentication=self._password, transmitter_type=kind, transmitter_code=code)
        return await self._deliver("poll", ping)

    async def renew(self) -> Receipt:
        """Exchange the password for one that nobody has seen."""
        asked = NewAuthenticationRequest(
            authentication=self._password, transmitter_type=self._kind, transmitter_code=self._settings.device
        )
        receipt = await self._deliver("renew", asked)
        said = self.answered
        if receipt.acked and isinstance(said, NewAuthenticationResponse) and said.new_authentication:
            self._password, self._renewed = said.new_authentication, True
        return receipt

    async def run(self) -> None:
        """Ping every keepalive_s until cancelled; say when the battery becomes low, and well."""
        while True:
            if not self._renewed:
                await self.renew()
            await self.poll()
            low = self.circumstances.battery_pct < LOW_BATTERY_PCT
            if low != self._said_low and (await self.battery(low=low)).acked:
                self._said_low = low
            await self._around.sleep(self._settings.keepalive_s * self._around.chance.uniform(0.9, 1.0))

    async def close(self) -> None:
        """Nothing is held between two requests."""

    @property
    def password(self) -> str:
        """The one it would use now."""
        return self._password

    @property
    def _kind(self) -> str:
        return self._settings.options.get("type", "LARM1")

    def _alarm(self, code: str, alarm_type: AlarmType = AlarmType.ALARM) -> AlarmRequest:
        options, here = self._settings.options, self.circumstances
        self._number += 1
        form = PositionForm(options.get("position", "none"))
        return AlarmRequest(
            authentication=self._password,
            receiver=options.get("receiver", "LARM"),
            transmitter_type=self._kind,
            transmitter_code=self._settings.device,
            event_code=code,
            reference=f"{self._settings.device}-{self._around.chance.getrandbits(32):08x}-{self._number}",
            alarm_type=alarm_type,
            transmitter_time=wall_text(self._around.now(), UTC),
            transmitter_area=options.get("area"),
            section=options.get("section"),
            detector=options.get("detector"),
            additional_info=options.get("words"),
            position=position_text(form, here.lat, here.lon),
        )

    async def _deliver(self, what: str, request: Request) -> Receipt:
        around, settings = self._around, self._settings
        begun_s = around.monotonic_s()
        attempts, sent, answer = 0, b"", b""
        while (left_s := begun_s + settings.give_up_s - around.monotonic_s()) > 0:
            attempts += 1
            try:
                sent, answer, said = await self._exchange(request, min(settings.retransmit_s, left_s))
            except (OSError, TimeoutError, RemoteProtocolError):
                said = None
            self.answered = said
            meant = None if said is None else verdict(said.status)
            if meant in DONE or (what == "poll" and meant in AT_REST):
                return Receipt(what, sent, answer, attempts, (around.monotonic_s() - begun_s) * 1000)
            if meant in HOPELESS:
                break
            self._turn += 1
            await around.sleep(min(BACK_OFF_S, max(0.0, left_s)))
        return Receipt(what, sent, answer, attempts, None)

    async def _exchange(self, request: Request, within_s: float) -> tuple[bytes, bytes, Response | None]:
        if not (self.circumstances.covered and self.circumstances.running):
            raise ConnectionError("no coverage")
        address = self._settings.addresses[self._turn % len(self._settings.addresses)]
        exchange, heard = Exchange(request, self._around.now()), b""
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_connection(address.host, address.port)
            try:
                writer.write(exchange.request_bytes)
                while chunk := await reader.read(READ_BYTES):
                    heard += chunk
                    for outcome in exchange.receive(chunk, self._around.now()):
                        shown = masked(exchange.request_bytes), masked(heard)
                        return *shown, outcome.response if isinstance(outcome, Answered) else None
            finally:
                writer.close()
        return masked(exchange.request_bytes), masked(heard), None


def build(settings: DeviceSettings, surroundings: Surroundings) -> SosAccessUnit:
    """One transmitter as configured."""
    return SosAccessUnit(settings, surroundings)
