"""The wire to a broker: MQTT 3.1.1, byte by byte from the standard's own tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError, FrameTooLong, LocalProtocolError, RemoteProtocolError
from protocols.mqtt.packets import (
    MAX_PACKET_BYTES,
    ConnectAnswer,
    Packet,
    PacketFramer,
    Pong,
    PublishAcknowledged,
    Published,
    Subscribed,
    connect,
    parse,
    puback,
    publish,
    subscribe,
)

HEARD = [
    ("20 02 00 00", ConnectAnswer(False, 0)),
    ("20 02 01 00", ConnectAnswer(True, 0)),
    ("20 02 00 05", ConnectAnswer(False, 5)),
    ("90 04 00 01 01 80", Subscribed(1, (1, 128))),
    ("40 02 12 34", PublishAcknowledged(0x1234)),
    ("D0 00", Pong()),
    ("30 06 00 03 61 2F 62 58", Published("a/b", b"X", None)),
    ("32 08 00 03 61 2F 62 00 0A 58", Published("a/b", b"X", 10, 1)),
    ("3B 07 00 03 61 2F 62 00 0A", Published("a/b", b"", 10, 1, retained=True, again=True)),
]


def packets(octets: bytes) -> list[Packet]:
    return [parse(first, body) for first, body in PacketFramer().receive(octets)]


@pytest.mark.parametrize(("octets", "meant"), HEARD)
def test_a_brokers_packet_is_read(octets: str, meant: Packet) -> None:
    assert packets(bytes.fromhex(octets)) == [meant]


def test_what_we_say_is_written_as_the_standard_has_it() -> None:
    said = connect("larm", clean=False, keep_alive_s=30, user="u", password="p")
    assert said.hex() == "1016" + "00044d515454" + "04" + "c0" + "001e" + "00046c61726d" + "000175" + "000170"
    assert connect("a", clean=True, keep_alive_s=60).hex() == "100d" + "00044d51545404" + "02" + "003c" + "000161"
    assert subscribe(1, ("a/b",)).hex() == "8208" + "0001" + "0003612f62" + "01"
    assert puback(0x1234).hex() == "40021234"
    assert publish("a/b", b"X", 10, retained=True).hex() == "3308" + "0003612f62" + "000a" + "58"
    assert publish("a", b"x" * 200)[:3].hex() == "30cb01", "203 bytes in groups of seven bits"


@pytest.mark.parametrize(
    "octets",
    ["00 00", "20 01 00", "36 06 00 03 61 2F 62 58", "30 01 00", "30 03 00 09 61", "30 03 00 01 FF", "90 01 00"],
)
def test_what_no_broker_says_is_refused(octets: str) -> None:
    with pytest.raises(ContentError):
        packets(bytes.fromhex(octets))


@pytest.mark.parametrize("at", [1, 7, 50, 64, 65, 199])
def test_a_publication_beyond_the_limit_is_cut_there_and_the_next_one_is_heard(at: int) -> None:
    stream = publish("a/b", b"x" * 180, 9) + publish("a/b", b"SOS", 10)
    framer, found = PacketFramer(limit_bytes=64), []
    for chunk in (stream[:at], stream[at : at + 20], stream[at + 20 :]):
        found += [parse(*one) for one in framer.receive(chunk)]
        assert framer.pending_bytes <= 64 + 5 + 20 + at
    assert found == [Published("a/b", b"x" * 57, 9, 1), Published("a/b", b"SOS", 10, 1)]


def test_a_publication_of_any_length_costs_no_more_memory_than_the_limit() -> None:
    framer = PacketFramer()
    assert framer.receive(bytes.fromhex("32 FF FF FF 7F 0001 61 0009")) == []
    for _ in range(256):
        assert framer.receive(b"x" * 2**20)[1:] == []
        assert framer.pending_bytes <= 2 * MAX_PACKET_BYTES
    assert framer.pending_bytes == 6, "it was 2**28 - 1 bytes long, of which 5 came first"


def test_what_came_before_a_packet_that_is_none_is_heard() -> None:
    framer = PacketFramer()
    assert framer.receive(bytes.fromhex("D000 30FFFFFFFF")) == [(0xD0, b"")]
    with pytest.raises(ContentError):
        framer.receive(b"")


def test_a_packet_has_a_length_and_a_limit() -> None:
    with pytest.raises(FrameTooLong):
        PacketFramer().receive(bytes.fromhex("90 FF FF FF 7F"))
    with pytest.raises(ContentError, match="no end"):
        PacketFramer().receive(bytes.fromhex("30 FF FF FF FF"))
    with pytest.raises(LocalProtocolError):
        publish("a", bytes(MAX_PACKET_BYTES))
    with pytest.raises(LocalProtocolError):
        publish("a" * 65_536, b"")


@settings(max_examples=100)
@given(
    st.text(max_size=30), st.binary(max_size=300), st.none() | st.integers(1, 65_535), st.booleans(), st.integers(1, 50)
)
def test_a_publication_is_read_back_wherever_it_is_cut(
    topic: str, payload: bytes, number: int | None, retained: bool, at: int
) -> None:
    packet = publish(topic, payload, number, retained=retained) * 2
    framer = PacketFramer()
    found = [parse(*one) for chunk in (packet[:at], packet[at:]) for one in framer.receive(chunk)]
    assert found == [Published(topic, payload, number, 0 if number is None else 1, retained)] * 2
    assert framer.pending_bytes == 0


@settings(max_examples=150)
@given(st.lists(st.binary(max_size=40) | st.sampled_from([bytes.fromhex(row[0]) for row in HEARD]), max_size=8))
def test_any_bytes_give_packets_or_a_remote_fault(chunks: list[bytes]) -> None:
    framer = PacketFramer()
    try:
        for chunk in chunks:
            for one in framer.receive(chunk):
                parse(*one)
    except RemoteProtocolError:
        pass
    assert framer.pending_bytes <= sum(map(len, chunks))
