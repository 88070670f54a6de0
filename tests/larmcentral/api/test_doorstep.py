"""Who calls the web and means no good: he is let go of, and who has logged in is not."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp, Receive, Scope, Send

from larmcentral.api.limits import WebLimits
from larmcentral.api.server import WebListen, WebRole
from tests.larmcentral.api.house import ApiHouse
from tests.waiting import until

PATIENCE_S = 10.0
LIVE = b"GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
ME = b"GET /api/me HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n"
FEED = b"GET /api/feed HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n"
SLOW_BODY = b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nContent-Length: 2\r\n\r\n{"
SHORT_S = 0.15


class Caller:
    """A socket of our own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer

    async def hear(self) -> int:
        """Return the next response's status; 0 where the connection ends."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                head = await self._reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0
        length = next((line for line in head.lower().splitlines() if line.startswith(b"content-length:")), b":0")
        await self._reader.readexactly(int(length.partition(b":")[2]))
        return int(head.split(b" ", 2)[1])

    async def ended(self) -> bool:
        """Wait until the other end has hung up."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while await self._reader.read(65_536):
                    pass
            except ConnectionError:
                pass
        return True

    def leave(self) -> None:
        self.writer.transport.abort()


class Door:
    """The web, with limits of the test's own."""

    def __init__(self, house: ApiHouse, listen: WebListen) -> None:
        self._registry = CollectorRegistry()
        self.role = WebRole(dataclasses.replace(house.parts, registry=self._registry), listen)
        self._callers: list[Caller] = []

    async def serve(self, app: ASGIApp) -> None:
        """Have this answer in place of the web's own application."""
        await self.role.stop()
        self.role.app = app  # type: ignore[assignment]
        await self.role.start()

    async def call(self, *words: bytes, host: str = "127.0.0.1", small: bool = False) -> Caller:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.role.port, local_addr=(host, 0), limit=2**16 if not small else 1024
        )
        caller = Caller(reader, writer)
        self._callers.append(caller)
        for word in words:
            writer.write(word)
        return caller

    def counted(self, reason: str) -> float:
        return self._registry.get_sample_value("larm_web_connections_cut_total", {"reason": reason}) or 0.0

    async def stop(self) -> None:
        for caller in self._callers:
            caller.leave()
        await self.role.stop()


