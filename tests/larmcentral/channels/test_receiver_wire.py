"""Words for a connection that is none."""

from __future__ import annotations

import socket

import pytest

from larmcentral.channels.receiver_wire import in_words, open_wire
from tests.fakes.bad_server import closed_port


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the receiver's name does not resolve"),
        (ConnectionRefusedError(), "nobody listens there"),
        (ConnectionResetError(), "the connection was cut"),
        (TimeoutError(), "no connection in time"),
        (OSError(101, "10.0.0.7 unreachable"), "no connection: OSError"),
    ],
)
def test_why_there_is_no_connection_is_said_without_addresses(error: OSError, words: str) -> None:
    assert in_words(error) == words


async def test_a_closed_wire_gives_nothing_and_may_be_closed_again() -> None:
    wire = await open_wire("udp", "127.0.0.1", closed_port())
    wire.close()
    wire.close()
    assert await wire.receive() == b""
