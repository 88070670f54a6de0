"""An emulated watch: LK first and every so often, positions, AL repeated until it is answered, downlinks obeyed."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Receipt, Surroundings
from devices.link import Link
from devices.memory import MAX_NOTES
from devices.scenario import Circumstances
from protocols.signal import AccountId
from protocols.watch.conversation import WatchTransmitter
from protocols.watch.messages import (
    AccessPoint,
    Answer,
    Cell,
    Downlink,
    Find,
    KeepAlive,
    Locate,
    Message,
    Network,
    Plain,
    PositionReport,
    Setting,
    ShowMessage,
)

SOS_BIT: Final = 1 << 16
FALL_BIT: Final = 1 << 21
LOW_BATTERY_STATE: Final = 1 << 0
LOW_BATTERY_PCT: Final = 15

MAX_MISSES: Final = 5
"""Unanswered keepalives after which a watch starts over (vendor's paper)."""

POSITION_EVERY: Final = 10
"""Keepalives between two positions."""

SLOWS_AFTER_S: Final = 30 * 60
SLOWER: Final = (5.0, 8.0)
"""A keepalive a minute for half an hour, then one every five to eight (vendor's paper)."""

MAX_LATE: Final = 64
"""Confirmations of a late watch that are still to be sent; more downlinks than that go unconfirmed."""

MAX_KEPT: Final = 20
"""Downlinks remembered, for tests and for who looks."""

NETWORK: Final = Network(mcc=240, mnc=7, cells=(Cell(4660, 11259375, 54),), timing_advance=0)
HOME: Final = (AccessPoint("hem", "02:00:00:00:00:11", -61),)


class Watch:
    """One watch. options: maker ("3G"), index (four hex digits), indoors ("1": no fix), slows ("1": after half an hour
    its keepalives come five to eight times as rarely, as in the vendor's paper)."""

    can_be_late: Final = True

    def __init__(self, settings: DeviceSettings, surroundings: Surroundings) -> None:
        self._settings, self._surroundings = settings, surroundings
        options = settings.options
        self._talk = WatchTransmitter(AccountId(settings.device), options.get("maker", "3G"), options.get("index"))
        self._link = Link(settings.addresses, surroundings, self._heard, self._lost)
        self._awaited: dict[str, deque[asyncio.Future[bytes]]] = {}
        self._greeting = asyncio.Lock()
        self._greeted_on = 0
        self._misses = 0
        self._confirming: set[asyncio.Task[bool]] = set()
        self.circumstances = Circumstances(settings.lat, settings.lon, settings.battery_pct)
        self._backlog: deque[PositionReport] = deque(maxlen=MAX_NOTES)
        self.heard: deque[Downlink] = deque(maxlen=MAX_KEPT)

    @property
    def connected(self) -> bool:
        """True if there is a connection on which the receiver has answered."""
        return self._link.connected and self._greeted_on == self._link.generation

    async def press(self) -> Receipt:
        """Press the SOS key; AL is repeated until it is answered."""
        return await self._deliver("press", self._report("AL_LTE", SOS_BIT), "AL")

    async def fall(self) -> Receipt:
        """Fall hard; AL is repeated until it is answered."""
        return await self._deliver("fall", self._report("AL_LTE", FALL_BIT), "AL")

    async def man_down(self) -> Receipt:
        """Raise NotInProtocol: no bit of a watch means it."""
        raise NotInProtocol("watch has no man-down")

    async def check_in(self) -> Receipt:
        """Send a keepalive: the nearest that a watch has to a sign that all is well."""
        return await self._deliver("check-in", self._keepalive(), "LK")

    async def run(self) -> None:
        """Stay connected and send keepalives and positions until cancelled."""
        beats = 0
        begun_s = self._surroundings.monotonic_s()
        while True:
            if await self._greet(self._surroundings.monotonic_s() + self._settings.give_up_s):
                if beats % POSITION_EVERY == 0:
                    await self._say(self._talk.say(self._report("UD_LTE", 0)))
                beats += 1
                slow = self._settings.options.get("slows") == "1"
                slow = slow and self._surroundings.monotonic_s() - begun_s >= SLOWS_AFTER_S
                times = self._surroundings.chance.uniform(*(SLOWER if slow else (0.9, 1.0)))
                await self._surroundings.sleep(self._settings.keepalive_s * times)
                if self.connected and not await self._ask(self._talk.say(self._keepalive()), "LK"):
                    self._missed()

    async def close(self) -> None:
        """Hang up; safe to call twice."""
        for task in self._confirming:
            task.cancel()
        self._link.drop()
        await asyncio.sleep(0)

    def remember(self, records: int, every_s: float) -> None:
        """Find so many old positions in memory: they leave as UD2 once the next greeting is answered."""
        now = self._surroundings.now()
        for back in range(records, 0, -1):
            self._backlog.append(replace(self._report("UD2", 0), at=now - timedelta(seconds=back * every_s)))

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the watch; without coverage or power its connection is gone at once."""
        self.circumstances = circumstances
        self._link.covered = circumstances.covered and circumstances.running
        if not self._link.covered:
            self._link.drop()

    async def _deliver(self, what: str, message: Message, word: str) -> Receipt:
        begun_s = self._surroundings.monotonic_s()
        until_s = begun_s + self._settings.give_up_s
        sent, attempts = self._talk.say(message), 0
        while self._surroundings.monotonic_s() < until_s:
            if not await self._greet(until_s):
                continue
            attempts += 1
            if answer := await self._ask(sent, word, until_s):
                ack_ms = (self._surroundings.monotonic_s() - begun_s) * 1000
                return Receipt(what, sent, answer, attempts, ack_ms)
            self._missed()
        return Receipt(what, sent, b"", attempts, None)

    async def _greet(self, until_s: float) -> bool:
        """Connect, and say LK on a new connection: the watch sends nothing else until that is answered."""
        async with self._greeting:
            if self.connected:
                self._replay()
                return True
            if not await self._link.connect(until_s):
                return False
            if await self._ask(self._talk.say(self._keepalive()), "LK", until_s):
                self._greeted_on = self._link.generation
                self._replay()
                return True
            self._missed()
            return False

    def _replay(self) -> None:
        """Send what waits in memory: nothing answers it, so it is gone once it was sent."""
        while self._backlog and self._link.send(self._talk.say(self._backlog[0])):
            self._backlog.popleft()

    async def _ask(self, sent: bytes, word: str, until_s: float | None = None) -> bytes:
        """Send and wait for the answer, retransmit_s at most; empty if none came or the connection was lost."""
        wait_s = self._settings.retransmit_s
        if until_s is not None:
            wait_s = min(wait_s, max(0.0, until_s - self._surroundings.monotonic_s()))
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        waiting = self._awaited.setdefault(word, deque())
        waiting.append(answer)
        try:
            if not await self._say(sent):
                return b""
            async with asyncio.timeout(wait_s):
                return await answer
        except TimeoutError:
            return b""
        finally:
            if answer in waiting:
                waiting.remove(answer)

    async def _say(self, octets: bytes) -> bool:
        if self.circumstances.late_s:
            await self._surroundings.sleep(self.circumstances.late_s)
        return self._link.send(octets)

    def _missed(self) -> None:
        self._misses += 1
        if self._misses >= MAX_MISSES:
            self._misses = 0
            self._link.try_another()

    def _heard(self, chunk: bytes) -> None:
        for downlink in self._talk.receive(chunk, self._surroundings.now()):
            match downlink:
                case Answer(word, _):
                    self._misses = 0
                    self._link.answered()
                    hand_to_first(self._awaited.get(word), chunk)
                case Locate():
                    self._obey(downlink, self._report("UD_LTE", 0))
                case Find():
                    self._obey(downlink, Plain("FIND"))
                case ShowMessage():
                    self._obey(downlink, Plain("MESSAGE"))
                case Setting(word, _):
                    self._obey(downlink, Plain(word))
                case _:
                    self.heard.append(downlink)

    def _obey(self, downlink: Downlink, confirmation: Message) -> None:
        self.heard.append(downlink)
        said = self._talk.say(confirmation)
        if not self.circumstances.late_s:
            self._link.send(said)
        elif len(self._confirming) < MAX_LATE:
            task = asyncio.get_running_loop().create_task(self._say(said))
            self._confirming.add(task)
            task.add_done_callback(self._confirming.discard)

    def _lost(self) -> None:
        for waiting in self._awaited.values():
            for answer in waiting:
                if not answer.done():
                    answer.set_result(b"")
            waiting.clear()

    def _keepalive(self) -> KeepAlive:
        return KeepAlive(steps=120, rolls=3, battery_pct=round(self.circumstances.battery_pct))

    def _report(self, word: str, alarms: int) -> PositionReport:
        now, indoors = self.circumstances, self._settings.options.get("indoors") == "1"
        low = LOW_BATTERY_STATE if now.battery_pct <= LOW_BATTERY_PCT else 0
        report = PositionReport(
            word=word,
            at=self._surroundings.now().replace(microsecond=0),
            fix=not indoors,
            lat=round(now.lat, 6),
            lon=round(now.lon, 6),
            speed_kmh=round(now.speed_mps * 3.6, 2),
            course_deg=round(now.course_deg, 1),
            altitude_m=35.0,
            satellites=9,
            network_pct=80,
            battery_pct=round(now.battery_pct),
            steps=120,
            rolls=3,
            status=alarms | low,
            network=NETWORK,
            access_points=HOME if indoors else (),
            accuracy_m=12.0,
        )
        return replace(report, lat=0.0, lon=0.0, satellites=0, speed_kmh=0.0) if indoors else report


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a watch."""
    return Watch(settings, surroundings)


def hand_to_first(waiting: deque[asyncio.Future[bytes]] | None, answer: bytes) -> None:
    """Give an answer to whoever has waited longest; who gave up in this very moment is passed over."""
    while waiting:
        first = waiting.popleft()
        if not first.done():
            first.set_result(answer)
            return
