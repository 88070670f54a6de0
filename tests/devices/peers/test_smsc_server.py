"""The local message centre before a client that is not ours: aiosmpplib."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiosmpplib import (  # type: ignore[import-untyped]  # it says nothing of its types
    ESME,
    NPI,
    TON,
    AbstractHook,
    DeliverSm,
    PhoneNumber,
    SmppMessage,
    SubmitSm,
    SubmitSmResp,
)

from devices.peers.orders import Order
from devices.peers.smsc_server import SmscServer
from tests.larmcentral.channels.support import NUMBER, until


class Heard(AbstractHook):  # type: ignore[misc]  # as above
    def __init__(self) -> None:
        self.messages: list[SmppMessage] = []

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:
        pass

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:
        if smpp_message is not None:
            self.messages.append(smpp_message)

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:
        raise error


@pytest.fixture
async def centre() -> AsyncIterator[SmscServer]:
    server = SmscServer(None, report="delivered")
    await server.start()
    yield server
    await server.stop()


async def test_aiosmpplib_is_bound_sends_and_is_told_the_rest(centre: SmscServer) -> None:
    heard = Heard()
    client = ESME(
        "127.0.0.1", centre.port, centre.system_id, centre.password, hook=heard, log_handler=logging.NullHandler()
    )
    work = asyncio.create_task(client.start())
    centre.orders.for_address("+46700000018", Order(reason="ESME_RTHROTTLED"))
    for number in (NUMBER, "+46700000018"):
        await client.broker.enqueue(
            SubmitSm(
                short_message="HJÄLP €åäö",
                source=PhoneNumber("Larmet", TON.ALPHANUMERIC, NPI.UNKNOWN),
                destination=PhoneNumber(number[1:], TON.INTERNATIONAL, NPI.ISDN),
            )
        )

    await until(lambda: sum(isinstance(message, DeliverSm) for message in heard.messages) == 1)
    await until(lambda: sum(isinstance(message, SubmitSmResp) for message in heard.messages) == 2)
    answered = await centre.write(NUMBER, "46", "JA tack, åäö")
    await until(lambda: sum(isinstance(message, DeliverSm) for message in heard.messages) == 2)
    line = client._writer  # it forgets to close it
    await client.stop()
    line.close()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)

    first, second = centre.record
    assert (first.address, first.status, first.payload["message"]) == (NUMBER, 200, "HJÄLP €åäö")
    assert (second.status, second.reason) == (0x58, "ESME_RTHROTTLED")
    answers = [
        message
        for message in heard.messages
        if isinstance(message, SubmitSmResp) and not isinstance(message, DeliverSm)
    ]
    assert [int(message.command_status) for message in answers] == [0, 0x58]
    receipt, text = [message for message in heard.messages if isinstance(message, DeliverSm)]
    assert receipt.is_receipt()
    assert receipt.parse_receipt()["stat"] == "DELIVRD"
    assert (text.short_message, answered) == ("JA tack, åäö", 0)


async def test_a_wrong_password_is_not_bound(centre: SmscServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", centre.port)
    writer.write(bytes.fromhex("0000001a 00000009 00000000 00000001 6c00 7800 00 34000000 00"))

    answer = await reader.readexactly(16)

    assert answer.hex() == "00000010800000090000000e00000001"
    with pytest.raises(ConnectionError):
        await centre.write(NUMBER, "46", "JA")
    writer.close()
