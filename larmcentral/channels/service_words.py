"""Words about ourselves, brought into the shape of each medium. Pure."""

from __future__ import annotations

import re
from typing import Final

from larmcentral.channels.cutting import cut, plain, utf8_bytes
from larmcentral.domain.notice import ServiceMessage

TITLE_BYTES: Final = 200
BODY_BYTES: Final = 800
CODE: Final = re.compile(r"(?<![0-9])[0-9]{4,10}(?![0-9])")


def one_text(message: ServiceMessage) -> str:
    """Return the words for a text message or a voice: the body says all by itself."""
    return plain(message.body) or plain(message.title)


def title_and_body(message: ServiceMessage) -> tuple[str, str]:
    """Return both, cut to what a push may carry."""
    body = "\n".join(plain(line) for line in message.body.split("\n"))
    return cut(plain(message.title), TITLE_BYTES, utf8_bytes, "…"), cut(body, BODY_BYTES, utf8_bytes, "…")


def digit_by_digit(text: str) -> str:
    """Return the text with each code spelt out: a voice would read 417730 as a number that nobody can type."""
    return CODE.sub(lambda code: ", ".join(code.group()), text)
