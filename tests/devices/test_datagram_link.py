"""A device's way over UDP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from devices.datagram_link import DatagramLink
from devices.device import Address
from tests.devices.scripted import Script, listening_udp
from tests.devices.support import surroundings, swift_surroundings, until


async def test_what_is_sent_arrives_and_the_answer_is_heard() -> None:
    heard: list[bytes] = []
    lost: list[bool] = []
    async with listening_udp(Script()) as script:
        link = DatagramLink(
            [Address("127.0.0.1", script.port)], surroundings(), heard.append, lambda: lost.append(True)
        )
        assert not link.send(b"too early")
        assert await link.connect(surroundings().monotonic_s() + 5)
        assert (link.connected, link.generation) == (True, 1)
        assert link.send(b"tell 1\n")
        await until(lambda: bool(heard))
        link.drop()
        link.drop()
        await until(lambda: bool(lost))

    assert (script.heard, heard, link.connected) == (["tell 1"], [b"ok 1\n"], False)


async def test_the_next_address_has_its_turn() -> None:
    heard: list[bytes] = []
    async with listening_udp(Script()) as first, listening_udp(Script()) as second:
        addresses = [Address("127.0.0.1", first.port), Address("127.0.0.1", second.port)]
        link = DatagramLink(addresses, surroundings(), heard.append, lambda: None)
        until_s = surroundings().monotonic_s() + 5
        for number in (1, 2):
            assert await link.connect(until_s)
            link.send(f"tell {number}\n".encode())
            await until(lambda number=number: len(heard) == number)  # type: ignore[misc]  # bound early on purpose
            link.try_another()
        await until(lambda: not link.connected)
        await asyncio.sleep(0)

    assert (first.heard, second.heard, link.generation) == (["tell 1"], ["tell 2"], 2)


async def test_without_a_network_there_is_no_way() -> None:
    world = swift_surroundings()
    link = DatagramLink([Address("127.0.0.1", 9)], world, lambda _: None, lambda: None)
    link.covered = False

    assert not await link.connect(world.monotonic_s() + 5)
    link.covered = True
    assert await link.connect(replace(world).monotonic_s() + 5)
    link.drop()
    await until(lambda: not link.connected)
