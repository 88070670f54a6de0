"""Where to listen, as people write it."""

from __future__ import annotations

import pytest

from larmcentral.endpoint import Broker, Endpoint, parse_broker, parse_endpoint


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("tcp:port=5093", Endpoint("tcp", 5093)),
        ("tcp:5093", Endpoint("tcp", 5093)),
        ("udp:port=5093:interface=127.0.0.1", Endpoint("udp", 5093, "127.0.0.1")),
        (r"tcp6:port=0:interface=\:\:1", Endpoint("tcp6", 0, "::1")),
        (
            r"ssl:port=1:privateKey=C\:/k.pem:certKey=c.pem",
            Endpoint("ssl", 1, "", (("privateKey", "C:/k.pem"), ("certKey", "c.pem"))),
        ),
    ],
)
def test_an_endpoint_is_read(text: str, endpoint: Endpoint) -> None:
    assert parse_endpoint(text) == endpoint
    assert parse_endpoint(str(endpoint)).port == endpoint.port


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no transport"),
        ("http:port=80", "'http' is no transport; there are tcp, tcp6, ssl, udp"),
        ("tcp", "the port is missing"),
        ("tcp:port=", "is no port"),
        ("tcp:port=65536", "'65536' is no port"),
        ("tcp:port=٣", "is no port"),
        ("tcp:port=1:port=2", "port is said twice"),
        ("tcp:port=1:privateKey=x", "tcp has no 'privateKey'"),
        ("tcp:1:2", "'2' lacks a name"),
    ],
)
def test_what_is_none_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_endpoint(text)


def test_a_connection_storm_finds_room_to_queue() -> None:
    assert str(parse_endpoint("tcp:port=5093")) == "tcp:port=5093:backlog=1024"
    assert str(parse_endpoint("tcp:port=5093:backlog=7")) == "tcp:port=5093:backlog=7"


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [
        ("tcp:1", "tcp:1", True),
        ("tcp:1", "udp:1", False),
        ("tcp:1", "ssl:1", True),
        ("tcp:0", "tcp:0", False),
        ("tcp:1:interface=127.0.0.1", "tcp:1", True),
        ("tcp:1:interface=127.0.0.1", "tcp:1:interface=127.0.0.2", False),
    ],
)
def test_two_on_one_port_collide(one: str, other: str, collide: bool) -> None:
    assert parse_endpoint(one).collides(parse_endpoint(other)) is collide
    assert parse_endpoint(other).collides(parse_endpoint(one)) is collide


@pytest.mark.parametrize(
    ("text", "broker"),
    [
        ("mqtt://127.0.0.1:1883", Broker("127.0.0.1", 1883)),
        ("mqtt://broker.example", Broker("broker.example", 1883)),
        ("mqtts://broker.example/", Broker("broker.example", 8883, tls=True)),
        ("mqtt://[::1]:1884", Broker("::1", 1884)),
    ],
)
def test_a_broker_is_read(text: str, broker: Broker) -> None:
    assert parse_broker(text) == broker


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tcp:port=1883", "a broker is mqtt://"),
        ("http://broker.example", "a broker is mqtt://"),
        ("mqtt://", "a broker is mqtt://"),
        ("mqtt://host/topic", "a broker is mqtt://"),
        ("mqtt://host:port", "is no broker"),
        ("mqtt://larm@host", "settings of their own"),
    ],
)
def test_what_is_no_broker_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_broker(text)
