"""Words about ourselves in the shape of each medium."""

from __future__ import annotations

from escalation.chain import Channel
from larmcentral.channels.service_words import BODY_BYTES, TITLE_BYTES, digit_by_digit, one_text, title_and_body
from tests.larmcentral.channels.support import NUMBER, about_ourselves


def test_a_text_message_has_the_body_alone() -> None:
    assert one_text(about_ourselves(Channel.SMS, NUMBER)) == "PROV. Koden är 417730."
    assert one_text(about_ourselves(Channel.SMS, NUMBER, body="")) == "Prov från larmcentralen"


def test_a_push_has_both_and_neither_is_endless() -> None:
    title, body = title_and_body(about_ourselves(Channel.APNS, "x", title="å" * 500, body="b\x00\r\nc" + "ö" * 2000))

    assert len(title.encode()) <= TITLE_BYTES
    assert len(body.encode()) <= BODY_BYTES
    assert body.startswith("b\nc")


def test_a_voice_says_a_code_sign_by_sign() -> None:
    assert digit_by_digit("Koden är 417730, kl. 14.02.") == "Koden är 4, 1, 7, 7, 3, 0, kl. 14.02."
