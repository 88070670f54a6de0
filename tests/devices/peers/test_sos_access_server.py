"""The local centre on the wire."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from devices.peers.credentials import Credentials
from devices.peers.orders import Order
from devices.peers.sos_access_centre import Account, Centre
from devices.peers.sos_access_server import SosAccessServer
from protocols.sos_access.codec import parse, serialise
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    Message,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    PingResponse,
)

PASSWORD = "Abc123Def456Ghi"
WHO: Any = {"authentication": PASSWORD, "transmitter_type": "SV300", "transmitter_code": "4711"}
ALARM = serialise(AlarmRequest(**WHO, receiver="LARM", event_code="PA", reference="r1", detector_text="Åsa"))


@pytest.fixture
async def server() -> AsyncIterator[SosAccessServer]:
    made = SosAccessServer(None, centre=Centre(Account(password=PASSWORD)))
    await made.start()
    yield made
    await made.stop()


async def ask(server: SosAccessServer, *chunks: bytes, tls: ssl.SSLContext | None = None) -> Message:
    """Say it, keep the connection open as transmitters do, and return the answer."""
    reader, writer = await asyncio.open_connection("localhost", server.port, ssl=tls)
    try:
        async with asyncio.timeout(20):
            for chunk in chunks:
                writer.write(chunk)
                await writer.drain()
            return parse(await reader.readuntil(b"response>\r\n") + await read_on(reader))
    finally:
        writer.transport.abort()


async def read_on(reader: asyncio.StreamReader) -> bytes:
    """The rest of the answer: it ends where its root closes."""
    heard = b""
    while not heard.endswith(b"response>"):
        heard += await reader.read(1)
    return heard


async def test_each_request_has_its_answer_with_the_reference_and_the_time(server: SosAccessServer) -> None:
    alarm = await ask(server, ALARM)
    ping = await ask(server, serialise(PingRequest(**WHO, reference="p")))
    new = await ask(server, serialise(NewAuthenticationRequest(**WHO)))
    assert isinstance(alarm, AlarmResponse)
    assert isinstance(ping, PingResponse)
    assert isinstance(new, NewAuthenticationResponse)
    assert [(a.status, a.reference) for a in (alarm, ping, new)] == [(0, "r1"), (0, "p"), (0, None)]
    assert all(answer.arrival_time for answer in (alarm, ping, new))
    assert new.new_authentication == server.centre.account.coming


async def test_a_request_may_come_byte_by_byte(server: SosAccessServer) -> None:
    answer = await ask(server, *(bytes([byte]) for byte in ALARM))
    assert isinstance(answer, AlarmResponse)
    assert answer.status == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"HELO\r\n", 2),
        (b"<!DOCTYPE a>", 2),
        (b"<a>" + b"x" * 100_000, 1),
        (ALARM.replace(b"ISO-8859-1", b"UTF-8").replace(b"\xc5", b"A"), 100),
        (ALARM.replace(b"<eventcode>PA</eventcode>", b""), 7),
        (ALARM.replace(PASSWORD.encode(), b"short"), 1),
        (ALARM.replace(b"alarmrequest", b"alarm"), 3),
        (serialise(AlarmResponse(status=0, info="OK")), 3),
    ],
)
async def test_what_is_no_request_is_answered_with_its_status(server: SosAccessServer, raw: bytes, status: int) -> None:
    answer = await ask(server, raw)
    assert isinstance(answer, AlarmResponse)
    assert answer.status == status
    assert [received.status for received in server.record] == [status]


async def test_the_record_says_what_came_and_no_password(server: SosAccessServer) -> None:
    await ask(server, ALARM)
    (received,) = server.record
    assert (received.notice_id, received.address, received.status, received.reason) == ("r1", "4711", 0, "0 OK")
    assert received.payload["detector_text"] == "Åsa"
    assert PASSWORD.encode() not in received.body


async def test_other_processes_give_orders_and_read_at_the_side_port(server: SosAccessServer) -> None:
    side = f"http://127.0.0.1:{server.side.port}"
    async with aiohttp.ClientSession() as session:
        order = {"for": "address", "address": "4711", "times": 1, "status": 5, "reason": "not now"}
        async with session.post(f"{side}/_orders", json=order) as response:
            assert response.status == 204
        answers = [await ask(server, ALARM), await ask(server, ALARM)]
        async with session.get(f"{side}/_received") as response:
            read = await response.json()
    assert [getattr(answer, "status", None) for answer in answers] == [5, 0]
    assert [received["status"] for received in read["received"]] == [5, 0]


async def test_an_ordered_body_goes_out_as_it_is(server: SosAccessServer) -> None:
    server.orders.for_next(Order(body=serialise(PingResponse(status=0, info="OK"))))
    assert isinstance(await ask(server, ALARM), PingResponse)


async def test_it_speaks_tls_and_primary_and_secondary_share_what_they_remember(
    peer_credentials: Credentials, peer_folder: Path
) -> None:
    centre = Centre(Account(password=PASSWORD))
    primary = SosAccessServer(peer_credentials.server_tls(peer_folder), centre=centre)
    secondary = SosAccessServer(None, centre=centre)
    await primary.start()
    await secondary.start()
    trust = ssl.create_default_context(cafile=str(peer_folder / "ca.pem"))
    answers = [await ask(primary, ALARM, tls=trust), await ask(secondary, ALARM)]
    await primary.stop()
    await secondary.stop()
    assert [getattr(answer, "status", None) for answer in answers] == [0, 10]


async def test_it_tells_a_client_what_it_must_know(server: SosAccessServer) -> None:
    assert server.describe() == {
        "host": "localhost",
        "port": server.port,
        "side": f"http://127.0.0.1:{server.side.port}",
        "tls": False,
        "transmitter_code": "4711",
        "transmitter_type": "SV300",
        "password": PASSWORD,
        "receiver": "LARM",
        "level": 4,
    }


async def test_it_starts_again_after_a_stop(server: SosAccessServer) -> None:
    await server.stop()
    await server.stop()
    await server.start()
    assert isinstance(await ask(server, ALARM), AlarmResponse)
