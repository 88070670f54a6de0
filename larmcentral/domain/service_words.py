"""What the house says about itself, in Swedish or English: tests, codes and links. No personal data, no alarm words.

body says all by itself, for what has no title (a text message, a call, a pager); title is what a screen shows first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from escalation.chain import Channel
from larmcentral.domain.contact import ProofBy

LONGEST_SIGNS: Final = 160
"""Every body for a telephone fits one text message of GSM 03.38, whose alphabet holds all its letters."""
PAGER_SIGNS: Final = 40


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """title: one line. body: one paragraph."""

    title: str
    body: str


def words_of_test(channel: Channel, language: str, at: datetime, zone: str) -> ServiceWords:
    """Word a test. at: when it was asked for, so that one test is told from the next. zone: IANA name."""
    time = f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
    english = language == "en"
    if channel is Channel.PAGER:
        return (
            ServiceWords("TEST", f"TEST alarm centre {time}")
            if english
            else ServiceWords("PROV", f"PROV larmcentral {time}")
        )
    if channel is Channel.VOICE:
        time = time.replace(":", ".")
    if english:
        return ServiceWords(
            "TEST from the alarm centre", f"TEST. A test from the alarm centre at {time}. No alarm: nothing to do."
        )
    return ServiceWords(
        "PROV från larmcentralen",
        f"PROV. Prov från larmcentralen klockan {time}. Inget larm: du behöver inte göra något.",
    )


def words_of_proof(by: ProofBy, channel: Channel, language: str, code: str) -> ServiceWords:
    """Word what proves a contact point. code: six digits, used where it is proven by code."""
    english = language == "en"
    title = "Confirm your contact point" if english else "Bekräfta din kontaktväg"
    match by:
        case ProofBy.CODE if channel is Channel.VOICE:
            slowly = ", ".join(code)
            if english:
                return ServiceWords(
                    title, f"Your code from the alarm centre is {slowly}. Once more: {slowly}. This is no alarm."
                )
            return ServiceWords(
                title, f"Din kod från larmcentralen är {slowly}. En gång till: {slowly}. Det här är inget larm."
            )
        case ProofBy.CODE:
            if english:
                return ServiceWords(
                    title,
                    f"Code from the alarm centre: {code}. Good for 10 minutes. Not an alarm. Give it to nobody else.",
                )
            return ServiceWords(
                title,
                f"Kod från larmcentralen: {code}. Gäller i 10 minuter. Inget larm. Lämna den inte till någon annan.",
            )
        case ProofBy.LINK:
            if english:
                return ServiceWords(
                    title,
                    "Somebody entered this address as a way to reach you from the alarm centre. Follow the link within "
                    "24 hours and confirm it. If it was not you, do nothing. This is no alarm.",
                )
            return ServiceWords(
                title,
                "Någon har lagt in den här adressen som ett sätt att nå dig från larmcentralen. Följ länken inom 24 "
                "timmar och bekräfta. Var det inte du: gör ingenting. Det här är inget larm.",
            )
        case ProofBy.PUSH:
            if english:
                return ServiceWords(title, "First message from the alarm centre to this app. No alarm: tap to confirm.")
            return ServiceWords(
                title, "Första meddelandet från larmcentralen till appen. Inget larm: tryck för att bekräfta."
            )
        case ProofBy.SEEN:
            raise ValueError("what is proven by eye is a test")
        case _:
            assert_never(by)


def words_of_row_test() -> ServiceWords:
    """Mark a row's test for a centre; the row's own texts are its forwarder's to fill in."""
    return ServiceWords("PROV/TEST", "PROV/TEST. Överenskommet prov av en rad i kodlistan. Inget larm.")
