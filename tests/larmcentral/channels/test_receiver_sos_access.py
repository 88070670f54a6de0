"""A case to a centre over a real socket, and back as an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.peers.credentials import Credentials
from devices.peers.orders import Order
from devices.peers.sos_access_centre import Centre
from devices.peers.sos_access_server import SosAccessServer
from larmcentral.channels.receiver_path import PathAnswer, PathResult, ReceiverPath
from larmcentral.channels.receiver_sos_access import MISSED_PAUSE, REFUSED_PAUSE, SosAccessPath
from larmcentral.domain.notice import Probe
from protocols.sos_access.codec import parse
from protocols.sos_access.codes import LEVELS
from tests.fakes.bad_server import closed_port
from tests.fakes.settable_clock import SettableClock
from tests.larmcentral.channels.sos_access_support import GIVEN, NOW, account, handover, row, settings
from tests.larmcentral.channels.support import running


@pytest.fixture
async def centre(loop_faults: list[dict[str, Any]]) -> AsyncIterator[SosAccessServer]:
    server = SosAccessServer(None, centre=Centre(account()))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def path(centre: SosAccessServer) -> AsyncIterator[SosAccessPath]:
    async with running(SosAccessPath(settings(centre.port), SettableClock(NOW), None)) as made:
        yield made


def payloads(centre: SosAccessServer) -> list[Any]:
    return [received.payload for received in centre.record]


async def test_an_alarm_arrives_as_it_was_meant(path: SosAccessPath, centre: SosAccessServer) -> None:
    as_a_port: ReceiverPath = path
    assert await as_a_port.hand_over(handover()) == PathAnswer(PathResult.TOOK, "0 OK: taken")
    (received,) = centre.record
    assert (received.notice_id, received.address, received.status) == ("7KQ2-M9XD-1", "4711", 0)
    assert received.payload == {
        "root": "AlarmRequest",
        "reference": "7KQ2-M9XD-1",
        "receiver": "LARM",
        "transmitter_type": "SV300",
        "transmitter_code": "4711",
        "transmitter_time": "2026-11-22 14:02:03.450",
        "transmitter_area": "1",
        "event_code": "PA",
        "alarm_type": "AL",
        "section": "7",
        "section_text": "Hemtjänst Öst",
        "detector": "17",
        "detector_text": "Anna Åkesson",
        "additional_info": (
            "Överfallslarm\nStorgatan 5, 2 tr\n"
            "Position WGS84 59.32930, 18.06860, osäkerhet 12 m, 45 s gammal\n"
            "geo:59.329300,18.068600;u=12"
        ),
    }


async def test_a_repeat_is_taken_and_said_to_be_one_and_a_restore_is_news(
    path: SosAccessPath, centre: SosAccessServer
) -> None:
    first, again = await path.hand_over(handover()), await path.hand_over(handover())
    restore = await path.hand_over(handover(restore=True))
    assert (first.result, again.result, restore.result) == (PathResult.TOOK,) * 3
    assert "the centre had it already" in again.words
    assert restore.words == "0 OK: taken"
    assert [payload["alarm_type"] for payload in payloads(centre)] == ["AL", "AL", "RE"]


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (0, PathResult.TOOK),
        (10, PathResult.TOOK),
        (4, PathResult.UNAUTHORISED),
        (6, PathResult.UNAUTHORISED),
        (5, PathResult.UNREACHED),
        (8, PathResult.UNREACHED),
        (9, PathResult.UNREACHED),
        (98, PathResult.UNREACHED),
        (99, PathResult.UNREACHED),
        (101, PathResult.UNREACHED),
        (12_345, PathResult.UNREACHED),
    ],
)
async def test_every_status_has_a_meaning_and_costs_one_request(
    path: SosAccessPath, centre: SosAccessServer, status: int, result: PathResult
) -> None:
    centre.orders.for_next(Order(status=status, reason="Något"))
    answer = await path.hand_over(handover())
    assert answer.result is result
    assert answer.words.startswith(str(status))
    assert "Något" in answer.words
    assert len(centre.record) == 1


@pytest.mark.parametrize("status", [1, 2, 3, 7, 100])
async def test_fault_found_with_the_message_has_it_sent_once_more_with_the_mandatory_fields_only(
    path: SosAccessPath, centre: SosAccessServer, status: int
) -> None:
    centre.orders.for_next(Order(status=status, reason="Fel"))
    answer = await path.hand_over(handover())
    assert (answer.result, answer.minimal) == (PathResult.TOOK, True)
    assert answer.words.startswith(f"{status} ")
    assert answer.words.endswith("without texts: 0 OK: taken")
    assert payloads(centre)[1] == {
        "root": "AlarmRequest",
        "receiver": "LARM",
        "transmitter_type": "SV300",
        "transmitter_code": "4711",
        "event_code": "PA",
    }


async def test_a_shortest_form_that_the_centre_knows_may_be_somebody_elses_alarm(
    path: SosAccessPath, centre: SosAccessServer
) -> None:
    centre.orders.for_next(Order(status=1))
    centre.orders.for_next(Order(status=10))
    answer = await path.hand_over(handover())
    assert (answer.result, answer.minimal) == (PathResult.UNREACHED, False)
    assert answer.words.endswith("without texts it cannot be told from another case of ours")


async def test_a_restore_in_its_shortest_form_is_still_a_restore(path: SosAccessPath, centre: SosAccessServer) -> None:
    centre.orders.for_next(Order(status=3))
    await path.hand_over(handover(restore=True))
    assert [payload["alarm_type"] for payload in payloads(centre)] == ["RE", "RE"]


@pytest.mark.parametrize(
    ("second", "result"),
    [(1, PathResult.UNFIT), (4, PathResult.UNAUTHORISED), (5, PathResult.UNREACHED)],
)
async def test_the_shortest_form_can_fail_too(
    path: SosAccessPath, centre: SosAccessServer, second: int, result: PathResult
) -> None:
    centre.orders.for_next(Order(status=1))
    centre.orders.for_next(Order(status=second))
    answer = await path.hand_over(handover())
    assert (answer.result, answer.minimal) == (result, False)
    assert len(centre.record) == 2


async def test_a_test_is_never_sent_without_its_mark(path: SosAccessPath, centre: SosAccessServer) -> None:
    centre.orders.for_next(Order(status=1))
    answer = await path.hand_over(handover(test=True))
    assert answer.result is PathResult.UNFIT
    assert [payload["additional_info"][:11] for payload in payloads(centre)] == ["PROV / TEST"]


async def test_a_row_without_a_code_is_unfit_and_nothing_is_sent(path: SosAccessPath, centre: SosAccessServer) -> None:
    assert (await path.hand_over(handover(row=row(event_code="")))).result is PathResult.UNFIT
    assert centre.connections_made == 0


async def test_a_wrong_password_is_said_without_showing_it_and_tried_once(centre: SosAccessServer) -> None:
    wrong = "Wrong-password!"
    centre.orders.for_next(Order(status=4, reason=f"{wrong} is wrong"))
    async with running(SosAccessPath(settings(centre.port, password=wrong), SettableClock(NOW), None)) as path:
        first, second = await path.hand_over(handover()), await path.hand_over(handover())
    assert first == PathAnswer(PathResult.UNAUTHORISED, "4 NOT_AUTHORIZED: … is wrong")
    assert second.result is PathResult.UNAUTHORISED
    assert len(centre.record) == 2


@pytest.mark.parametrize(("level", "seconds"), [(None, None), (1, 30_000), (2, 6_000), (3, 60), (4, 30)])
def test_the_heart_beats_three_times_in_the_levels_time(level: int | None, seconds: float | None) -> None:
    path = SosAccessPath(settings(1, level=level), SettableClock(NOW), None)
    assert path.beat_every == (None if seconds is None else timedelta(seconds=seconds))


async def test_a_heartbeat_is_heard(path: SosAccessPath, centre: SosAccessServer) -> None:
    assert await path.heartbeat() == PathAnswer(PathResult.TOOK, "0 OK: heard")
    assert payloads(centre) == [{"root": "PingRequest", "transmitter_type": "SV300", "transmitter_code": "4711"}]


async def test_heartbeats_that_nobody_ordered_stop_and_say_what_to_do(
    path: SosAccessPath, centre: SosAccessServer
) -> None:
    centre.centre.account.level = None
    answer = await path.heartbeat()
    assert answer.result is PathResult.UNFIT
    assert "order it there" in answer.words
    assert path.beat_every is None
    assert (await path.heartbeat()).result is PathResult.UNFIT
    assert len(centre.record) == 1
    assert (await path.hand_over(handover())).result is PathResult.TOOK
    await path.stop()
    await path.start()
    assert path.beat_every == timedelta(seconds=30)


async def test_a_centre_that_hears_us_too_often_is_told_less_often_and_still_twice_in_the_levels_time(
    path: SosAccessPath, centre: SosAccessServer
) -> None:
    answers = [await path.heartbeat() for _ in range(7)]
    assert [answer.result for answer in answers] == [PathResult.TOOK] * 7
    assert "less often" in answers[-1].words
    assert path.beat_every == timedelta(seconds=40)
    centre.orders.for_next(Order(status=0))
    await path.heartbeat()
    assert path.beat_every == timedelta(seconds=30)


async def test_a_refused_heartbeat_does_not_hammer(path: SosAccessPath, centre: SosAccessServer) -> None:
    centre.orders.for_next(Order(status=4))
    assert (await path.heartbeat()).result is PathResult.UNAUTHORISED
    assert path.beat_every == REFUSED_PAUSE
    await path.heartbeat()
    assert path.beat_every == timedelta(seconds=30)


@pytest.mark.parametrize(("level", "seconds"), [(1, 30_000), (2, 6_000), (3, 60)])
async def test_a_missed_heartbeat_is_repeated_soon_and_once_so_that_six_in_the_levels_time_are_the_most(
    level: int, seconds: float
) -> None:
    usual = timedelta(seconds=seconds)
    nobody = settings(closed_port(), level=level)
    async with running(SosAccessPath(nobody, SettableClock(NOW), None)) as path:
        pauses = []
        for _ in range(4):
            assert (await path.heartbeat()).result is PathResult.UNREACHED
            pauses.append(path.beat_every)
    assert pauses == [min(MISSED_PAUSE, usual), usual] * 2
    assert sum((usual, MISSED_PAUSE), timedelta()) * 3 >= LEVELS[level], "three pairs fill the level's time"


async def test_a_heartbeat_that_is_heard_again_comes_as_it_used_to(centre: SosAccessServer) -> None:
    async with running(SosAccessPath(settings(centre.port, level=2), SettableClock(NOW), None)) as path:
        centre.orders.for_next(Order(status=97))
        assert (await path.heartbeat()).result is PathResult.UNREACHED
        assert path.beat_every == MISSED_PAUSE
        assert (await path.heartbeat()).result is PathResult.TOOK
        assert path.beat_every == LEVELS[2] / 3


async def test_a_heartbeat_that_was_never_ordered_is_not_sent(centre: SosAccessServer) -> None:
    async with running(SosAccessPath(settings(centre.port, level=None), SettableClock(NOW), None)) as path:
        assert (await path.heartbeat()).result is PathResult.UNFIT
    assert centre.connections_made == 0


async def test_a_probe_says_nothing(path: SosAccessPath, centre: SosAccessServer) -> None:
    assert await path.probe() == Probe(alive=True)
    assert len(centre.record) == 0
    await centre.stop()
    found = await path.probe()
    assert not found.alive
    assert "cannot connect" in found.reason


async def test_a_rehearsal_shows_the_bytes_that_go_out_but_for_the_password(
    path: SosAccessPath, centre: SosAccessServer
) -> None:
    rehearsed = path.rehearse(handover(row=row(detector_text="x" * 41)))
    assert rehearsed.path == "primary"
    assert rehearsed.notes == ("detectortext cut from 41 to 40 signs",)
    assert "<authentication>***************</authentication>" in rehearsed.text
    assert GIVEN not in rehearsed.text
    assert centre.connections_made == 0
    sent = parse(rehearsed.text.encode("latin-1"))
    await path.hand_over(handover(row=row(detector_text="x" * 41)))
    assert payloads(centre)[0]["additional_info"] == getattr(sent, "additional_info", None)
    assert path.rehearse(handover(row=row(event_code=""))).notes[0].startswith("cannot be sent")


async def test_the_receivers_clock_is_noted_and_nothing_else_comes_of_it(centre: SosAccessServer) -> None:
    clock = SettableClock(NOW)
    arrived = b"<arrivaltime>2026-11-22 14:03:12.000</arrivaltime>"
    answer = b"<pingresponse><status>0</status><info>OK</info>" + arrived + b"</pingresponse>"
    async with running(SosAccessPath(settings(centre.port), clock, None)) as path:
        assert path.clock_offset is None
        centre.orders.for_next(Order(body=answer))
        await path.heartbeat()
        assert path.clock_offset == timedelta(seconds=2)
        centre.orders.for_next(Order(body=answer.replace(b"2026", b"soon")))
        assert (await path.heartbeat()).result is PathResult.TOOK
        assert path.clock_offset == timedelta(seconds=2)


async def test_over_tls_with_a_trusted_certificate(
    credentials: Credentials, key_folder: Path, loop_faults: list[dict[str, Any]]
) -> None:
    centre = SosAccessServer(credentials.server_tls(key_folder), centre=Centre(account()))
    await centre.start()
    over_tls = settings(centre.port, tls=True, ca_file=str(key_folder / "ca.pem"))
    async with running(SosAccessPath(over_tls, SettableClock(NOW), None)) as path:
        assert (await path.hand_over(handover())).result is PathResult.TOOK
        assert await path.probe() == Probe(alive=True)
    await centre.stop()


async def test_before_start_and_after_stop_it_is_unreached(centre: SosAccessServer) -> None:
    path = SosAccessPath(settings(centre.port), SettableClock(NOW), None)
    stopped = PathAnswer(PathResult.UNREACHED, "stopped")
    assert await path.hand_over(handover()) == stopped
    await path.start()
    await path.start()
    assert (await path.hand_over(handover())).result is PathResult.TOOK
    await path.stop()
    await path.stop()
    assert [await path.hand_over(handover()), await path.heartbeat()] == [stopped, stopped]
    assert await path.probe() == Probe(alive=False, reason="stopped")


async def test_many_at_once_all_arrive(centre: SosAccessServer) -> None:
    async with running(SosAccessPath(settings(centre.port, max_connections=4), SettableClock(NOW), None)) as path:
        answers = await asyncio.gather(*(path.hand_over(handover(reference=f"case {number}")) for number in range(40)))
    assert {answer.result for answer in answers} == {PathResult.TOOK}
    assert {received.notice_id for received in centre.record} == {f"case {number}" for number in range(40)}
