"""Why there is no connection, in words for the operator."""

from __future__ import annotations

import asyncio
import errno
import ssl

import pytest

from larmcentral.channels.dial import NoLine, dial, hang_up, in_words, loopback
from tests.fakes.bad_server import NOWHERE, BadServer, Manner, closed_port


async def test_a_closed_port_and_a_name_that_is_none_are_said_apart() -> None:
    with pytest.raises(NoLine, match="refuses the connection"):
        await dial("127.0.0.1", closed_port(), None, 5.0)
    with pytest.raises(NoLine, match="does not resolve"):
        await dial(NOWHERE, 1, None, 5.0)


async def test_a_silent_handshake_ends_in_time() -> None:
    async with BadServer(lambda heard: None, Manner.SILENT) as server:
        with pytest.raises(NoLine, match="in time"):
            await dial("127.0.0.1", server.port, ssl.create_default_context(), 0.2)


async def test_hanging_up_twice_is_hanging_up() -> None:
    async with BadServer(lambda heard: None, Manner.SILENT) as server:
        _, writer = await dial("127.0.0.1", server.port, None, 5.0)
        await hang_up(writer)
        await hang_up(writer)

        assert writer.is_closing()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionResetError(), "the connection was cut"),
        (asyncio.IncompleteReadError(b"", 4), "the connection was cut"),
        (TimeoutError(), "no answer in time"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no connection: Network is unreachable"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), "TLS failed: no reason given"),
        (ValueError("+46700000017"), "ValueError"),
    ],
)
def test_each_fault_has_words_without_what_it_carried(error: Exception, words: str) -> None:
    assert in_words(error) == words


@pytest.mark.parametrize(
    ("host", "ours"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("mail.exempel.se", False), ("10.0.0.1", False)],
)
def test_this_machine_is_known(host: str, ours: bool) -> None:
    assert loopback(host) is ours
