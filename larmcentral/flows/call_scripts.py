"""What a call of ours says, sealed into the address that the telephone provider calls back.

So a call speaks and takes its key wherever the callback comes in, also while the database is away. The provider's logs
hold no words, and addresses that are found there later open nothing: they are good while the alarm may be answered.
Sealed with AES-SIV (RFC 5297).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from escalation.ids import NoticeId
from larmcentral.domain.errors import NotFound
from larmcentral.ports import Clock

LASTS: Final = timedelta(hours=2)
"""As long as an answer by text message; no call rings, or waits in a provider's queue, for longer."""
SECRET_BYTES: Final = 16
"""The least that a secret must have."""
MESSAGE_CHARS: Final = 600
"""In signs; some 45 s of speech. More of it nobody listens to, and addresses have a length."""
QUESTION_CHARS: Final = 200
LONGEST_TOKEN: Final = 4096
"""In signs: 800 signs of four bytes each, and the rest."""
_BOUND_TO: Final = [b"call script v2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScript:
    """What is read out. notice_id: None for words about ourselves, which ask nothing. language: "sv" or "en"."""

    notice_id: NoticeId | None
    message: str
    question: str
    language: str


class CallScripts:
    """Seals scripts and opens them again."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        """secret: at least SECRET_BYTES; the same in every process of the house, or calls have nothing to say."""
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the secret of calls must have at least {SECRET_BYTES} bytes")
        self._clock = clock
        self._cipher = AESSIV(hmac.new(secret, b"call scripts", hashlib.sha512).digest())

    def seal(self, script: CallScript) -> str:
        """Return the part of an address that stands for a script; urlsafe, some 900 signs at the most."""
        notice = "" if script.notice_id is None else str(script.notice_id)
        words = [notice, script.message[:MESSAGE_CHARS], script.question[:QUESTION_CHARS], script.language]
        dated = [int(self._clock.now().timestamp()), *words]
        sealed = self._cipher.encrypt(json.dumps(dated, ensure_ascii=False).encode(), _BOUND_TO)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")

    def open(self, token: str) -> CallScript:
        """Return the script. Raises NotFound for a token that is not ours or too old, whatever is wrong with it."""
        if len(token) > LONGEST_TOKEN:
            raise NotFound("call")
        try:
            raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
            sealed_s, notice, message, question, language = json.loads(self._cipher.decrypt(raw, _BOUND_TO))
        except (UnicodeEncodeError, binascii.Error, InvalidTag, ValueError):
            raise NotFound("call") from None
        if self._clock.now().timestamp() - sealed_s > LASTS.total_seconds():
            raise NotFound("call")
        return CallScript(
            notice_id=NoticeId(UUID(notice)) if notice else None, message=message, question=question, language=language
        )
