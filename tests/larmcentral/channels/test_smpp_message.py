"""One text message in SMPP's terms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from larmcentral.channels.smpp_message import delivery, sender_number, submit_of, words_of
from larmcentral.domain.notice import Delivery, DeliveryState
from protocols.smpp import STATUS_NAMES, SUBMIT_SM, UCS2, Address, Answer, Message
from tests.larmcentral.channels.support import NUMBER

PAUSE = timedelta(seconds=3)


def test_swedish_letters_and_the_euro_go_in_the_gsm_alphabet() -> None:
    message = submit_of("Larmet", NUMBER, "ÅÄÖ åäö €").message

    assert (message.source, message.destination) == (Address(5, 0, "Larmet"), Address(1, 1, NUMBER[1:]))
    assert (message.coding, message.text) == (0, bytes.fromhex("0e5b5c200f7b7c201b65"))
    assert message.registered_delivery == 1


def test_a_sign_outside_of_it_takes_ucs2_for_all_and_a_number_can_be_answered() -> None:
    message = submit_of("+46700000001", NUMBER, "Łódź").message

    assert message.source == Address(1, 1, "46700000001")
    assert (message.coding, message.text) == (UCS2, "Łódź".encode("utf-16-be"))


REFUSED = {0x01, 0x0B, 0x50, 0x51, 0x65, 0x66, 0xFE}
ABOUT_US = {0x0A, 0x0E, 0x0F, 0x15, 0x43, 0x48, 0x49, 0x53}


@pytest.mark.parametrize("status", [*STATUS_NAMES, 0x401])
def test_every_status_has_a_meaning(status: int) -> None:
    said = delivery(Answer(to=SUBMIT_SM, status=status, text="a1" if status == 0 else ""), PAUSE)

    if status == 0:
        assert said == Delivery(state=DeliveryState.SENT, provider_id="a1", answer="ESME_ROK")
    elif status in REFUSED | ABOUT_US:
        assert (said.state, said.about_us) == (DeliveryState.REFUSED, status in ABOUT_US)
    else:
        assert said.state is DeliveryState.RETRY
        assert said.retry_after == (PAUSE if status in (0x58, 0x14) else None)


def test_yes_without_a_message_id_is_no_yes() -> None:
    assert delivery(Answer(to=SUBMIT_SM), PAUSE).state is DeliveryState.RETRY


@pytest.mark.parametrize(
    ("source", "number"),
    [
        (Address(1, 1, "46700000017"), NUMBER),
        (Address(0, 0, "+46700000017"), NUMBER),
        (Address(0, 1, "0046700000017"), NUMBER),
        (Address(2, 1, "0700000017"), None),
        (Address(5, 0, "Telia"), None),
        (Address(5, 0, "46700000017"), None),
        (Address(3, 1, "72456"), None),
        (Address(1, 1, ""), None),
    ],
)
def test_who_wrote_is_a_whole_number_or_nobody(source: Address, number: str | None) -> None:
    assert sender_number(source) == number


@pytest.mark.parametrize(
    ("coding", "octets", "words"),
    [
        (0, bytes.fromhex("4a41200f"), "JA å"),
        (1, b"JA", "JA"),
        (3, "JA å".encode("latin-1"), "JA å"),
        (8, "JA å".encode("utf-16-be"), "JA å"),
    ],
)
def test_what_was_written_is_read_in_its_alphabet(coding: int, octets: bytes, words: str) -> None:
    source, destination = Address(1, 1, NUMBER[1:]), Address(1, 1, "46")
    whole = Message(source=source, destination=destination, text=octets, coding=coding)
    part = Message(
        source=source, destination=destination, text=b"\x05\x00\x03\x01\x02\x01" + octets, coding=coding, esm_class=0x40
    )

    assert (words_of(whole), words_of(part)) == (words, words)
