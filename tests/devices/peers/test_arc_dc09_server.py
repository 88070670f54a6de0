"""The local centre before bare sockets."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from devices.peers.arc_dc09_server import ArcDc09Server
from devices.peers.orders import Fate, Order
from devices.peers.record import wall_now
from protocols.dc09.codec import open_envelope, parse, parse_nak, serialise
from protocols.dc09.framing import Frame, Framer, frame
from protocols.dc09.messages import NULL, SIA_DCS, Header, Message

KEY = b"0123456789ABCDEF"


@pytest.fixture
async def server() -> AsyncIterator[ArcDc09Server]:
    server = ArcDc09Server({"1234": None, "5678": KEY})
    await server.start()
    yield server
    await server.stop()


def said(account: str = "1234", name: str = SIA_DCS, *, key: bytes | None = None, at: datetime | None = None) -> bytes:
    message = Message(
        name=name,
        header=Header(7, "1", "0", account),
        data=b"" if name == NULL else f"#{account}|NPA7".encode(),
        sent_at=at,
        encrypted=key is not None,
    )
    return frame(serialise(message, key, random.Random(1).randbytes))


async def answered(server: ArcDc09Server, told: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(told)
    async with asyncio.timeout(10):
        answer = await reader.read(4096)
    writer.close()
    return answer


def text_of(answer: bytes) -> bytes:
    [found] = Framer().feed(answer)
    assert isinstance(found, Frame)
    return found.text


async def test_what_it_can_read_is_acked_and_kept(server: ArcDc09Server) -> None:
    assert open_envelope(text_of(await answered(server, said()))).name == "ACK"
    [kept] = server.record.since(0, 9)
    assert (kept.address, kept.notice_id, kept.status, kept.payload["data"]) == ("1234", "0007", 200, "#1234|NPA7")


async def test_an_encrypted_message_is_acked_encrypted_and_an_old_one_is_told_the_time(server: ArcDc09Server) -> None:
    now = wall_now().replace(microsecond=0)
    envelope = open_envelope(text_of(await answered(server, said("5678", key=KEY, at=now))))
    assert (envelope.name, parse(envelope, KEY).encrypted) == ("ACK", True)
    refused = parse_nak(text_of(await answered(server, said("5678", key=KEY, at=datetime(2020, 1, 1, tzinfo=UTC)))))
    assert refused is not None
    assert refused.sent_at is not None
    assert abs(refused.sent_at - wall_now()) < timedelta(seconds=60)


async def test_a_name_or_an_account_that_it_does_not_know_is_not_understood(server: ArcDc09Server) -> None:
    for told in (said(name="PARTY"), said("9999")):
        assert open_envelope(text_of(await answered(server, told))).name == "DUH"


@pytest.mark.parametrize("fate", [Fate.CUT, Fate.RESET])
async def test_it_hangs_up_when_told_so(server: ArcDc09Server, fate: Fate) -> None:
    server.orders.for_next(Order(fate=fate))
    with suppress(ConnectionResetError):
        assert await answered(server, said()) == b""
    assert [(kept.status, kept.reason) for kept in server.record.since(0, 9)] == [(0, fate.value)]


async def test_half_an_answer_is_half_a_frame(server: ArcDc09Server) -> None:
    whole = await answered(server, said())
    server.orders.for_next(Order(fate=Fate.HALF))
    assert await answered(server, said()) == whole[: len(whole) // 2]


async def test_a_client_learns_where_it_listens_and_with_what_keys(server: ArcDc09Server) -> None:
    told = server.describe()
    assert (told["port"], told["udp_port"]) == (server.port, server.udp_port)
    assert told["accounts"] == {"1234": None, "5678": KEY.hex()}
