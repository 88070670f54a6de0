"""A device on a TCP connection, on good days and bad ones."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from larmcentral.receivers.connection import _State
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.turns import LAST_LEVEL
from tests.fakes.intake import eventually
from tests.fakes.line_protocol import LineConversation
from tests.larmcentral.receivers.rig import NAME, Rig


async def test_an_alarm_is_acked_once_it_is_stored_and_not_before(rig: Rig) -> None:
    await rig.tcp()
    rig.intake.holds = True
    anna = await rig.connect("name anna", "alarm 1")
    assert await anna.hear() == "ack name"
    await eventually(lambda: rig.intake.held_keys == ["1"])
    waiting = asyncio.ensure_future(anna.hear())
    anna.say("time")
    for _ in range(100):
        await asyncio.sleep(0)
    assert not waiting.done()
    rig.intake.release()
    assert await waiting == "ack 1"
    assert await anna.hear() == "noon"
    [arrival] = rig.intake.stored
    assert (arrival.receiver, arrival.raw, arrival.authentic) == (NAME, b"alarm 1", True)


async def test_acks_keep_the_order_of_the_frames_when_the_commits_do_not(rig: Rig) -> None:
    await rig.tcp()
    rig.intake.holds = True
    anna = await rig.connect("name anna", "position 1", "alarm 2", "quiet 3", "alarm 4")
    await eventually(lambda: len(rig.intake.held) == 4)
    rig.intake.release("4", "2")
    await eventually(lambda: rig.intake.stored_keys == ["4", "2"])
    rig.intake.release()
    assert [await anna.hear() for _ in range(4)] == ["ack name", "ack 1", "ack 2", "ack 4"]


async def test_frames_may_be_cut_anywhere(rig: Rig) -> None:
    await rig.tcp()
    anna = await rig.connect()
    for byte in b"name anna\nalarm 1\n":
        anna.send(bytes([byte]))
        await asyncio.sleep(0)
    assert [await anna.hear(), await anna.hear()] == ["ack name", "ack 1"]


@pytest.mark.parametrize("trouble", ["be_away", "be_full"])
async def test_what_is_not_stored_is_not_acked_and_the_repeat_is(rig: Rig, trouble: str) -> None:
    await rig.tcp()
    getattr(rig.intake, trouble)()
    anna = await rig.connect("name anna", "alarm 1")
    assert await anna.hear() == "ack name"
    await eventually(
        lambda: rig.metric("larm_not_stored_total", receiver="rig", reason=type(rig.intake.error).__name__) == 1
    )
    rig.intake.be_well()
    anna.say("alarm 1")
    assert await anna.hear() == "ack 1"
    assert rig.intake.stored_keys == ["1"]


async def test_a_bug_of_intake_is_no_ack_and_no_end_of_the_connection(rig: Rig) -> None:
    await rig.tcp()
    rig.intake.error = KeyError("a bug")
    anna = await rig.connect("name anna", "alarm 1", "time")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "noon"]
    assert rig.metric("larm_not_stored_total", receiver="rig", reason="KeyError") == 1


async def test_a_device_that_is_gone_before_the_commit_has_its_alarm_stored(rig: Rig) -> None:
    served = await rig.tcp()
    rig.intake.holds = True
    anna = await rig.connect("name anna", "alarm 1")
    await eventually(lambda: rig.intake.held_keys == ["1"])
    await anna.leave()
    await eventually(lambda: len(served.crowd) == 0)
    rig.intake.release()
    await eventually(lambda: rig.intake.stored_keys == ["1"] and len(served.tasks) == 0)


async def test_a_device_answering_twice_is_stored_and_acked_twice(rig: Rig) -> None:
    await rig.tcp()
    anna = await rig.connect("name anna", "alarm 1", "alarm 1")
    assert [await anna.hear() for _ in range(3)] == ["ack name", "ack 1", "ack 1"]
    assert rig.intake.stored_keys == ["1", "1"]


async def test_garbage_is_kept_and_counted_and_the_next_frame_is_read(rig: Rig) -> None:
    await rig.tcp()
    anna = await rig.connect("name anna", "gar\x00bage", "alarm 1")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "ack 1"]
    assert [found.raw for found in rig.intake.unknown] == [b"gar\x00bage"]
    assert rig.metric("larm_faults_total", receiver="rig", reason="ContentError") == 1


async def test_a_frame_without_an_end_closes_the_connection(rig: Rig) -> None:
    await rig.tcp()
    stranger = await rig.connect()
    stranger.send(b"x" * 10_000)
    assert await stranger.hear_all() == b""
    assert rig.metric("larm_faults_total", receiver="rig", reason="FrameTooLong") == 1
    assert len(rig.intake.unknown[0].raw) == 4096


async def test_a_fault_that_closes_lets_earlier_answers_out_first(rig: Rig) -> None:
    await rig.tcp()
    rig.intake.holds = True
    anna = await rig.connect("name anna", "alarm 1", "bye")
    await eventually(lambda: rig.intake.held_keys == ["1"])
    rig.intake.release()
    assert await anna.hear_all() == b"ack name\nack 1\nbye\n"


async def test_silence_closes_the_connection(rig: Rig) -> None:
    served = await rig.tcp(lambda now: LineConversation(now, idle=timedelta(milliseconds=60)))
    slow = await rig.connect()
    slow.send(b"alar")
    assert await slow.hear_all() == b""
    assert len(served.crowd) == 0


async def test_a_device_that_speaks_is_not_closed_for_silence(rig: Rig) -> None:
    await rig.tcp(lambda now: LineConversation(now, idle=timedelta(milliseconds=200)))
    anna = await rig.connect("name anna")
    began = rig.clock.monotonic()
    heard = 0
    while rig.clock.monotonic() < began + 0.5:
        anna.say("time")
        heard += 1
        await anna.hear()
    assert heard > 1
    assert (await anna.hear_all()).count(b"noon") == 1, "the last answer, and then idle"


async def test_a_clock_set_back_does_not_keep_a_silent_connection(rig: Rig) -> None:
    clock = rig.clock

    class SetBack:
        monotonic = staticmethod(clock.monotonic)
        sleep = staticmethod(clock.sleep)
        steps = timedelta()

        def now(self) -> datetime:
            return clock.now() - self.steps

    rig.clock = set_back = SetBack()  # type: ignore[assignment]
    await rig.tcp(lambda now: LineConversation(now, idle=timedelta(milliseconds=100)))
    anna = await rig.connect("name anna")
    await anna.hear()
    set_back.steps = timedelta(hours=1)
    assert await anna.hear_all() == b""


async def test_our_bug_costs_one_connection_and_the_bytes_are_kept(rig: Rig) -> None:
    await rig.tcp()
    bo = await rig.connect("name bo")
    anna = await rig.connect("name anna", "crash 1")
    await anna.hear_all()
    assert [found.raw for found in rig.intake.unknown] == [b"name anna\ncrash 1\n"]
    bo.say("alarm 1")
    assert [await bo.hear(), await bo.hear()] == ["ack name", "ack 1"]
    assert rig.metric("larm_faults_total", receiver="rig", reason="OurBug") == 1


async def test_a_sender_with_the_wrong_key_is_a_security_event(rig: Rig) -> None:
    await rig.tcp()
    anna = await rig.connect("name anna", "wrong-key anna", "time")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "noon"]
    assert rig.metric("larm_security_events_total", receiver="rig") == 1


async def test_a_device_that_asks_faster_than_the_store_answers_is_made_to_wait_but_its_alarm_is_not(rig: Rig) -> None:
    await rig.tcp(limits=Limits(under_way=2))
    rig.intake.holds = True
    anna = await rig.connect("name anna", *(f"position {n}" for n in range(5)), "alarm 9")
    await eventually(lambda: sorted(rig.intake.held_keys) == ["0", "1", "9"])
    anna.say("position 5")
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(rig.intake.held) == 3
    rig.intake.release("0", "1", "9")
    await eventually(lambda: rig.intake.held_keys == ["2", "3"])
    rig.intake.release()
    heard = [await anna.hear() for _ in range(8)]
    assert heard == ["ack name", *(f"ack {n}" for n in range(5)), "ack 9", "ack 5"]


async def test_a_device_that_does_not_read_is_not_read_either_and_then_closed(rig: Rig) -> None:
    served = await rig.tcp(lambda now: LineConversation(now, idle=timedelta(milliseconds=300)))
    deaf = await rig.connect(buffer_bytes=4096)
    await eventually(lambda: len(served.crowd) == 1)
    [connection] = served.crowd
    while connection.send(b"hello\n" * 1_000):
        deaf.say("time")
        await asyncio.sleep(0)
    await eventually(lambda: connection._state is not _State.OPEN)
    connection.abort()
    await eventually(lambda: len(served.crowd) == 0)


async def test_five_hundred_connections_leave_nothing_behind(rig: Rig) -> None:
    served = await rig.tcp()
    for _ in range(5):
        devices = await asyncio.gather(*(rig.connect("name anna", "alarm 1") for _ in range(100)))
        await asyncio.gather(*(device.leave() for device in devices))
        await eventually(lambda: len(served.crowd) == 0)
    await eventually(lambda: len(served.tasks) == 0)
    assert len(rig.sessions) == 0
    assert not served.crowd._per_address
    assert rig.metric("larm_open_connections", receiver="rig") == 0
    assert rig.metric("larm_connected_devices", receiver="rig") == 0


async def test_too_many_connections_are_refused_and_counted(rig: Rig) -> None:
    served = await rig.tcp(limits=Limits(connections=2))
    first, second = await rig.connect("name anna"), await rig.connect("name bo")
    assert [await first.hear(), await second.hear()] == ["ack name", "ack name"]
    third = await rig.connect("time")
    assert await third.hear_all() == b""
    assert rig.metric("larm_connections_refused_total", receiver="rig", reason="all") == 1
    await first.leave()
    await eventually(lambda: len(served.crowd) == 1)
    fourth = await rig.connect("time")
    assert await fourth.hear() == "noon"


async def test_one_address_has_its_own_limit(rig: Rig) -> None:
    await rig.tcp(limits=Limits(connections_per_address=1))
    first = await rig.connect("name anna")
    assert await first.hear() == "ack name"
    second = await rig.connect("time")
    assert await second.hear_all() == b""
    assert rig.metric("larm_connections_refused_total", receiver="rig", reason="address") == 1


async def test_who_nobody_knows_is_heard_first_once_and_an_enrolled_device_again_and_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = await rig.tcp()
    turns, levels = served.reception.turns, list[int]()
    ask = turns.ask
    monkeypatch.setattr(turns, "ask", lambda speaker, level: (levels.append(level), ask(speaker, level)))
    for name, expected in (("anna", [False, False, False]), ("eve", [False, True, True])):
        levels.clear()
        device = await rig.connect(f"name {name}")
        assert await device.hear() == "ack name"
        for _ in range(2):
            device.say("time")
            assert await device.hear() == "noon"
        assert [level == LAST_LEVEL for level in levels] == expected
