"""Which connection a device is reached on."""

from __future__ import annotations

from larmcentral.receivers.limits import Limits
from larmcentral.receivers.sessions import Sessions
from protocols.conversation import Conversation
from protocols.signal import AccountId
from tests.fakes.intake import eventually
from tests.fakes.line_protocol import LineConversation
from tests.larmcentral.receivers.rig import Rig

ANNA = AccountId("anna")
BO = AccountId("bo")


def send(sessions: Sessions, protocol: str, device: AccountId, data: bytes) -> bool:
    line = sessions.line((protocol, device))
    return line is not None and line.send(data)


class FakeLine:
    def __init__(self) -> None:
        self.closed = 0
        self.sent: list[bytes] = []

    @property
    def conversation(self) -> Conversation:
        raise NotImplementedError

    def send(self, data: bytes) -> bool:
        self.sent.append(data)
        return True

    def replaced(self) -> None:
        self.closed += 1


async def test_a_newer_connection_of_a_device_replaces_the_older(rig: Rig) -> None:
    served = await rig.tcp()
    old = await rig.connect("name anna")
    assert await old.hear() == "ack name"
    new = await rig.connect("name anna")
    assert await new.hear() == "ack name"
    assert await old.hear_all() == b""
    await eventually(lambda: len(served.crowd) == 1)
    assert rig.metric("larm_connections_replaced_total", receiver="rig") == 1
    assert send(rig.sessions, "line", ANNA, b"hello\n")
    assert await new.hear() == "hello"


async def test_what_the_older_connection_was_owed_is_still_sent(rig: Rig) -> None:
    await rig.tcp()
    rig.intake.holds = True
    old = await rig.connect("name anna", "alarm 1")
    await eventually(lambda: rig.intake.held_keys == ["1"])
    new = await rig.connect("name anna")
    assert await new.hear() == "ack name"
    rig.intake.release()
    assert await old.hear_all() == b"ack name\nack 1\n"


async def test_a_device_without_a_connection_cannot_be_reached(rig: Rig) -> None:
    served = await rig.tcp()
    anna = await rig.connect("name anna")
    await anna.hear()
    line = rig.sessions.line(("line", ANNA))
    assert line is not None
    assert isinstance(line.conversation, LineConversation)
    assert rig.metric("larm_connected_devices", receiver="rig") == 1
    await anna.leave()
    await eventually(lambda: len(served.crowd) == 0)
    assert not send(rig.sessions, "line", ANNA, b"hello\n")
    assert rig.sessions.line(("line", ANNA)) is None


async def test_a_downlink_waits_for_the_answers_before_it(rig: Rig) -> None:
    await rig.tcp()
    rig.intake.holds = True
    anna = await rig.connect("name anna", "alarm 1")
    await eventually(lambda: rig.intake.held_keys == ["1"])
    assert send(rig.sessions, "line", ANNA, b"hello\n")
    rig.intake.release()
    assert [await anna.hear() for _ in range(3)] == ["ack name", "ack 1", "hello"]


async def test_a_gateway_speaks_for_several_and_only_so_many(rig: Rig) -> None:
    await rig.tcp(limits=Limits(devices_per_connection=2))
    gateway = await rig.connect("name anna", "name bo", "name cia")
    assert [await gateway.hear() for _ in range(3)] == ["ack name"] * 3
    assert not send(rig.sessions, "line", ANNA, b"x")
    assert send(rig.sessions, "line", BO, b"hello\n")


def test_a_line_is_closed_when_the_last_of_its_devices_has_moved() -> None:
    sessions, gateway, own = Sessions(), FakeLine(), FakeLine()
    sessions.arrive("line", ANNA, gateway)
    sessions.arrive("line", BO, gateway)
    sessions.arrive("line", ANNA, gateway)
    sessions.arrive("line", ANNA, own)
    assert gateway.closed == 0
    sessions.arrive("line", BO, own)
    assert (gateway.closed, own.closed, len(sessions)) == (1, 0, 2)
    sessions.leave(gateway)
    sessions.leave(own)
    sessions.leave(own)
    assert len(sessions) == 0


def test_the_same_name_on_two_protocols_is_two_devices() -> None:
    sessions, one, other = Sessions(), FakeLine(), FakeLine()
    sessions.arrive("line", ANNA, one)
    sessions.arrive("curve", ANNA, other)
    assert send(sessions, "curve", ANNA, b"x")
    assert (one.sent, other.sent, one.closed) == ([], [b"x"], 0)
