"""SCAIP over TCP and TLS, on real sockets."""

from __future__ import annotations

import asyncio
import os
import ssl
from pathlib import Path

from protocols.conversation import Account
from protocols.orders import Reassure
from protocols.scaip.conversation import ScaipConversation
from protocols.scaip.messages import Mrq
from protocols.scaip.transmitter import Again, Answered, Carried, HeardDown, LocalUnit, Registered
from protocols.signal import AccountId, SignalKind
from tests.larmcentral.receivers.rig import Device, Rig
from tests.larmcentral.receivers.scaip_rig import TCP, heard, listen
from tests.larmcentral.receivers.test_build import TWISTED_USES_OLD_PYOPENSSL, certify

NAME = AccountId("678")
PRESS = Mrq(ref="1", cid="678", dty="0003")


async def hear(rig: Rig, wire: Device, device: LocalUnit) -> HeardDown:
    """Return what comes next, and prove or confirm what it asks for."""
    while True:
        for found in device.receive(await wire.read(1), rig.clock.now()):
            if isinstance(found, Again):
                wire.send(found.data)
                continue
            if isinstance(found, Answered):
                wire.send(found.reply)
            return found


@TWISTED_USES_OLD_PYOPENSSL
async def test_a_unit_registers_over_tls_and_hears_our_message_on_the_same_connection(rig: Rig, tmp_path: Path) -> None:
    key_file, certificate_file = certify(tmp_path)
    at = f"{TCP.replace('tcp:', 'ssl:')}:privateKey={key_file}:certKey={certificate_file}"
    port = await listen(rig, at, [Account(NAME, secret=b"hemligt")])
    trust = ssl.create_default_context(cafile=certificate_file)
    wire = Device(*await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname="larm.test"))
    device = LocalUnit("678", draw=os.urandom, password=b"hemligt", transport="TLS")
    wire.send(device.register())
    assert isinstance(await hear(rig, wire, device), Registered)
    wire.send(device.tell(PRESS))
    assert isinstance(await hear(rig, wire, device), Carried)
    answered = await hear(rig, wire, device)
    assert isinstance(answered, Answered)
    assert b"Via: SIP/2.0/TLS " in answered.raw
    assert [signal.kind for signal in heard(rig)] == [SignalKind.HEARTBEAT, SignalKind.PANIC]
    await wire.left()


async def test_a_unit_is_told_where_it_comes_from_and_is_reached_on_its_connection(rig: Rig) -> None:
    await listen(rig, TCP, [Account(NAME, options={"hold": "until-taken"})])
    wire = await rig.connect()
    device = LocalUnit("678", draw=os.urandom)
    wire.send(b"\r\n\r\n")
    assert await wire.read(2) == b"\r\n"
    wire.send(device.tell(PRESS))
    carried = await hear(rig, wire, device)
    assert b";received=127.0.0.1;rport=" in carried.raw
    await hear(rig, wire, device)
    line = rig.sessions.line(("line", NAME))
    assert line is not None
    assert isinstance(line.conversation, ScaipConversation)
    for frame in line.conversation.order(Reassure("tagen"), rig.clock.now()):
        assert line.send(frame)
    taken = await hear(rig, wire, device)
    assert isinstance(taken, Answered)
    assert taken.mrs.ste == "tagen"
