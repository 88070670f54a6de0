"""What calls by any provider share: the script of a call, and where its callbacks come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from larmcentral.channels.cutting import cut
from larmcentral.channels.http_client import check_endpoint
from larmcentral.channels.phone_number import E164
from larmcentral.channels.service_words import digit_by_digit, one_text
from larmcentral.channels.wording import Wording
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Outward, ServiceMessage
from larmcentral.flows.call_scripts import MESSAGE_CHARS, CallScript

SealOf = Callable[[CallScript], str]
"""Makes the part of an address that stands for a call."""

RING_S: Final = timedelta(seconds=45)
"""Some seven signals; after that a voice mail often answers, and nobody presses a key there."""
LONGEST_RING: Final = timedelta(minutes=2)


def script_of(notice: Outward, wording: Wording, *, in_english: bool = False) -> CallScript:
    """Return what a notice says on the telephone. in_english: whatever the person reads, for want of another voice."""
    words = wording.spoken(replace(notice.text, language="en") if in_english else notice.text)
    message = cut(words.message, MESSAGE_CHARS, len, "…")
    return CallScript(notice_id=notice.id, message=message, question=words.question, language=words.language)


def script_of_ourselves(message: ServiceMessage) -> CallScript:
    """Return the same for words about ourselves; nothing is asked."""
    language = "en" if message.language.lower().startswith("en") else "sv"
    return CallScript(notice_id=None, message=digit_by_digit(one_text(message)), question="", language=language)


def script_for_a_centre(call: CentreCall) -> CallScript:
    """Return the same for agreed words to a centre; nothing is asked there either."""
    language = "en" if call.language == "en" else "sv"
    return CallScript(notice_id=None, message=call.words, question="", language=language)


def check_call_settings(number: str, answer_url: str, endpoint: str, ring: timedelta) -> None:
    """Raise ValueError for settings of a voice provider that cannot be."""
    check_endpoint(endpoint)
    check_endpoint(answer_url)
    if not E164.fullmatch(number):
        raise ValueError("the number that we call from must be in E.164")
    if not timedelta(seconds=5) <= ring <= LONGEST_RING:
        raise ValueError("ring must be 5 seconds to 2 minutes")


def callback(answer_url: str, provider: str, token: str, what: str) -> str:
    """Return an address of ours that a provider calls. answer_url: our API's base, such as https://larm.example/api."""
    return f"{answer_url.rstrip('/')}/voice/{provider}/{token}/{what}"
