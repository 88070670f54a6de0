"""What becomes of devices that are not enrolled, or cannot prove it."""

from __future__ import annotations

from larmcentral.receivers.allowance import Allowance, Allowances, OnceIn
from larmcentral.receivers.limits import Limits
from tests.larmcentral.receivers.rig import Rig


async def test_an_alarm_of_an_unknown_device_is_stored_and_acked(rig: Rig) -> None:
    await rig.tcp()
    eve = await rig.connect("name eve", "alarm 1")
    assert [await eve.hear(), await eve.hear()] == ["ack name", "ack 1"]
    assert rig.intake.stored_keys == ["1"]
    assert rig.metric("larm_unknown_devices_total", receiver="rig", what="alarm") == 1


async def test_an_alarm_before_any_name_is_stored_and_acked(rig: Rig) -> None:
    await rig.tcp()
    nameless = await rig.connect("alarm 1")
    assert await nameless.hear() == "ack 1"


async def test_an_alarm_without_proof_is_stored_acked_and_a_security_event(rig: Rig) -> None:
    await rig.tcp()
    anna = await rig.connect("name anna", "forged 1")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "ack 1"]
    assert [arrival.authentic for arrival in rig.intake.stored] == [False]
    assert rig.metric("larm_security_events_total", receiver="rig") == 1


async def test_telemetry_of_an_unknown_device_is_refused_and_kept_once(rig: Rig) -> None:
    await rig.tcp()
    eve = await rig.connect("name eve", "position 1", "position 2")
    assert [await eve.hear() for _ in range(3)] == ["ack name", "who 1", "who 2"]
    assert rig.intake.stored == []
    assert [found.raw for found in rig.intake.unknown] == [b"position 1"]
    assert rig.metric("larm_unknown_devices_total", receiver="rig", what="telemetry") == 2


async def test_alarms_of_unknown_devices_have_a_limit_and_the_rest_is_kept(rig: Rig) -> None:
    await rig.tcp(limits=Limits(unknown_alarms_burst=2, unknown_alarms_per_minute=1))
    eve = await rig.connect("name eve", "alarm 1", "alarm 2", "alarm 3", "time")
    assert [await eve.hear() for _ in range(4)] == ["ack name", "ack 1", "ack 2", "noon"]
    assert [found.raw for found in rig.intake.unknown] == [b"alarm 3"]
    assert rig.metric("larm_unknown_devices_total", receiver="rig", what="alarm_refused") == 1
    anna = await rig.connect("name anna", "alarm 4", "forged 5")
    assert [await anna.hear() for _ in range(3)] == ["ack name", "ack 4", "ack 5"], "strangers do not use up hers"


async def test_one_address_cannot_use_up_what_all_strangers_have(rig: Rig) -> None:
    await rig.tcp(limits=Limits(stranger_alarms_per_address=1))
    eve = await rig.connect("alarm 1", "alarm 2", "time")
    assert [await eve.hear(), await eve.hear()] == ["ack 1", "noon"]


async def test_before_the_devices_are_read_nobody_is_a_stranger(rig: Rig) -> None:
    rig.enrolled.loaded = False
    await rig.tcp()
    eve = await rig.connect("name eve", "position 1")
    assert [await eve.hear(), await eve.hear()] == ["ack name", "ack 1"]


def test_an_allowance_fills_up_again_and_not_beyond_its_burst() -> None:
    allowance = Allowance(per_minute=60, burst=2, now_s=0.0)
    assert [allowance.grant(0.0) for _ in range(3)] == [True, True, False]
    assert [allowance.grant(1.0), allowance.grant(1.0)] == [True, False]
    assert [allowance.grant(1000.0) for _ in range(3)] == [True, True, False]
    assert not allowance.grant(999.0), "a clock that went back grants nothing"


def test_allowances_remember_so_many_and_no_more() -> None:
    allowances = Allowances(per_minute=1, burst=1, most=2)
    assert [allowances.grant(key, 0.0) for key in ("a", "a", "b", "a", "c")] == [True, False, True, False, True]
    assert len(allowances) == 2
    assert allowances.grant("b", 0.0), "forgotten, for it was not heard for longest"


def test_once_in_an_hour_is_once_for_each() -> None:
    once = OnceIn(every_s=3600, most=2)
    assert [once.grant(key, 0.0) for key in ("a", "a", "b")] == [True, False, True]
    assert [once.grant("a", 3599.0), once.grant("a", 3600.0)] == [False, True]
    once.grant("c", 3600.0)
    assert len(once) == 2
