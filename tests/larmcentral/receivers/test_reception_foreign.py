"""A port that hears another family's language says so: once in the log, each time in the metrics."""

from __future__ import annotations

import structlog
from structlog.testing import capture_logs

from larmcentral.receivers.limits import Limits
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Rig

GT06_LOG_IN = bytes.fromhex("787811010866000000000017360200000001469D0D0A")


def counted(rig: Rig, family: str) -> float:
    return rig.metric("larm_receiver_wrong_family_total", receiver="rig", family=family)


async def test_it_is_logged_once_an_hour_a_family_and_counted_each_time(rig: Rig) -> None:
    structlog.reset_defaults()
    reception = rig.reception(Limits())
    with capture_logs() as logs:
        for _ in range(3):
            assert reception.foreign(GT06_LOG_IN) == "gt06"
        assert reception.foreign(b"GET / HTTP/1.1") == "osmand or owntracks"
        assert reception.foreign(b"nobody's") == ""
    assert [line["heard"] for line in logs if line["event"] == "wrong_family"] == ["gt06", "osmand or owntracks"]
    assert (counted(rig, "gt06"), counted(rig, "osmand or owntracks")) == (3, 1)


async def test_bytes_that_were_never_understood_are_kept_under_the_name_of_their_family(rig: Rig) -> None:
    await rig.tcp()
    stranger = await rig.connect()
    stranger.send(b"*HQ,8660000017,bad\nbad\n")
    stranger.send(b"bad\n")
    await eventually(lambda: len(rig.intake.unknown) >= 2)
    assert [found.reason.partition("; ")[2] for found in rig.intake.unknown][:2] == ["looks like h02", ""]
    assert counted(rig, "h02") == 1


async def test_a_device_that_was_understood_once_is_of_the_family_whatever_it_says_later(rig: Rig) -> None:
    await rig.tcp()
    anna = await rig.connect("name anna")
    assert await anna.hear() == "ack name"
    anna.send(b"*HQ,bad\nbad\n")
    await eventually(lambda: len(rig.intake.unknown) >= 1)
    assert "looks like" not in rig.intake.unknown[0].reason
    assert counted(rig, "h02") == 0


async def test_a_stranger_who_hangs_up_in_the_middle_is_counted_too(rig: Rig) -> None:
    await rig.tcp()
    stranger = await rig.connect()
    stranger.send(GT06_LOG_IN[:-2])
    await eventually(lambda: rig.metric("larm_open_connections", receiver="rig") == 1)
    await stranger.leave()
    await eventually(lambda: counted(rig, "gt06") == 1)


async def test_a_port_for_phones_knows_a_wearable_when_it_hears_one(rig: Rig) -> None:
    await rig.http()
    stranger = await rig.connect()
    stranger.send(b"+RESP:GTSOS,1A0800,866000000000017$\r\n\r\n")
    await stranger.hear_all()
    assert counted(rig, "gl200") == 1
