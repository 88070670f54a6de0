"""One session a provider: encrypted or not at all, in time or in words, and nobody's answer is another's."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from larmcentral.channels.http_client import HttpClient, Unreachable, check_endpoint
from tests.fakes.bad_server import BadServer, Manner, closed_port
from tests.larmcentral.channels.http_cases import answer, answers_in_turn
from tests.larmcentral.channels.support import MODERATE, PATIENT, SHORT, running, until


def client(deadline: timedelta = MODERATE, *, places: int = 4, per_host: int | None = None) -> HttpClient:
    return HttpClient(ca_file=None, max_connections=places, deadline=deadline, max_per_host=per_host)


@pytest.mark.parametrize(
    "url", ["https://api.example/a", "http://localhost:8080/a", "http://127.0.0.1/a", "http://[::1]:8080/a"]
)
def test_https_everywhere_and_http_on_this_machine(url: str) -> None:
    assert check_endpoint(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "api.example", "http://api.example/a", "http://10.0.0.1/a", "http://localhost.example/a", "ftp://localhost"],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        check_endpoint(url)


async def test_an_answer_that_comes_a_second_time_later_is_not_the_next_ones() -> None:
    """The line lay idle in between: aiohttp alone hands it out again with the stale answer in its mouth."""
    lines: list[asyncio.StreamWriter] = []

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        while await reader.read(65_536):
            writer.write(answer(200, {"line": len(lines)}))

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with running(client(PATIENT, places=1)) as http:
        first = await http.post(url, b"one")
        lines[0].write(answer(200, {"line": "stale"}))
        await lines[0].drain()
        (idle,) = [line for lines_ in http._session.connector._conns.values() for line, _ in lines_]  # type: ignore[union-attr]
        await until(lambda: idle.should_close)  # it has come in
        second = await http.post(url, b"two")
    server.close()
    for line in lines:
        line.close()

    assert (first.body, second.body) == (b'{"line": 1}', b'{"line": 2}')


async def test_a_late_answer_finds_nobody_and_the_next_line_is_sane() -> None:
    async with (
        BadServer(answers_in_turn([answer(200, {"late": True})]), Manner.LATE) as server,
        running(client(SHORT)) as http,
    ):
        with pytest.raises(Unreachable, match="in time"):
            await http.post(f"http://127.0.0.1:{server.port}/", b"one")
        server.release()
        server.manner = Manner.GOOD
        again = await http.post(f"http://127.0.0.1:{server.port}/", b"two")

    assert again.status == 200
    assert len(server.heard) == 2


async def test_a_secret_in_the_address_is_not_in_the_words() -> None:
    async with (
        BadServer(lambda heard: b"HTTP/1.1 two hundred\r\n\r\n", Manner.GOOD) as server,
        running(client()) as http,
    ):
        with pytest.raises(Unreachable) as garbage:
            await http.post(f"http://127.0.0.1:{server.port}/a-secret", b"")
        with pytest.raises(Unreachable) as closed:
            await http.post(f"http://127.0.0.1:{closed_port()}/a-secret", b"")

    assert str(garbage.value) == "what came back is no HTTP"
    assert "a-secret" not in str(closed.value)


async def test_one_slow_host_leaves_places_for_the_others() -> None:
    async with (
        BadServer(answers_in_turn([answer(200, None)]), Manner.SILENT) as slow,
        BadServer(answers_in_turn([answer(200, None)]), Manner.GOOD) as well,
        running(client(PATIENT, places=3, per_host=2)) as http,
    ):
        stuck = [asyncio.create_task(http.post(f"http://localhost:{slow.port}/", b"")) for _ in range(20)]
        await until(lambda: len(slow.heard) == 2)
        answered = await asyncio.gather(*(http.post(f"http://127.0.0.1:{well.port}/", b"") for _ in range(10)))
        for task in stuck:
            task.cancel()
        await asyncio.wait(stuck)

        assert {one.status for one in answered} == {200}
        assert len(slow.heard) == 2
        assert http._hosts == {}


async def test_a_connection_can_be_tried_without_a_word() -> None:
    async with BadServer(answers_in_turn([answer(200, None)]), Manner.GOOD) as server, running(client()) as http:
        await http.connect(f"http://127.0.0.1:{server.port}/hook")
        with pytest.raises(Unreachable, match="cannot connect"):
            await http.connect(f"http://127.0.0.1:{closed_port()}/hook")
        await until(lambda: len(server.heard) == 1)

    assert bytes(server.heard[0]) == b""


async def test_a_question_can_be_asked() -> None:
    async with BadServer(answers_in_turn([answer(200, {"me": 1})]), Manner.GOOD) as server, running(client()) as http:
        answered = await http.get(f"http://127.0.0.1:{server.port}/me", headers={"Authorization": "Basic x"})

    assert answered.body == b'{"me": 1}'
    assert bytes(server.heard[0]).startswith(b"GET /me HTTP/1.1\r\n")


async def test_stopped_it_says_so() -> None:
    http = client()
    for ask in (http.post("http://127.0.0.1:1/", b""), http.get("http://127.0.0.1:1/"), http.connect("http://x/")):
        with pytest.raises(Unreachable, match="stopped"):
            await ask
