"""The bad days of a receiver, over real sockets: words, in time, and the next case arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.peers.credentials import Credentials, make_credentials
from devices.peers.orders import Fate, Order
from devices.peers.sos_access_centre import Centre
from devices.peers.sos_access_server import SosAccessServer
from larmcentral.channels.receiver_path import PathAnswer, PathResult
from larmcentral.channels.receiver_sos_access import SosAccessPath
from larmcentral.clock import SystemClock
from protocols.errors import RemoteProtocolError
from protocols.sos_access.codec import serialise
from protocols.sos_access.framing import OneDocument
from protocols.sos_access.messages import AlarmResponse
from tests.fakes.bad_server import NOWHERE, BadServer, Manner, closed_port
from tests.larmcentral.channels.sos_access_support import account, handover, settings
from tests.larmcentral.channels.support import MODERATE, PATIENT, running

SLACK_S = 3.0
"""For a machine with other tenants; a try that forgot its deadline would last PATIENT."""


@pytest.fixture(autouse=True)
async def faults_of_ours() -> AsyncIterator[None]:
    """Nothing may be left to the loop to report, but for the bad receiver's own visits that are cut short."""
    loop = asyncio.get_running_loop()
    faults: list[dict[str, Any]] = []
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    yield
    loop.set_exception_handler(before)
    assert [fault for fault in faults if not isinstance(fault.get("exception"), asyncio.CancelledError)] == []


def answer(heard: bytes) -> bytes | None:
    try:
        if OneDocument().feed(heard) is None:
            return None
    except RemoteProtocolError:  # TLS, where the receiver speaks in the clear
        return None
    return serialise(AlarmResponse(status=0, info="OK", arrival_time="2026-11-22 13:14:15.016"))


@asynccontextmanager
async def receiver(
    manner: Manner, certificate: tuple[Credentials, Path] | None, **changes: Any
) -> AsyncIterator[tuple[BadServer, SosAccessPath]]:
    """A receiver of that manner, and a path to it."""
    context = None if certificate is None else certificate[0].server_tls(certificate[1])
    usual = {
        "tls": certificate is not None,
        "ca_file": None if certificate is None else str(certificate[1] / "ca.pem"),
        "deadline": MODERATE,
    }
    async with BadServer(answer, manner, tls=context) as server:
        made = settings(server.port, **(usual | changes))
        async with running(SosAccessPath(made, SystemClock(), None)) as path:
            yield server, path


@pytest.fixture(params=["clear", "tls"])
def tls(request: pytest.FixtureRequest, credentials: Credentials, key_folder: Path) -> tuple[Credentials, Path] | None:
    return (credentials, key_folder) if request.param == "tls" else None


async def timed(path: SosAccessPath) -> tuple[PathAnswer, float]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    found = await path.hand_over(handover())
    return found, loop.time() - began


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (Manner.SILENT, "no answer in time"),
        (Manner.CUT, "the connection broke|closed in mid-answer"),
        (Manner.MUTE_CLOSE, "closed without an answer|the connection broke"),
        (Manner.GARBAGE, "the answer cannot be read"),
    ],
)
async def test_a_receiver_that_does_not_answer_is_unreached_in_words_and_in_time(
    manner: Manner, words: str, tls: tuple[Credentials, Path] | None
) -> None:
    async with receiver(manner, tls) as (server, path):
        found, seconds = await timed(path)
        server.manner = Manner.GOOD
        after = await path.hand_over(handover())
    assert found.result is PathResult.UNREACHED
    assert any(word in found.words for word in words.split("|")), found.words
    assert seconds < MODERATE.total_seconds() + SLACK_S
    assert after.result is PathResult.TOOK


async def test_an_answer_that_comes_late_does_no_harm(tls: tuple[Credentials, Path] | None) -> None:
    async with receiver(Manner.LATE, tls) as (server, path):
        found, seconds = await timed(path)
        server.manner = Manner.GOOD
        server.release()
        after = await path.hand_over(handover())
    assert found == PathAnswer(PathResult.UNREACHED, "no answer in time")
    assert MODERATE.total_seconds() <= seconds < MODERATE.total_seconds() + SLACK_S
    assert after.result is PathResult.TOOK
    assert len(server.heard) == 2


async def test_an_answer_that_comes_twice_is_one(tls: tuple[Credentials, Path] | None) -> None:
    async with receiver(Manner.TWICE, tls, deadline=PATIENT) as (server, path):
        found = [await path.hand_over(handover()) for _ in range(2)]
    assert found == [PathAnswer(PathResult.TOOK, "0 OK: OK")] * 2
    assert len(server.heard) == 2


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_port_where_nobody_listens_is_unreached(encrypted: bool) -> None:
    async with running(SosAccessPath(settings(closed_port(), tls=encrypted), SystemClock(), None)) as path:
        found = await path.hand_over(handover())
    assert found.result is PathResult.UNREACHED
    assert found.words.startswith("cannot connect")


@pytest.mark.parametrize("host", [NOWHERE, "a" * 64 + ".invalid", "two..dots", "ö" * 80])
async def test_a_name_that_does_not_resolve_is_unreached(host: str) -> None:
    async with running(SosAccessPath(settings(19_000, host=host), SystemClock(), None)) as path:
        found, probed = await path.hand_over(handover()), await path.probe()
    assert found.result is PathResult.UNREACHED
    assert found.words
    assert not probed.alive


