"""What the house says about itself fits where it goes, in both languages, and is never taken for an alarm."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation.chain import Channel
from larmcentral.channels.gsm7 import fits_one_message
from larmcentral.domain.contact import ProofBy, proof_by
from larmcentral.domain.service_words import (
    LONGEST_SIGNS,
    PAGER_SIGNS,
    ServiceWords,
    words_of_proof,
    words_of_row_test,
    words_of_test,
)

AT = datetime(2026, 7, 1, 12, 5, tzinfo=UTC)
ZONE = "Europe/Stockholm"
PEOPLES = [channel for channel in Channel if channel not in {Channel.CONSOLE, Channel.RECEIVER}]
BY_TELEPHONE = {Channel.SMS, Channel.VOICE}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("channel", PEOPLES)
def test_a_test_says_that_it_is_one_and_when(channel: Channel, language: str) -> None:
    words = words_of_test(channel, language, AT, ZONE)
    mark = "TEST" if language == "en" else "PROV"
    assert mark in words.title
    assert words.body.startswith(mark)
    assert ("14.05" if channel is Channel.VOICE else "14:05") in words.body
    assert fits_one_message(words.body)
    assert len(words.body) <= (PAGER_SIGNS if channel is Channel.PAGER else LONGEST_SIGNS)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("channel", [one for one in PEOPLES if proof_by(one) is not ProofBy.SEEN])
def test_a_proof_says_that_it_is_no_alarm(channel: Channel, language: str) -> None:
    by = proof_by(channel)
    words = words_of_proof(by, channel, language, "123456")
    said = words.body.lower()
    assert ("no alarm" in said or "not an alarm" in said) if language == "en" else "inget larm" in said
    if by is ProofBy.CODE:
        assert ("1, 2, 3, 4, 5, 6" if channel is Channel.VOICE else "123456") in words.body
        assert fits_one_message(words.body)
    else:
        assert "123456" not in words.body + words.title


def test_the_languages_differ_and_an_unknown_one_is_swedish() -> None:
    swedish, english = (words_of_test(Channel.SMS, language, AT, ZONE) for language in ("sv", "en"))
    assert swedish != english
    assert words_of_test(Channel.SMS, "fi", AT, ZONE) == swedish


def test_a_mail_without_a_link_carries_the_code() -> None:
    assert "123456" in words_of_proof(ProofBy.CODE, Channel.MAIL, "sv", "123456").body


def test_what_is_proven_by_eye_has_no_proof_to_word() -> None:
    with pytest.raises(ValueError, match="test"):
        words_of_proof(ProofBy.SEEN, Channel.PAGER, "sv", "123456")


def test_a_rows_test_is_marked_in_both_languages() -> None:
    assert isinstance(words_of_row_test(), ServiceWords)
    assert words_of_row_test().body.startswith("PROV/TEST")
