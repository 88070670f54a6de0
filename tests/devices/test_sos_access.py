"""The emulated transmitter against the receiver's own role, over sockets on this machine."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping

import pytest

from devices.device import Address, DeviceSettings, Surroundings
from devices.scenario import Circumstances
from devices.sos_access import SosAccessUnit, build
from protocols.conversation import Account, Nak, SignalsReceived
from protocols.signal import AccountId, Signal, SignalKind
from protocols.sos_access.memory import Memory
from protocols.sos_access.reception import SosAccessReception
from tests.protocols.captured import Enrolled
from tests.protocols.streams import NOW

PASSWORD = "Abc123Def456Ghi"


class Centre:
    """A receiver whose disk is told what to do. heard: what it took."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self.account = Account(AccountId("4711"), secret=PASSWORD.encode(), options=options)
        self.heard: list[Signal] = []
        self.nak: Nak | None = None
        self.port = 0
        self._memory = Memory()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = SosAccessReception(Enrolled(self.account), draw=bytes, memory=self._memory, opened_at=NOW)
        while chunk := await reader.read(4096):
            for event in conversation.receive(chunk, NOW):
                if isinstance(event, SignalsReceived) and event.token is not None:
                    if self.nak is None:
                        self.heard += event.signals
                        writer.write(conversation.ack(event.token, NOW))
                    else:
                        writer.write(conversation.nak(event.token, self.nak, NOW))
                elif reply := getattr(event, "reply", b""):
                    writer.write(reply)
        writer.close()


@pytest.fixture
async def centres() -> AsyncIterator[tuple[Centre, Centre]]:
    pair = Centre({"ping_level": "4", "position": "dd.dddd"}), Centre({})
    for one in pair:
        await one.start()
    yield pair
    for one in pair:
        one.stop()


def unit(centres: tuple[Centre, Centre], secret: str = PASSWORD, **options: str) -> SosAccessUnit:
    settings = DeviceSettings(
        device="4711",
        addresses=tuple(Address("127.0.0.1", one.port) for one in centres),
        secret=secret,
        retransmit_s=2.0,
        give_up_s=4.0,
        options=options,
    )
    return build(settings, Surroundings(random.Random(1)))


async def test_everything_it_says_is_taken_for_what_it_is(centres: tuple[Centre, Centre]) -> None:
    device = unit(centres, position="dd.dddd", words="Entré")
    receipts = [
        await say() for say in (device.press, device.fall, device.check_in, device.release, device.battery, device.poll)
    ]
    assert all(receipt.acked for receipt in receipts)
    assert [signal.kind for signal in centres[0].heard] == [
        SignalKind.PANIC,
        SignalKind.FALL,
        SignalKind.TEST_ALARM,
        SignalKind.RESTORE,
        SignalKind.LOW_BATTERY,
        SignalKind.LINK_TEST,
    ]
    position = centres[0].heard[0].position
    assert position is not None
    assert (position.lat, position.lon) == (57.93, 12.09)
    assert PASSWORD.encode() not in receipts[0].sent
    assert b"<status>0</status>" in receipts[0].answer


async def test_a_receiver_that_cannot_store_sends_it_to_the_other_at_once(centres: tuple[Centre, Centre]) -> None:
    centres[0].nak = Nak.NOT_STORED
    receipt = await unit(centres).press()
    assert (receipt.acked, receipt.attempts) == (True, 2)
    assert [signal.kind for signal in centres[1].heard] == [SignalKind.PANIC]


async def test_a_wrong_password_is_not_repeated(centres: tuple[Centre, Centre]) -> None:
    receipt = await unit(centres, secret="Wrong0Wrong0Wro").press()
    assert (receipt.acked, receipt.attempts) == (False, 1)


async def test_a_new_password_is_used_from_then_on(centres: tuple[Centre, Centre]) -> None:
    device = unit(centres)
    assert (await device.renew()).acked
    assert device.password == "A" * 15


async def test_without_coverage_nothing_leaves(centres: tuple[Centre, Centre]) -> None:
    device = unit(centres)
    device.move(Circumstances(57.93, 12.09, 81.0, covered=False))
    pressed = asyncio.ensure_future(device.press())
    for _ in range(20):
        await asyncio.sleep(0)
    assert centres[0].heard == []
    device.move(Circumstances(57.93, 12.09, 81.0))
    assert (await pressed).acked
