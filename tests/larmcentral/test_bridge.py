"""Where Twisted and asyncio meet."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.protocol import DatagramProtocol, Factory, Protocol

from larmcentral.bridge import (
    ACCEPTS_A_TURN,
    DATAGRAMS_A_TURN,
    READ_BYTES,
    GuestReactor,
    Tasks,
    from_deferred,
    start_reactor,
    to_deferred,
)
from tests.fakes.intake import eventually


async def test_asyncio_work_becomes_a_deferred_and_back() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 3

    assert await from_deferred(to_deferred(work())) == 3


async def test_an_error_crosses_as_itself() -> None:
    async def work() -> int:
        raise LookupError("x")

    with pytest.raises(LookupError, match="x"):
        await from_deferred(to_deferred(work()))


async def test_cancelling_the_deferred_cancels_the_task() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    deferred = to_deferred(work())
    await asyncio.sleep(0)
    deferred.addErrback(lambda failure: failure.trap(CancelledError, asyncio.CancelledError))
    deferred.cancel()
    await ended.wait()


async def test_cancelling_the_task_cancels_the_deferred() -> None:
    cancelled: list[Deferred[int]] = []
    task = asyncio.ensure_future(from_deferred(Deferred(cancelled.append)))
    await asyncio.sleep(0)
    task.cancel()
    await eventually(lambda: len(cancelled) == 1)
    assert task.cancelled() or await asyncio.wait([task])


async def test_a_task_is_kept_until_it_ends_and_its_error_is_told() -> None:
    failed: list[BaseException] = []
    tasks = Tasks(failed.append)
    go = asyncio.Event()

    async def work(error: Exception | None) -> None:
        await go.wait()
        if error is not None:
            raise error

    tasks.start(work(None))
    tasks.start(work(LookupError("x")))
    await asyncio.sleep(0)
    gc.collect()
    assert len(tasks) == 2
    go.set()
    assert await tasks.finish(within_s=5.0) == 0
    assert len(tasks) == 0
    assert [str(error) for error in failed] == ["x"]


async def test_what_does_not_finish_in_time_is_cancelled() -> None:
    tasks = Tasks(lambda error: None)
    tasks.start(asyncio.Event().wait())
    await asyncio.sleep(0)
    assert await tasks.finish(within_s=0.01) == 1
    assert len(tasks) == 0
    assert await tasks.finish(within_s=0.01) == 0


async def test_twisteds_own_timers_follow_the_monotonic_clock(reactor: GuestReactor) -> None:
    assert reactor.seconds() == pytest.approx(asyncio.get_running_loop().time(), abs=1.0)
    rung: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    reactor.callLater(0.01, rung.set_result, None)
    await asyncio.wait_for(rung, 5.0)


async def test_a_reactor_that_runs_is_not_started_again(reactor: GuestReactor) -> None:
    start_reactor(reactor)
    assert reactor.running


class Guest(Protocol):
    """Counts what it was told."""

    def __init__(self, factory: Door) -> None:
        self._factory = factory

    def connectionMade(self) -> None:
        self._factory.taken += 1

    def dataReceived(self, data: bytes) -> None:
        self._factory.heard += data

    def connectionLost(self, reason: object = None) -> None:
        self._factory.left += 1


class Door(Factory):
    noisy = False

    def __init__(self) -> None:
        self.taken = self.left = 0
        self.heard = b""

    def buildProtocol(self, addr: object) -> Protocol:
        return Guest(self)


async def test_a_connection_that_was_reset_with_much_unread_is_gone_and_its_last_words_are_heard(
    reactor: GuestReactor,
) -> None:
    door = Door()
    port = reactor.listenTCP(0, door, interface="127.0.0.1")
    caller = socket.create_connection(("127.0.0.1", port.getHost().port))
    words = b"x" * (3 * READ_BYTES)
    caller.sendall(words)
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    caller.close()
    await eventually(lambda: door.left == 1)
    assert door.heard == words
    port.stopListening()


async def test_a_rush_of_connections_leaves_others_their_turn(reactor: GuestReactor) -> None:
    door = Door()
    port = reactor.listenTCP(0, door, backlog=400, interface="127.0.0.1")
    callers = [socket.create_connection(("127.0.0.1", port.getHost().port)) for _ in range(300)]
    most = before = 0
    while door.taken < 300:
        await asyncio.sleep(0)
        most, before = max(most, door.taken - before), door.taken
    assert most <= 2 * ACCEPTS_A_TURN, "the loop may look twice between two looks of ours"
    for caller in callers:
        caller.close()
    await eventually(lambda: door.left == 300)
    port.stopListening()


class Letters(DatagramProtocol):
    noisy = False

    def __init__(self) -> None:
        self.heard = 0

    def datagramReceived(self, datagram: bytes, addr: object) -> None:
        self.heard += 1
        if datagram == b"broken":
            raise LookupError("a bug of ours")


@pytest.mark.parametrize("datagram", [b"", b"x"])
async def test_a_flood_of_small_datagrams_leaves_others_their_turn(reactor: GuestReactor, datagram: bytes) -> None:
    letters, opened, caller = _letterbox(reactor)
    for _ in range(100):
        caller.send(datagram)
    most = before = 0
    while letters.heard < 100:
        await asyncio.sleep(0)
        most, before = max(most, letters.heard - before), letters.heard
    assert most <= 2 * DATAGRAMS_A_TURN
    opened.stopListening()
    caller.close()


async def test_datagrams_that_nobody_wants_are_thrown_away_before_those_behind_them_are_lost(
    reactor: GuestReactor,
) -> None:
    letters, opened, caller = _letterbox(reactor)
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind(("127.0.0.2", 0))
    stranger.connect(caller.getpeername())
    letters.wants = lambda address: address[0] == "127.0.0.1"  # type: ignore[attr-defined]
    for _ in range(100):
        stranger.send(b"x")
    caller.send(b"y")
    await asyncio.sleep(0)
    await eventually(lambda: letters.heard == 1)
    opened.stopListening()
    stranger.close()
    caller.close()


async def test_one_datagram_that_breaks_us_does_not_close_the_port(reactor: GuestReactor) -> None:
    letters, opened, caller = _letterbox(reactor)
    told: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: told.append(context))
    try:
        caller.send(b"broken")
        caller.send(b"x")
        await eventually(lambda: letters.heard == 2)
    finally:
        loop.set_exception_handler(before)
    assert [str(context["exception"]) for context in told] == ["a bug of ours"]
    opened.stopListening()
    caller.close()


def _letterbox(reactor: GuestReactor) -> tuple[Letters, Any, socket.socket]:
    letters = Letters()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.setblocking(False)
        here.bind(("127.0.0.1", 0))
        opened = reactor.adoptDatagramPort(here.fileno(), socket.AF_INET, letters)
    caller = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    caller.connect(("127.0.0.1", opened.getHost().port))
    return letters, opened, caller
