"""Ports that open and close, in any order, while things are under way."""

from __future__ import annotations

import asyncio
import socket

import pytest

from larmcentral.endpoint import parse_endpoint
from larmcentral.receivers.listening import CannotListen, Receiver
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Rig


async def test_start_and_stop_in_any_order_and_twice(rig: Rig) -> None:
    await rig.tcp()
    receiver = rig.receiver
    first = receiver.port
    assert first
    await receiver.start()
    assert receiver.port == first
    await asyncio.gather(receiver.stop(), receiver.stop(), receiver.start())
    for _ in range(2):
        await receiver.stop()
        assert receiver.port is None
    await receiver.start()
    anna = await rig.connect("name anna", "alarm 1")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "ack 1"]


async def test_a_receiver_that_never_started_stops(rig: Rig) -> None:
    served = await rig.tcp()
    other = Receiver(name="other", reactor=rig.reactor, endpoint=parse_endpoint("tcp:port=0"), serves=served)
    await other.stop()


async def test_a_port_in_use_is_said_in_words(rig: Rig) -> None:
    served = await rig.tcp()
    taken = parse_endpoint(f"tcp:port={rig.receiver.port}:interface=127.0.0.1")
    other = Receiver(name="other", reactor=rig.reactor, endpoint=taken, serves=served)
    with pytest.raises(
        CannotListen, match=rf"receiver other: TCP port {rig.receiver.port} on 127\.0\.0\.1 cannot be opened: "
    ):
        await other.start()
    assert other.port is None


async def test_a_udp_port_in_use_is_said_in_words(rig: Rig) -> None:
    served = await rig.udp()
    taken = parse_endpoint(f"udp:port={rig.receiver.port}:interface=127.0.0.1")
    other = Receiver(name="other", reactor=rig.reactor, endpoint=taken, serves=served)
    with pytest.raises(CannotListen, match="receiver other: UDP port"):
        await other.start()


async def test_a_missing_key_file_is_said_in_words(rig: Rig) -> None:
    served = await rig.tcp()
    tls = parse_endpoint("ssl:port=0:privateKey=/nowhere/key.pem")
    other = Receiver(name="other", reactor=rig.reactor, endpoint=tls, serves=served)
    with pytest.raises(CannotListen, match=r"needs the file /nowhere/key\.pem"):
        await other.start()


async def test_stop_lets_arrivals_under_way_be_stored_and_acked(rig: Rig) -> None:
    served = await rig.tcp()
    rig.intake.holds = True
    anna, idle = await rig.connect("name anna", "alarm 1"), await rig.connect("time")
    assert await idle.hear() == "noon"
    await eventually(lambda: rig.intake.held_keys == ["1"])
    stopping = asyncio.ensure_future(rig.receiver.stop())
    assert await idle.hear_all() == b""
    anna.say("alarm 2")
    rig.intake.release()
    assert await anna.hear_all() == b"ack name\nack 1\n"
    await stopping
    assert (len(served.crowd), len(served.tasks), rig.intake.stored_keys) == (0, 0, ["1"])


async def test_stop_does_not_wait_for_ever(rig: Rig) -> None:
    served = await rig.tcp(stop_within_s=0.05)
    rig.intake.holds = True
    anna = await rig.connect("name anna", "alarm 1")
    assert await anna.hear() == "ack name"
    await eventually(lambda: rig.intake.held_keys == ["1"])
    await rig.receiver.stop()
    assert await anna.hear_all() == b"", "no ack for what was not stored"
    assert (len(served.crowd), len(served.tasks), rig.intake.stored) == (0, 0, [])


async def test_a_closed_port_takes_no_more(rig: Rig) -> None:
    await rig.tcp()
    port = rig.receiver.port
    assert port is not None
    await rig.receiver.stop()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
