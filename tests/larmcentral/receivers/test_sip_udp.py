"""SCAIP over UDP, on real sockets."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from larmcentral.receivers import sip_udp
from protocols.conversation import Account
from protocols.errors import LocalProtocolError
from protocols.orders import Reassure
from protocols.scaip.messages import Mrq
from protocols.scaip.transmitter import Again, Answered, Carried, HeardDown, LocalUnit
from protocols.signal import AccountId, SignalKind
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Rig
from tests.larmcentral.receivers.scaip_rig import UDP, heard, listen
from tests.larmcentral.receivers.test_udp import Panel

NAME = AccountId("678")
PROVEN = Account(NAME, secret=b"hemligt")
HOLDING = Account(NAME, options={"hold": "until-taken"})
PRESS = Mrq(ref="1", cid="678", dty="0003")


class Unit:
    """One unit on a socket of its own."""

    def __init__(self, rig: Rig, wire: Panel, password: bytes | None) -> None:
        self.rig, self.wire = rig, wire
        self.unit = LocalUnit("678", draw=os.urandom, password=password, transport="UDP")

    async def hear(self) -> HeardDown:
        """Return what comes next, and prove or confirm what it asks for."""
        (found,) = self.unit.receive(await self.wire.hear(), self.rig.clock.now())
        if isinstance(found, Again):
            self.wire.wire.sendto(found.data)
            return await self.hear()
        if isinstance(found, Answered) and found.reply:
            self.wire.wire.sendto(found.reply)
        return found

    def say(self, mrq: Mrq) -> bytes:
        said = self.unit.tell(mrq)
        self.wire.wire.sendto(said)
        return said


async def unit(rig: Rig, password: bytes | None = None) -> Unit:
    _, wire = await asyncio.get_running_loop().create_datagram_endpoint(
        Panel, remote_addr=("127.0.0.1", rig.receiver.port or 0)
    )
    return Unit(rig, wire, password)


@pytest.fixture
async def units(rig: Rig) -> AsyncIterator[list[Unit]]:
    opened: list[Unit] = []
    yield opened
    for each in opened:
        each.wire.wire.close()


async def test_a_unit_proves_itself_is_stored_and_hears_200_and_mrs_as_two_datagrams(
    rig: Rig, units: list[Unit]
) -> None:
    await listen(rig, UDP, [PROVEN])
    units.append(device := await unit(rig, b"hemligt"))
    device.say(PRESS)
    assert isinstance(await device.hear(), Carried)
    assert isinstance(await device.hear(), Answered)
    assert [signal.kind for signal in heard(rig)] == [SignalKind.PANIC]


async def test_a_lost_answer_is_sent_again_without_being_asked(rig: Rig, units: list[Unit]) -> None:
    await listen(rig, UDP, [Account(NAME)])
    units.append(device := await unit(rig))
    said = device.say(PRESS)
    answer, message = await device.wire.hear(), await device.wire.hear()
    assert await device.wire.hear() == message, "after half a second, since nobody confirmed it"
    device.wire.wire.sendto(said)
    assert await device.wire.hear() == answer
    assert len(heard(rig)) == 1


async def test_a_held_unit_is_told_when_a_person_has_taken_it(rig: Rig, units: list[Unit]) -> None:
    await listen(rig, UDP, [HOLDING])
    units.append(device := await unit(rig))
    device.say(PRESS)
    await device.hear()
    await device.hear()
    line = rig.echoes.line(("line", NAME))
    assert line is not None
    conversation = line.conversation
    assert isinstance(conversation, sip_udp.OneUnit)
    (frame,) = conversation.order(Reassure("tagen"), rig.clock.now())
    assert line.send(frame)
    taken = await device.hear()
    assert isinstance(taken, Answered)
    assert taken.mrs.ste == "tagen"
    line.replaced()
    with pytest.raises(LocalProtocolError):
        conversation.ack(None, rig.clock.now())  # type: ignore[arg-type]


async def test_while_the_store_is_away_a_unit_hears_503_and_no_mrs(rig: Rig, units: list[Unit]) -> None:
    await listen(rig, UDP, [Account(NAME)])
    units.append(device := await unit(rig))
    rig.intake.be_away()
    device.say(PRESS)
    assert (await device.wire.hear()).startswith(b"SIP/2.0 503 ")
    rig.intake.be_well()
    device.say(PRESS)
    assert isinstance(await device.hear(), Carried)


async def test_a_stranger_cannot_be_spoken_to_and_his_alarm_is_kept_as_unproven(rig: Rig, units: list[Unit]) -> None:
    await listen(rig, UDP, [PROVEN])
    units.append(device := await unit(rig, b"fel"))
    device.say(PRESS)
    await device.hear()
    await eventually(lambda: [arrival.authentic for arrival in rig.intake.stored] == [False])
    assert rig.echoes.line(("line", NAME)) is None
    assert rig.metric("larm_security_events_total", receiver="rig") >= 1


async def test_so_many_addresses_are_remembered_and_no_more(
    rig: Rig, units: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sip_udp, "MAX_PEERS", 2)
    await listen(rig, UDP, [Account(NAME)])
    for _ in range(4):
        units.append(device := await unit(rig))
        device.say(PRESS)
        assert isinstance(await device.hear(), Carried)
    served = rig.receiver._serves
    assert isinstance(served, sip_udp.SipUdpReceiver)
    assert len(served._peers) == 2
    await rig.receiver.stop()
    assert len(served._peers) == 0


async def test_an_address_that_nobody_knows_is_forgotten_before_that_of_a_unit(
    rig: Rig, units: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sip_udp, "MAX_PEERS", 3)
    await listen(rig, UDP, [PROVEN])
    units.append(ours := await unit(rig, b"hemligt"))
    ours.say(PRESS)
    assert isinstance(await ours.hear(), Carried)
    for _ in range(5):
        units.append(stranger := await unit(rig))
        stranger.wire.wire.sendto(b"OPTIONS sip:a@b SIP/2.0\r\n\r\n")
    served = rig.receiver._serves
    assert isinstance(served, sip_udp.SipUdpReceiver)
    await eventually(lambda: rig.metric("larm_faults_total", receiver="rig", reason="ContentError") == 5)
    assert ours.wire.wire.get_extra_info("sockname") in served._peers
    assert len(served._peers) == 3


async def test_a_port_for_sip_knows_a_wearable_when_it_hears_one(rig: Rig, units: list[Unit]) -> None:
    await listen(rig, UDP, [PROVEN])
    stranger = await unit(rig)
    units.append(stranger)
    stranger.wire.wire.sendto(b"*HQ,8660000017,V1,050607,A#")
    await eventually(lambda: rig.metric("larm_receiver_wrong_family_total", receiver="rig", family="h02") == 1)
    await eventually(lambda: len(rig.intake.unknown) >= 1)
    assert rig.intake.unknown[0].reason.endswith("looks like h02")