@asynccontextmanager
async def a_door(house: ApiHouse, limits: WebLimits, proxies: tuple[str, ...] = ()) -> AsyncIterator[Door]:
    door = Door(house, WebListen(port=0, limits=limits, trusted_proxies=proxies))
    await door.role.start()
    try:
        yield door
    finally:
        await door.stop()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "head"),
        ((b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",), "head"),
        ((b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nContent-Length: 500\r\n\r\nx",), "body"),
    ],
)
async def test_who_never_comes_to_an_end_is_let_go_of(house: ApiHouse, words: tuple[bytes, ...], reason: str) -> None:
    async with a_door(house, WebLimits(head_s=SHORT_S, body_s=SHORT_S)) as door:
        caller = await door.call(*words)
        assert await caller.ended()
        assert door.counted(reason) == 1
        assert len(door.role.doorstep) == 0


async def test_the_next_request_has_its_time_as_well(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(head_s=SHORT_S)) as door:
        caller = await door.call(LIVE)
        assert await caller.hear() == 200
        caller.writer.write(b"GET / HTTP/1.1\r\n")
        assert await caller.ended()
        assert door.counted("head") == 1


async def test_a_byte_now_and_then_buys_no_time(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(head_s=SHORT_S)) as door:
        caller = await door.call(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        ended = asyncio.create_task(caller.ended())
        while not ended.done():
            caller.writer.write(b"x")
            await asyncio.wait({ended}, timeout=SHORT_S / 5)
        assert door.counted("head") == 1


async def test_who_reads_nothing_is_let_go_of(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(unread_s=SHORT_S)) as door:
        deaf = await door.call(LARGE * 100, small=True)
        deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's can

        async def cut() -> bool:
            return door.counted("unread") == 1

        await until(cut, "the server let go of it")
        assert len(door.role.doorstep) == 0


async def looks_for_the_end(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers as a file or a stream is answered: beside it, it waits for the client to hang up."""
    await receive()
    watch = asyncio.create_task(receive())
    await asyncio.wait({watch}, timeout=0.01)
    watch.cancel()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def test_who_sends_requests_ahead_without_end_is_let_go_of(house: ApiHouse) -> None:
    async with a_door(house, WebLimits()) as door:
        await door.serve(looks_for_the_end)
        caller = await door.call()

        async def cut() -> bool:
            caller.writer.write(LIVE * 2000)
            return door.counted("ahead") == 1

        await until(cut, "the server let go of it")
        assert await caller.ended()


async def test_a_body_that_nobody_wants_is_not_read(house: ApiHouse) -> None:
    async with a_door(house, WebLimits()) as door:
        poured = await door.call(
            b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nContent-Length: 99999999\r\n\r\n"
        )
        assert await poured.hear() == 413

        async def let_go_of() -> bool:
            poured.writer.write(b"x" * 65_536)
            return door.counted("unheard") == 1

        await until(let_go_of, "the server let go of it")
        assert poured.writer.transport.get_write_buffer_size() > 0 or poured.writer.transport.is_closing()


async def test_what_is_no_http_is_counted_and_not_told_word_for_word(
    house: ApiHouse, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_door(house, WebLimits()) as door:
        for _ in range(3):
            stranger = await door.call(b"\x16\x03\x01 nothing\r\n\r\n")
            assert await stranger.hear() == 400
        assert door.counted("not_http") == 3
    assert "Invalid HTTP" not in caplog.text


async def test_strangers_requests_go_in_few_at_a_time_and_an_operators_does_not_wait(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(strangers_at_once=1)) as door:
        cookie = await operator_of(house)
        operator = await door.call(ME % cookie)
        assert await operator.hear() == 200
        await door.role.doorstep.turnstile.enter("elsewhere")  # somebody's who takes his time
        strangers = [await door.call(LIVE) for _ in range(3)]

        async def all_wait() -> bool:
            return len(door.role.doorstep.turnstile) == 3

        await until(all_wait, "they stand before the turnstile")
        operator.writer.write(ME % cookie)
        assert await operator.hear() == 200
        strangers[0].leave()
        door.role.doorstep.turnstile.leave()
        assert [await each.hear() for each in strangers[1:]] == [200, 200]


async def test_a_stranger_who_is_slow_to_say_what_he_wants_holds_up_nobody(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(strangers_at_once=2)) as door:
        slow = [await door.call(SLOW_BODY) for _ in range(5)]

        async def all_are_heard() -> bool:
            return len(door.role.doorstep) == len(slow) and not len(door.role.doorstep.turnstile)

        await until(all_are_heard, "each waits for his own words, outside")
        assert await (await door.call(LIVE)).hear() == 200
        for one in slow:
            one.writer.write(b"}")
        assert [await one.hear() for one in slow] == [422] * 5
        assert await (await door.call(LIVE)).hear() == 200


async def test_a_slow_answer_is_waited_for(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(head_s=SHORT_S, body_s=SHORT_S)) as door:
        cookie = await operator_of(house)
        feed = await door.call(FEED % cookie)
        assert await feed.hear() == 200
        silent = await door.call()
        assert await silent.ended()
        other = await door.call(ME % cookie)
        assert await other.hear() == 200
        assert len(door.role.doorstep) >= 1
        assert not feed.writer.transport.is_closing()


async def test_a_stranger_makes_room_and_who_has_logged_in_does_not(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(strangers=2, strangers_per_address=2)) as door:
        cookie = await operator_of(house)
        operator, feed = await door.call(ME % cookie), await door.call(FEED % cookie)
        assert [await operator.hear(), await feed.hear()] == [200, 200]
        silent = [await door.call() for _ in range(5)]
        for each in silent[:3]:
            assert await each.ended()
        operator.writer.write(ME % cookie)
        assert await operator.hear() == 200
        fresh = await door.call(ME % cookie)
        assert await fresh.hear() == 200
        assert door.counted("strangers_of_address") >= 3


async def test_one_address_pushes_out_only_itself(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(strangers=3, strangers_per_address=3)) as door:
        quiet = await door.call(host="127.0.0.2")
        flood = [await door.call() for _ in range(6)]
        assert await flood[0].ended()
        quiet.writer.write(LIVE)
        assert await quiet.hear() == 200


async def test_behind_a_proxy_stands_everybody(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(strangers_per_address=1), proxies=("127.0.0.1",)) as door:
        first, second = await door.call(), await door.call()
        for caller in (first, second):
            caller.writer.write(LIVE)
            assert await caller.hear() == 200


async def test_where_all_have_logged_in_one_more_is_refused(house: ApiHouse) -> None:
    async with a_door(house, WebLimits(connections=2)) as door:
        cookie = await operator_of(house)
        for _ in range(2):
            operator = await door.call(ME % cookie)
            assert await operator.hear() == 200
        late = await door.call(ME % cookie)
        assert await late.hear() == 0
        assert door.counted("all") == 1


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="strangers must be above zero"):
        WebLimits(strangers=0)


async def operator_of(house: ApiHouse) -> bytes:
    return f"larm_session={await house.cookie('operator.care')}".encode()
