"""One text message in SMPP's terms: how we hand it over, what the centre's answer means, what somebody wrote to us.

Source: SMPP v3.4, sections 5.1.3 (statuses), 5.2.5 and 5.2.6 (kinds of numbers), 5.2.19 (data_coding).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from larmcentral.channels.gsm7 import is_gsm7
from larmcentral.channels.phone_number import E164
from larmcentral.domain.notice import Delivery, DeliveryState
from protocols import smpp
from protocols.gsm_alphabet import decode_gsm7, decode_ucs2, encode_gsm7, encode_ucs2
from protocols.smpp import Address, Answer, Message, Submit, status_name
from protocols.smpp_receipt import HEADER_BIT

INTERNATIONAL: Final = 1
NAME: Final = 5
TELEPHONE_PLAN: Final = 1
NO_PLAN: Final = 0
WITH_RECEIPT: Final = 1

# What speaks against this number or text, and not against the centre (section 5.1.3).
NEVER: Final = frozenset({0x01, 0x0B, 0x34, 0x50, 0x51, 0x65, 0x66, 0xFE})
# Our own sender, service or rights.
ABOUT_US: Final = frozenset({0x0A, 0x0F, 0x0E, 0x15, 0x43, 0x48, 0x49, 0x53})
PATIENCE: Final = {smpp.THROTTLED, smpp.QUEUE_FULL}


def submit_of(sender: str, number: str, words: str) -> Submit:
    """Return the order to send one message. sender: a name, or a number in E.164 as number is. words: one message."""
    short = is_gsm7(words)
    source = Address(NAME, NO_PLAN, sender)
    if sender.startswith("+"):
        source = Address(INTERNATIONAL, TELEPHONE_PLAN, sender[1:])
    return Submit(
        Message(
            source=source,
            destination=Address(INTERNATIONAL, TELEPHONE_PLAN, number[1:]),
            text=encode_gsm7(words) if short else encode_ucs2(words),
            coding=smpp.GSM7 if short else smpp.UCS2,
            registered_delivery=WITH_RECEIPT,
        )
    )


def delivery(answer: Answer, throttle_pause: timedelta) -> Delivery:
    """Return what the answer to submit_sm means. Statuses that we do not know may pass."""
    word = status_name(answer.status)
    if answer.status == smpp.OK:
        if not answer.text:
            return Delivery(state=DeliveryState.RETRY, reason="ESME_ROK without a message id: not a centre's answer")
        return Delivery(state=DeliveryState.SENT, provider_id=answer.text, answer=word)
    if answer.status in NEVER:
        return Delivery(state=DeliveryState.REFUSED, reason=word, answer=word)
    if answer.status in ABOUT_US:
        return Delivery(
            state=DeliveryState.REFUSED, reason=f"{word} (our sender or rights)", answer=word, about_us=True
        )
    pause = throttle_pause if answer.status in PATIENCE else None
    return Delivery(state=DeliveryState.RETRY, reason=word, retry_after=pause, answer=word)


def sender_number(source: Address) -> str | None:
    """Return who wrote, in E.164; None for names and short numbers, which no contact point has."""
    digits = source.value.removeprefix("+").removeprefix("00")
    number = f"+{digits}"
    return number if source.ton != NAME and E164.fullmatch(number) else None


def words_of(message: Message) -> str:
    """Return what somebody wrote; a part of a long message without its header."""
    octets = message.text
    if message.esm_class & HEADER_BIT and octets:
        octets = octets[1 + octets[0] :]
    match message.coding:
        case smpp.UCS2:
            return decode_ucs2(octets)
        case smpp.LATIN1:
            return octets.decode("latin-1")
        case _:
            return decode_gsm7(octets)
