"""What Twilio reads, and what it signs."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.domain.twiml import asking, is_signed, signature, telling

URL = "https://larm.example/api/voice/twilio/t/pressed?again=2"


def test_a_question_is_said_three_times_and_waits_for_one_key() -> None:
    document = ElementTree.fromstring(asking("Larm.", "Tryck 1.", "sv", URL))

    (gather,) = document
    assert (document.tag, gather.tag) == ("Response", "Gather")
    assert (gather.attrib["action"], gather.attrib["numDigits"], gather.attrib["input"]) == (URL, "1", "dtmf")
    assert [(said.tag, said.text) for said in gather if said.tag == "Say"] == [("Say", "Larm. Tryck 1.")] * 3
    assert {said.attrib["language"] for said in gather.findall("Say")} == {"sv-SE"}


def test_words_are_told_and_the_call_ends() -> None:
    document = ElementTree.fromstring(telling("Thank you.", "en", times=2))

    assert [part.tag for part in document] == ["Say", "Pause", "Say", "Hangup"]
    assert document[0].attrib["language"] == "en-GB"


@given(st.text())
def test_any_words_give_a_document(words: str) -> None:
    said = ElementTree.fromstring(telling(words, "sv").encode("utf-8", "surrogatepass"))[0].text or ""

    assert said == "".join(sign for sign in words if sign.isprintable())


def test_the_signature_of_twilios_own_example() -> None:
    """Twilio, "Security": the worked example, with its token 12345."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    url = "https://example.com/myapp.php?foo=1&bar=2"

    assert signature("12345", url, form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="
    assert is_signed("L/OH5YylLD5NRKLltdqwSvS0BnU=", "12345", url, form)


@pytest.mark.parametrize("said", ["", "x", "å", "L/OH5YylLD5NRKLltdqwSvS0BnU="])
def test_another_signature_is_none(said: str) -> None:
    assert not is_signed(said, "token", URL, {"Digits": "1"})
