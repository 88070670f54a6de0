"""Datagrams: each an exchange of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest

from larmcentral.receivers.limits import Limits
from protocols.signal import AccountId
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import PATIENCE_S, Rig


class Panel(asyncio.DatagramProtocol):
    """The other end."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self.wire: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.wire = cast("asyncio.DatagramTransport", transport)  # uvloop's is one without saying so

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard.put_nowait(data)

    async def hear(self) -> bytes:
        return await asyncio.wait_for(self.heard.get(), PATIENCE_S)


@pytest.fixture
async def panel(rig: Rig) -> AsyncIterator[Panel]:
    await rig.udp(limits=Limits(datagrams_under_way=2))
    _, panel = await asyncio.get_running_loop().create_datagram_endpoint(
        Panel, remote_addr=("127.0.0.1", rig.receiver.port or 0)
    )
    yield panel
    panel.wire.close()


async def test_two_datagrams_are_two_exchanges(rig: Rig, panel: Panel) -> None:
    rig.intake.holds = True
    panel.wire.sendto(b"alarm 1\n")
    panel.wire.sendto(b"alarm 2\n")
    await eventually(lambda: len(rig.intake.held) == 2)
    rig.intake.release("2")
    assert await panel.hear() == b"ack 2\n"
    rig.intake.release()
    assert await panel.hear() == b"ack 1\n"


async def test_a_truncated_datagram_is_kept_and_not_joined_with_the_next(rig: Rig, panel: Panel) -> None:
    panel.wire.sendto(b"alar")
    panel.wire.sendto(b"m 1\n")
    panel.wire.sendto(b"alarm 2\n")
    assert await panel.hear() == b"ack 2\n"
    assert [found.raw for found in rig.intake.unknown] == [b"alar", b"m 1"]


async def test_replies_faults_and_bugs(rig: Rig, panel: Panel) -> None:
    for datagram in (b"crash\n", b"wrong-key anna\n", b"bye\n", b"name anna\n", b"", b"time\n"):
        panel.wire.sendto(datagram)
    assert [await panel.hear() for _ in range(3)] == [b"bye\n", b"ack name\n", b"noon\n"]
    assert rig.metric("larm_security_events_total", receiver="rig") == 1
    assert rig.metric("larm_faults_total", receiver="rig", reason="OurBug") == 1


async def test_no_ack_while_the_store_is_away_and_then_again(rig: Rig, panel: Panel) -> None:
    rig.intake.be_away()
    panel.wire.sendto(b"alarm 1\n")
    await eventually(lambda: rig.metric("larm_not_stored_total", receiver="rig", reason="StoreUnavailable") == 1)
    rig.intake.be_well()
    panel.wire.sendto(b"alarm 1\n")
    assert await panel.hear() == b"ack 1\n"
    assert panel.heard.empty()


async def test_work_under_way_is_bounded_and_alarms_have_room_of_their_own(rig: Rig, panel: Panel) -> None:
    rig.enrolled.loaded = False
    rig.intake.holds = True
    for number in range(5):
        panel.wire.sendto(b"position %d\n" % number)
    panel.wire.sendto(b"alarm 9\n")
    await eventually(lambda: rig.intake.held_keys == ["0", "1", "9"])
    assert rig.metric("larm_not_stored_total", receiver="rig", reason="TooManyDatagrams") == 3
    rig.intake.release()
    assert sorted([await panel.hear() for _ in range(3)]) == [b"ack 0\n", b"ack 1\n", b"ack 9\n"]


async def test_stop_while_a_datagram_is_under_way_still_answers_it(rig: Rig, panel: Panel) -> None:
    rig.intake.holds = True
    panel.wire.sendto(b"alarm 1\n")
    await eventually(lambda: rig.intake.held_keys == ["1"])
    stopping = asyncio.ensure_future(rig.receiver.stop())
    await asyncio.sleep(0)
    rig.intake.release()
    assert await panel.hear() == b"ack 1\n"
    await stopping
    assert rig.intake.stored_keys == ["1"]


async def test_a_device_that_we_know_can_be_spoken_to_where_it_was_heard(rig: Rig, panel: Panel) -> None:
    panel.wire.sendto(b"name anna\n")
    panel.wire.sendto(b"name nobody\n")
    assert {await panel.hear(), await panel.hear()} == {b"ack name\n"}
    assert rig.echoes.names() == [("line", "anna")]
    way_back = rig.echoes.line(("line", AccountId("anna")))
    assert way_back is not None
    assert way_back.send(b"where are you?\n")
    assert await panel.hear() == b"where are you?\n"
    way_back.replaced()
    assert not way_back.send(b"")


async def test_another_familys_datagrams_are_kept_under_its_name(rig: Rig, panel: Panel) -> None:
    for datagram in (bytes.fromhex("454C0013CA540866000000000017676703"), b"bad\n", b"alarm 2\n"):
        panel.wire.sendto(datagram)
    assert await panel.hear() == b"ack 2\n"
    assert rig.intake.unknown[0].reason == "a datagram without a whole frame; looks like eelink"
    assert rig.metric("larm_receiver_wrong_family_total", receiver="rig", family="eelink") == 1


async def test_a_flood_from_one_address_is_thrown_away_and_a_device_elsewhere_is_heard(rig: Rig) -> None:
    await rig.udp(limits=Limits(stranger_address_datagrams_per_s=1, address_datagrams_per_s=1))
    anna, eve = await panel_at(rig, "127.0.0.1"), await panel_at(rig, "127.0.0.2")
    for _ in range(20):
        eve.wire.sendto(b"bad\n")
    anna.wire.sendto(b"name anna\nalarm 1\n")
    assert [await anna.hear(), await anna.hear()] == [b"ack name\n", b"ack 1\n"]
    assert rig.metric("larm_faults_total", receiver="rig", reason="ContentError") == 2
    assert rig.metric("larm_faults_total", receiver="rig", reason="TooManyDatagrams") == 18
    for each in (anna, eve):
        each.wire.close()


async def test_addresses_that_are_made_up_use_up_nothing_that_is_an_enrolled_devices(rig: Rig) -> None:
    await rig.udp(limits=Limits(stranger_datagrams_per_s=1))
    anna, *others = [await panel_at(rig, f"127.0.0.{number}") for number in range(1, 8)]
    anna.wire.sendto(b"name anna\nalarm 1\n")
    assert [await anna.hear(), await anna.hear()] == [b"ack name\n", b"ack 1\n"]
    for each in others:
        each.wire.sendto(b"time\n")
    for number in range(10):
        anna.wire.sendto(b"name anna\nalarm %d\n" % number)
    assert [await anna.hear() for _ in range(20)].count(b"ack name\n") == 10
    assert sum(not each.heard.empty() for each in others) <= 1
    for each in (anna, *others):
        each.wire.close()


async def panel_at(rig: Rig, host: str) -> Panel:
    _, panel = await asyncio.get_running_loop().create_datagram_endpoint(
        Panel, local_addr=(host, 0), remote_addr=("127.0.0.1", rig.receiver.port or 0)
    )
    return panel
