"""What became of a message, in the words of different centres."""

from __future__ import annotations

import pytest

from protocols.smpp import Address, Message
from protocols.smpp_receipt import MessageState, Receipt, is_receipt, parse_receipt

USUAL = "id:0000000001 sub:001 dlvrd:001 submit date:2611221304 done date:2611221305 stat:{} err:000 text:HJALP"


def receipt(text: str, **options: bytes) -> Message:
    tags = {"name": 0x001E, "state": 0x0427}
    return Message(
        source=Address(1, 1, "46700000017"),
        destination=Address(5, 0, "Larmet"),
        text=text.encode("latin-1"),
        esm_class=4,
        options=tuple((tags[tag], value) for tag, value in options.items()),
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("DELIVRD", MessageState.DELIVERED),
        ("UNDELIV", MessageState.LOST),
        ("EXPIRED", MessageState.LOST),
        ("REJECTD", MessageState.LOST),
        ("DELETED", MessageState.LOST),
        ("ENROUTE", MessageState.UNDER_WAY),
        ("ACCEPTD", MessageState.UNDER_WAY),
        ("UNKNOWN", MessageState.UNDER_WAY),
    ],
)
def test_the_usual_text(word: str, state: MessageState) -> None:
    assert parse_receipt(receipt(USUAL.format(word))) == Receipt("0000000001", state, word)


def test_a_network_error_that_is_no_number_and_seconds_in_the_dates_harm_nothing() -> None:
    text = "id:7f-A sub:001 dlvrd:001 submit date:261122130405 done date:261122130406 stat:DELIVRD err:0B1 Text:"

    assert parse_receipt(receipt(text)) == Receipt("7f-A", MessageState.DELIVERED, "DELIVRD")


def test_optional_parameters_win() -> None:
    said = receipt(USUAL.format("ENROUTE"), name=b"a1\0", state=b"\x02")

    assert parse_receipt(said) == Receipt("a1", MessageState.DELIVERED, "DELIVRD")
    assert parse_receipt(receipt("", name=b"a1\0", state=b"\x05")) == Receipt("a1", MessageState.LOST, "UNDELIV")


@pytest.mark.parametrize("text", ["", "id:1", "stat:DELIVRD", USUAL.format("GONE"), "id: stat:DELIVRD"])
def test_what_names_no_message_or_state_is_none(text: str) -> None:
    assert parse_receipt(receipt(text)) is None


def test_somebodys_words_are_no_receipt() -> None:
    words = Message(source=Address(1, 1, "46700000017"), destination=Address(1, 1, "46"), text=b"JA", esm_class=0x40)

    assert not is_receipt(words)
    assert is_receipt(receipt(""))
