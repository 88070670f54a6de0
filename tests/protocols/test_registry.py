"""Every protocol can be built by its name."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from protocols.errors import LocalProtocolError
from protocols.mqtt.messages import Publication
from protocols.registry import PROTOCOLS, BrokerProtocol, HttpProtocol, StreamProtocol, protocol
from tests.protocols.captured import Enrolled

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(PROTOCOLS))
def test_a_protocol_is_built_by_its_name_and_takes_garbage(name: str) -> None:
    known = protocol(name)

    assert known.name == name
    match known:
        case StreamProtocol():
            opening = known.listen(Enrolled(), os.urandom)
            assert opening.connection(NOW).next_deadline() is not None
            if opening.datagram is not None:
                opening.datagram(NOW).receive(b"x", NOW)
        case HttpProtocol():
            assert known.build(Enrolled()) is not known.build(Enrolled())
        case BrokerProtocol():
            assert known.build(Enrolled()).read(Publication(topic="x", payload=b"x"), NOW)


def test_an_unknown_name_is_our_own_fault() -> None:
    with pytest.raises(LocalProtocolError, match=r"there are dc09, eelink, .*, watch"):
        protocol("smoke")
