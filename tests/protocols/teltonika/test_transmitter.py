"""What a tracker hears of its receiver, however the bytes arrive."""

from __future__ import annotations

import pytest

from protocols.teltonika.codec import ACCEPT, REFUSE, serialise, serialise_count
from protocols.teltonika.messages import COMMAND, Text
from protocols.teltonika.transmitter import (
    CountAnswer,
    Downlink,
    LoginAnswer,
    PacketAnswer,
    TeltonikaTransmitter,
    parse_packet_answer,
)
from tests.protocols.streams import NOW

COMMANDED = Text(COMMAND, b"getrecord")
STREAM = ACCEPT + serialise_count(2) + serialise(COMMANDED) + serialise_count(16)


@pytest.mark.parametrize("size", [1, 2, 3, 5, len(STREAM)])
def test_answers_and_commands_are_told_apart_however_they_are_cut(size: int) -> None:
    ear = TeltonikaTransmitter()
    heard = [one for at in range(0, len(STREAM), size) for one in ear.receive(STREAM[at : at + size], NOW)]

    assert heard == [LoginAnswer(True), CountAnswer(2), COMMANDED, CountAnswer(16)]


def test_a_refusal_is_heard_and_the_next_answer_is_to_the_next_login() -> None:
    assert TeltonikaTransmitter().receive(REFUSE + ACCEPT, NOW) == [LoginAnswer(False), LoginAnswer(True)]


def test_a_command_that_is_damaged_or_too_long_is_passed_over() -> None:
    ear = TeltonikaTransmitter()
    damaged = serialise(COMMANDED)[:-1] + b"\x00"
    heard: list[Downlink] = [*ear.receive(ACCEPT + damaged + serialise_count(1), NOW)]
    assert heard == [LoginAnswer(True), CountAnswer(1)]

    assert list(ear.receive(bytes(4) + b"\x00\x01\x00\x00" + b"long", NOW)) == []
    assert ear.receive(serialise_count(3), NOW) == [CountAnswer(3)]


def test_the_answer_to_a_packet_names_it() -> None:
    assert parse_packet_answer(bytes.fromhex("0005CAFE010501")) == PacketAnswer(0xCAFE, 5, 1)
    assert parse_packet_answer(bytes.fromhex("0005CAFE0105")) is None
    assert parse_packet_answer(bytes.fromhex("0006CAFE010501")) is None
