"""An emulated publisher's connection to a broker: connect, publish at QoS 1, wait for the broker's word.

The broker's word says that the broker has it, not that the centre has: over MQTT no device hears more.
"""

from __future__ import annotations

import asyncio
from typing import Final

from devices.device import DeviceSettings, Receipt, Surroundings
from devices.link import Link
from protocols.errors import RemoteProtocolError
from protocols.mqtt.packets import (
    DISCONNECT,
    PING,
    ConnectAnswer,
    PacketFramer,
    PublishAcknowledged,
    connect,
    parse,
    publish,
)

KEEP_ALIVE_S: Final = 60
PAUSE_S: Final = 0.2


class Publisher:
    """One device's or one network's connection to a broker on this machine. user: who it logs in as, with secret."""

    def __init__(self, settings: DeviceSettings, surroundings: Surroundings, client_id: str) -> None:
        self._settings, self._around, self._client_id = settings, surroundings, client_id
        self._link = Link(settings.addresses, surroundings, self._heard, self._lost)
        self._framer = PacketFramer()
        self._taken = asyncio.Event()
        self._refused = False
        self._waiting: dict[int, asyncio.Event] = {}
        self._number = 0
        self._generation = 0

    async def publish(self, what: str, topic: str, payload: bytes, *, retained: bool = False) -> Receipt:
        """Publish until the broker has it, or until give_up_s is over."""
        begun_s, attempts = self._around.monotonic_s(), 0
        until_s = begun_s + self._settings.give_up_s
        self._number = self._number % 0xFFFF + 1
        number = self._number
        packet = publish(topic, payload, number, retained=retained)
        acked = self._waiting[number] = asyncio.Event()
        try:
            while not self._refused and (left_s := until_s - self._around.monotonic_s()) > 0:
                if not await self._open(until_s):
                    await self._around.sleep(min(PAUSE_S, left_s))
                    continue
                attempts += 1
                self._link.send(packet)
                if await _within(acked, min(self._settings.retransmit_s, left_s)):
                    self._link.answered()
                    took_ms = (self._around.monotonic_s() - begun_s) * 1000
                    return Receipt(what, packet, b"PUBACK", attempts, took_ms)
                self._link.try_another()
        finally:
            del self._waiting[number]
        return Receipt(what, packet, b"", attempts, None)

    def cover(self, covered: bool) -> None:
        """Say whether there is a network; without one the connection is gone at once."""
        self._link.covered = covered
        if not covered:
            self._link.drop()

    def ping(self) -> None:
        """Let the broker know that we are there."""
        if self._taken.is_set():
            self._link.send(PING)

    async def close(self) -> None:
        """Say goodbye and hang up; safe to call twice."""
        if self._link.connected:
            self._link.send(DISCONNECT)
            await asyncio.sleep(0)
        self._link.drop()
        await asyncio.sleep(0)

    async def _open(self, until_s: float) -> bool:
        if not await self._link.connect(until_s):
            return False
        if self._generation != self._link.generation:
            self._generation = self._link.generation
            self._framer = PacketFramer()
            self._taken.clear()
            user = self._settings.options.get("user")
            first = connect(
                self._client_id, clean=True, keep_alive_s=KEEP_ALIVE_S, user=user, password=self._settings.secret
            )
            self._link.send(first)
        return await _within(self._taken, self._settings.retransmit_s)

    def _heard(self, chunk: bytes) -> None:
        try:
            for first, body in self._framer.receive(chunk):
                match parse(first, body):
                    case ConnectAnswer(_, 0):
                        self._taken.set()
                    case ConnectAnswer():
                        self._refused = True
                    case PublishAcknowledged(number) if number in self._waiting:
                        self._waiting[number].set()
        except RemoteProtocolError:
            self._link.drop()

    def _lost(self) -> None:
        self._taken.clear()


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
