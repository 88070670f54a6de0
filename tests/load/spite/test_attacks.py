"""Every attack attacks: against a port that bears all of it, none falls over its own feet."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from load.spite.attacks import ATTACKS
from load.spite.caller import Caller, Order, hello

AGAIN = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
DATAGRAMS = frozenset({"datagrams", "empty_datagrams", "sip_datagrams"})


class Patient(asyncio.DatagramProtocol):
    """Bears all, and says so."""

    def __init__(self) -> None:
        self.heard = 0

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard += 1


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A port that reads whatever comes, and answers."""

    async def bear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.read(65_536):
                writer.write(AGAIN)
        except ConnectionError:
            pass
        writer.transport.abort()

    server = await asyncio.start_server(bear, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize("name", sorted(ATTACKS.keys() - DATAGRAMS))
async def test_an_attack_over_tcp_calls_and_goes_on_until_it_is_told_to_stop(port: int, name: str) -> None:
    caller = Caller(Order(port=port, hosts=2, count=2), random.Random(0))
    at_it = asyncio.ensure_future(ATTACKS[name](caller))
    while caller.said["opened"] < 2:
        await asyncio.wait({at_it}, timeout=0.005)
        assert not at_it.done(), at_it
    at_it.cancel()
    await asyncio.wait({at_it})
    assert at_it.cancelled()


@pytest.mark.parametrize("name", sorted(DATAGRAMS))
async def test_a_rain_of_datagrams_falls(name: str) -> None:
    wire, patient = await asyncio.get_running_loop().create_datagram_endpoint(Patient, local_addr=("127.0.0.1", 0))
    caller = Caller(Order(port=wire.get_extra_info("sockname")[1]), random.Random(0))
    at_it = asyncio.ensure_future(ATTACKS[name](caller))
    while not patient.heard:
        await asyncio.wait({at_it}, timeout=0.005)
        assert not at_it.done(), at_it
    at_it.cancel()
    await asyncio.wait({at_it})
    wire.close()
    assert caller.said["sent"] > 0


def test_a_handshake_begins_as_tls_does() -> None:
    assert hello()[:2] == b"\x16\x03"