async def test_a_certificate_of_an_unknown_ca_is_not_trusted_and_hears_no_password(
    credentials: Credentials, key_folder: Path
) -> None:
    async with receiver(Manner.GOOD, (credentials, key_folder), ca_file=None) as (server, path):
        found, probed = await path.hand_over(handover()), await path.probe()
    assert found.result is PathResult.UNREACHED
    assert found.words.startswith("the server's certificate is not trusted")
    assert not probed.alive
    assert not any(server.heard)


async def test_a_certificate_for_another_name_is_not_trusted(credentials: Credentials, key_folder: Path) -> None:
    async with receiver(Manner.GOOD, (credentials, key_folder), host="127.1") as (server, path):
        found = await path.hand_over(handover())
    assert found.result is PathResult.UNREACHED
    assert found.words.startswith("the server's certificate is not trusted")
    assert not any(server.heard)


async def test_where_the_centre_refused_in_writing_any_certificate_will_do(tmp_path: Path, key_folder: Path) -> None:
    other = make_credentials()
    other.write(tmp_path)
    async with receiver(Manner.GOOD, (other, tmp_path), ca_file=None, verify=False) as (_, path):
        found = await path.hand_over(handover())
    assert found.result is PathResult.TOOK


@pytest.mark.parametrize("encrypted", [False, True])
async def test_tls_and_clear_by_mistake_for_each_other_are_unreached(
    encrypted: bool, credentials: Credentials, key_folder: Path
) -> None:
    pair = (credentials, key_folder)
    async with receiver(Manner.GOOD, None if encrypted else pair, tls=encrypted) as (_, path):
        found, seconds = await timed(path)
    assert found.result is PathResult.UNREACHED
    assert seconds < MODERATE.total_seconds() + SLACK_S


async def test_a_receiver_that_never_shakes_hands_is_unreached_in_time(key_folder: Path) -> None:
    async with receiver(Manner.SILENT, None, tls=True, ca_file=str(key_folder / "ca.pem")) as (_, path):
        found, seconds = await timed(path)
        probed = await path.probe()
    assert found == PathAnswer(PathResult.UNREACHED, "no connection in time")
    assert not probed.alive
    assert seconds < MODERATE.total_seconds() + SLACK_S


@pytest.mark.parametrize("fate", [Fate.SILENCE, Fate.HALF, Fate.CUT, Fate.RESET])
async def test_the_local_centre_behaves_badly_when_ordered(fate: Fate) -> None:
    centre = SosAccessServer(None, centre=Centre(account()))
    await centre.start()
    async with running(SosAccessPath(settings(centre.port, deadline=MODERATE), SystemClock(), None)) as path:
        centre.orders.for_next(Order(fate=fate))
        found = await path.hand_over(handover())
        after = await path.hand_over(handover(reference="another"))
    await centre.stop()
    assert (found.result, after.result) == (PathResult.UNREACHED, PathResult.TOOK)


async def test_an_answer_in_many_pieces_is_one_answer() -> None:
    centre = SosAccessServer(None, centre=Centre(account()))
    await centre.start()
    async with running(SosAccessPath(settings(centre.port), SystemClock(), None)) as path:
        centre.orders.for_next(Order(pieces=50))
        found = await path.hand_over(handover())
    await centre.stop()
    assert found == PathAnswer(PathResult.TOOK, "0 OK: taken")


async def test_both_tries_of_a_hand_over_share_the_deadline() -> None:
    centre = SosAccessServer(None, centre=Centre(account()))
    await centre.start()
    centre.orders.for_next(Order(status=1))
    centre.orders.for_next(Order(fate=Fate.SILENCE))
    async with running(SosAccessPath(settings(centre.port, deadline=MODERATE), SystemClock(), None)) as path:
        found, seconds = await timed(path)
    await centre.stop()
    assert found.result is PathResult.UNREACHED
    assert found.words.endswith("without texts: no answer in time")
    assert seconds < MODERATE.total_seconds() + SLACK_S


async def test_who_waits_for_a_place_waits_no_longer_than_the_deadline() -> None:
    async with receiver(Manner.SILENT, None, max_connections=1) as (server, path):
        first, second = await asyncio.gather(path.hand_over(handover()), path.hand_over(handover()))
    assert {first.words, second.words} <= {"no answer in time", "too many requests wait for this receiver"}
    assert len(server.heard) == 1


async def test_stopping_ends_what_is_under_way_and_a_cancelled_try_stays_cancelled() -> None:
    async with receiver(Manner.SILENT, None, deadline=PATIENT) as (server, path):
        under_way, given_up = (asyncio.create_task(path.hand_over(handover())) for _ in range(2))
        await server.came.wait()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        await path.stop()
        assert await under_way == PathAnswer(PathResult.UNREACHED, "stopped")


async def test_a_handshake_that_is_broken_off_is_said_with_a_word() -> None:
    async with receiver(Manner.MUTE_CLOSE, None, tls=True) as (_, path):
        found = await path.hand_over(handover())
    assert found.result is PathResult.UNREACHED
    assert not found.words.endswith((": ", ":"))


async def test_a_ca_file_that_cannot_be_read_fails_at_start_and_not_at_the_alarm(tmp_path: Path) -> None:
    path = SosAccessPath(settings(1, tls=True, ca_file=str(tmp_path / "none.pem")), SystemClock(), None)
    with pytest.raises(OSError, match=r"none\.pem|No such file"):
        await path.start()
