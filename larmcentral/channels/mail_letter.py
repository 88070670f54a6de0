"""A mail as it is handed to a server: headers that nobody can add to, and words for people and for readers aloud.

Names and places come from people, so every line that becomes a header is one line here, whatever stood in it.
Sources: RFC 5322 (headers), 2046 (alternatives), 3834 (Auto-Submitted), 2156 (Importance).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Final
from uuid import UUID

from larmcentral.channels.cutting import cut, plain
from larmcentral.channels.wording import MailWords
from larmcentral.domain.notice import ServiceMessage

# A dot-atom and a host name, in ASCII (RFC 5321, section 4.1.2); quoted local parts reach nobody that we know.
ADDRESS: Final = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
SUBJECT_CHARS: Final = 200
LINK: Final = re.compile(r"https?://[!-~]{1,2000}")


class AddressRefused(ValueError):
    """Not an address that a mail can go to. Says why; does not repeat the address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. content: all of it in ASCII, lines ended by CR LF. message_id: without brackets."""

    address: str
    message_id: str
    content: bytes


def letter_of(words: MailWords, name: UUID, *, address: str, sender: str, now: datetime) -> Letter:
    """Return the mail of a notice. name: its id, which makes the Message-ID. Raises AddressRefused."""
    message, message_id = _headers(words.subject, name, address=address, sender=sender, now=now)
    message["Importance"] = "high"
    message.set_content(_lines(words.body), cte="quoted-printable")
    return Letter(address, message_id, message.as_bytes())


def service_letter(told: ServiceMessage, *, sender: str, now: datetime) -> Letter:
    """Return a mail about ourselves, with its link on a line of its own. Raises AddressRefused."""
    message, message_id = _headers(told.title, told.id, address=told.address, sender=sender, now=now)
    body = _lines(told.body)
    link = told.link if told.link is not None and LINK.fullmatch(told.link) else None
    message.set_content(body if link is None else f"{body}\n{link}\n", cte="quoted-printable")
    if link is not None:
        message.add_alternative(_html(told, body, link), subtype="html", cte="quoted-printable")
    return Letter(told.address, message_id, message.as_bytes())


def _headers(subject: str, name: UUID, *, address: str, sender: str, now: datetime) -> tuple[EmailMessage, str]:
    if not ADDRESS.fullmatch(address):
        raise AddressRefused("not a mail address (in ASCII, as name@host)")
    own_name, own_address = parseaddr(sender)
    message_id = f"{name}@{own_address.rpartition('@')[2]}"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=own_name, addr_spec=own_address)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = cut(plain(subject), SUBJECT_CHARS, len, "…")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"  # Exchange's word for the same: no "out of office" to us
    return message, message_id


def _lines(body: str) -> str:
    return "\n".join(plain(line) for line in body.split("\n")).rstrip() + "\n"


def _html(told: ServiceMessage, body: str, link: str) -> str:
    """A page that a screen reader reads as a heading, paragraphs and a link that says its own address."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in body.split("\n") if line)
    language = "en" if told.language == "en" else "sv"
    title = escape(plain(told.title))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body><h1>{title}</h1>{paragraphs}<p><a href="{escape(link)}">{escape(link)}</a></p></body></html>\n'
    )
