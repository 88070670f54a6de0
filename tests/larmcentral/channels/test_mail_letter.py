"""A mail as it is handed over: nobody adds a header to it."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.chain import Channel
from larmcentral.channels.mail_letter import AddressRefused, letter_of, service_letter
from larmcentral.channels.wording import MailWords
from larmcentral.domain.notice import ServiceMessage

NAME = UUID("0199f0a0-0000-7000-8000-000000000001")
NOW = datetime(2026, 11, 22, 13, 2, 3, tzinfo=UTC)
SENDER = "Larmcentralen Ö <larm@exempel.se>"
BO = "bo@exempel.se"
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Importance",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip


def test_a_letter_in_full() -> None:
    words = MailWords(subject="ÖVERFALLSLARM – Anna K", body="Storgatan 5, våning 3\nkl. 14:02 €")

    letter = letter_of(words, NAME, address=BO, sender=SENDER, now=NOW)

    assert letter.content.isascii()
    assert letter.message_id == f"{NAME}@exempel.se"
    read = email.message_from_bytes(letter.content, policy=email.policy.default)
    assert sorted(read.keys()) == sorted(HEADERS)
    assert str(read["From"]) == SENDER
    assert (str(read["To"]), str(read["Subject"])) == (BO, "ÖVERFALLSLARM – Anna K")
    assert str(read["Date"]) == "Sun, 22 Nov 2026 13:02:03 +0000"
    assert str(read["Message-ID"]) == f"<{NAME}@exempel.se>"
    assert (str(read["Auto-Submitted"]), str(read["Importance"])) == ("auto-generated", "high")
    assert read.get_content_type() == "text/plain"
    assert read.get_content().replace("\r\n", "\n") == words.body + "\n"


@given(subject=st.text(), body=st.text(), host=st.sampled_from(["a.se", "x-y.exempel.se"]))
def test_whatever_stands_in_the_words_the_headers_are_ours(subject: str, body: str, host: str) -> None:
    words = MailWords(subject=subject + "\r\nBcc: eve@exempel.se", body=body + "\r\n.\r\nMAIL FROM:<x>")

    letter = letter_of(words, NAME, address=f"bo@{host}", sender=SENDER, now=NOW)

    read = email.message_from_bytes(letter.content, policy=email.policy.default)
    assert sorted(read.keys()) == sorted(HEADERS)
    assert len(str(read["Subject"])) <= 200
    assert all(len(line) <= 998 for line in letter.content.split(b"\r\n"))


def test_a_long_subject_of_long_letters_stays_one_subject() -> None:
    words = MailWords(subject="ÅÄÖ-" * 100, body="x")

    read = email.message_from_bytes(
        letter_of(words, NAME, address=BO, sender=SENDER, now=NOW).content, policy=email.policy.default
    )

    assert str(read["Subject"]) == ("ÅÄÖ-" * 100)[:199] + "…"


def message(link: str | None, body: str = "Tryck på länken & bekräfta <nu>.") -> ServiceMessage:
    return ServiceMessage(
        id=NAME, channel=Channel.MAIL, address=BO, language="sv", title="Bekräfta", body=body, link=link
    )


def test_a_link_stands_in_the_text_and_on_a_page_that_is_read_aloud() -> None:
    link = "https://larm.exempel.se/api/proofs/abc?x=1&y=2"

    read = email.message_from_bytes(
        service_letter(message(link), sender=SENDER, now=NOW).content, policy=email.policy.default
    )

    text, page = read.get_body(("plain",)), read.get_body(("html",))
    assert text is not None
    assert page is not None
    assert link in text.get_content().splitlines()
    html = page.get_content()
    assert '<html lang="sv">' in html
    assert "<h1>Bekräfta</h1>" in html
    assert "<p>Tryck på länken &amp; bekräfta &lt;nu&gt;.</p>" in html
    assert '<a href="https://larm.exempel.se/api/proofs/abc?x=1&amp;y=2">' in html
    assert "Importance" not in read


@pytest.mark.parametrize(
    "link", [None, "javascript:alert(1)", "/api/proofs/x", 'https://x.se/">', "https://x.se/\r\nBcc: x"]
)
def test_without_a_link_that_is_one_there_is_only_text(link: str | None) -> None:
    read = email.message_from_bytes(
        service_letter(message(link), sender=SENDER, now=NOW).content, policy=email.policy.default
    )

    quoted = link is not None and link.startswith('https://x.se/"')
    assert read.get_content_type() == ("multipart/alternative" if quoted else "text/plain")
    assert b'href="https://x.se/">' not in read.as_bytes()


@pytest.mark.parametrize(
    "address",
    ["", "bo", "bo@", "@exempel.se", "bo@exempel.se\r\nRCPT TO:<x@y.se>", "Bo <bo@exempel.se>", "bö@exempel.se",
     "a@b@c.se", "bo@exem pel.se", "bo@-x.se", "x" * 65 + "@exempel.se", "bo@" + "x" * 254, "<bo@exempel.se>",
     "bo@exempel.se "],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        letter_of(MailWords(subject="x", body="y"), NAME, address=address, sender=SENDER, now=NOW)

    assert not address or address not in str(refused.value)
