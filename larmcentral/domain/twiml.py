"""What Twilio reads: the document of a call, and the signature of its requests. Pure.

Sources: Twilio, "TwiML for Programmable Voice" (Say, Gather, Hangup) and "Security" (X-Twilio-Signature).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

VOICES: Final[Mapping[str, str]] = {"sv": "sv-SE", "en": "en-GB"}
REPEATS: Final = 2
"""So often the message is said again while nobody presses a key."""
KEY_WAIT_S: Final = 6


def asking(message: str, question: str, language: str, pressed_url: str, *, repeats: int = REPEATS) -> str:
    """Return the document of a call that says a message and waits for one key, which ends the saying at any time.

    pressed_url: told of the key. repeats: how often it is said again.
    """
    said = f'<Pause length="{KEY_WAIT_S}"/>'.join([_say(f"{message} {question}".strip(), language)] * (repeats + 1))
    gather = f'<Gather input="dtmf" numDigits="1" timeout="{KEY_WAIT_S}" method="POST" action={quoteattr(pressed_url)}>'
    return _document(f"{gather}{said}</Gather>")


def telling(message: str, language: str, *, times: int = 1) -> str:
    """Return the document of a call that says a message and ends."""
    return _document('<Pause length="1"/>'.join([_say(message, language)] * times) + "<Hangup/>")


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return what X-Twilio-Signature must be. url: as Twilio called it. form: the body's fields."""
    whole = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), whole.encode(), hashlib.sha1).digest()).decode("ascii")


def is_signed(said: str, token: str, url: str, form: Mapping[str, str]) -> bool:
    """Compare in a time that does not tell how much of it was right."""
    return hmac.compare_digest(said.encode("utf-8", "surrogateescape"), signature(token, url, form).encode())


def _say(words: str, language: str) -> str:
    spoken = "".join(sign for sign in words if sign.isprintable())  # XML takes no control signs
    return f'<Say language="{VOICES.get(language, VOICES["sv"])}">{escape(spoken)}</Say>'


def _document(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
