"""What calls share."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.voice import (
    callback,
    check_call_settings,
    script_for_a_centre,
    script_of,
    script_of_ourselves,
)
from larmcentral.domain.forwarding import CentreCall
from larmcentral.flows.call_scripts import MESSAGE_CHARS
from tests.larmcentral.channels.support import NUMBER, WORDING, about_ourselves, outward, some_id, text

NOTICE = outward(channel=Channel.VOICE)


def test_a_notice_is_said_in_the_persons_language_and_asks() -> None:
    script, words = script_of(NOTICE, WORDING), WORDING.spoken(NOTICE.text)

    assert (script.notice_id, script.message, script.question) == (some_id("notice"), words.message, words.question)
    assert (script.language, script_of(NOTICE, WORDING, in_english=True).language) == ("sv", "en")


def test_endless_words_are_cut() -> None:
    words = text(subject="Anna " * 100, place="Storgatan " * 100)

    assert len(script_of(outward(words=words), WORDING).message) <= MESSAGE_CHARS


def test_words_about_ourselves_spell_the_code_and_ask_nothing() -> None:
    script = script_of_ourselves(about_ourselves(Channel.VOICE, NUMBER, language="en-GB"))

    assert (script.notice_id, script.question, script.language) == (None, "", "en")
    assert script.message == "PROV. Koden är 4, 1, 7, 7, 3, 0."


def test_a_centre_hears_what_was_agreed() -> None:
    call = CentreCall(id=UUID(int=1), purpose=Purpose.REAL, number=NUMBER, words="Överfallslarm 7KQ2.", language="sv")

    assert script_for_a_centre(call).message == "Överfallslarm 7KQ2."


def test_a_callback_is_an_address_of_ours() -> None:
    assert (
        callback("https://larm.example/api/", "twilio", "t", "ended") == "https://larm.example/api/voice/twilio/t/ended"
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"number": "0700000017"},
        {"answer_url": "http://larm.example/api"},
        {"endpoint": "http://api.example"},
        {"ring": timedelta(seconds=1)},
        {"ring": timedelta(minutes=3)},
    ],
)
def test_settings_that_cannot_be_are_refused(bad: dict[str, object]) -> None:
    good: dict[str, object] = {
        "number": NUMBER,
        "answer_url": "https://larm.example/api",
        "endpoint": "https://api.example",
        "ring": timedelta(seconds=30),
    }
    check_call_settings(**good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"E\.164|https|ring"):
        check_call_settings(**good | bad)  # type: ignore[arg-type]
