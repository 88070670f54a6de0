"""Answers by ways that know no log-in: a button of the push, a text message, a key of the telephone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Final, assert_never
from uuid import UUID

from escalation.events import Responder
from escalation.ids import NoticeId
from escalation.incident import Refused
from larmcentral.domain.errors import NotFound
from larmcentral.domain.outbox import Settled
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.means import Means

ASKED_WITHIN: Final = timedelta(hours=2)
"""An answer that comes later belongs to no alarm: whoever still goes calls the desk."""
SECRET_BYTES: Final = 16
"""The least that a secret must have: 128 bits cannot be guessed."""
MAC_BYTES: Final = 16
LONGEST_ANSWER: Final = 40
"""In signs. More is a letter and not an answer; somebody at the desk must read it."""


class Answer(Enum):
    """What somebody who was told can say in one word."""

    GOING = "going"
    CANNOT = "cannot"
    ON_SITE = "on_site"


_SAID: Final[Mapping[str, tuple[Answer, str]]] = {
    # Without marks, in small letters. The language is that of the reply.
    **dict.fromkeys(("ja", "j", "1", "kommer", "jag kommer", "ja jag kommer"), (Answer.GOING, "sv")),
    **dict.fromkeys(("nej", "n", "2", "kan inte", "kan ej", "nej kan inte"), (Answer.CANNOT, "sv")),
    **dict.fromkeys(("framme", "3", "pa plats", "jag ar framme"), (Answer.ON_SITE, "sv")),
    **dict.fromkeys(("yes", "y", "going", "coming"), (Answer.GOING, "en")),
    **dict.fromkeys(("no", "cannot", "cant", "can t", "can not"), (Answer.CANNOT, "en")),
    **dict.fromkeys(("here", "on site", "arrived"), (Answer.ON_SITE, "en")),
}
_KEYS: Final[Mapping[str, Answer]] = {"1": Answer.GOING, "2": Answer.CANNOT, "3": Answer.ON_SITE}

_THANKS: Final[Mapping[tuple[Answer, str], str]] = {
    (Answer.GOING, "sv"): "Tack. Du är anmäld som på väg. Svara FRAMME när du är på plats.",
    (Answer.CANNOT, "sv"): "Tack. Vi frågar någon annan.",
    (Answer.ON_SITE, "sv"): "Tack. Du är anmäld som framme.",
    (Answer.GOING, "en"): "Thank you. You are noted as on your way. Reply HERE when you are there.",
    (Answer.CANNOT, "en"): "Thank you. We are asking somebody else.",
    (Answer.ON_SITE, "en"): "Thank you. You are noted as being there.",
}
_SPOKEN_THANKS: Final[Mapping[tuple[Answer, str], str]] = {
    (Answer.GOING, "sv"): "Tack. Du är anmäld som på väg.",
    (Answer.CANNOT, "sv"): "Tack. Vi frågar någon annan.",
    (Answer.ON_SITE, "sv"): "Tack. Du är anmäld som framme.",
    (Answer.GOING, "en"): "Thank you. You are noted as on your way.",
    (Answer.CANNOT, "en"): "Thank you. We are asking somebody else.",
    (Answer.ON_SITE, "en"): "Thank you. You are noted as being there.",
}
_OVER: Final[Mapping[str, str]] = {"sv": "Larmet är avslutat. Tack.", "en": "The alarm is over. Thank you."}
_NOT_YOURS: Final[Mapping[str, str]] = {"sv": "Svaret kunde inte tas emot.", "en": "The answer could not be taken."}
HELPS: Final = 3
"""So often one alarm's answer is asked for anew: a telephone that answers by itself would go on for two hours."""
_HELPED_KEPT: Final = 1000
HELP: Final = "Svaret förstods inte. Svara JA, NEJ eller FRAMME. / Reply YES, NO or HERE."


class Answers:
    """Turns an answer into the responder's own command. What is repeated changes nothing."""

    def __init__(self, means: Means, escalate: Escalate, secret: bytes) -> None:
        """secret: at least SECRET_BYTES; the same in every process of the house, or buttons stop to work."""
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the secret of answers must have at least {SECRET_BYTES} bytes")
        self._store, self._clock, self._escalate, self._secret = means.store, means.clock, escalate, secret
        self._helped: OrderedDict[NoticeId, int] = OrderedDict()

    def token(self, notice_id: NoticeId) -> str:
        """Return the key by which whoever holds this notice may answer it; urlsafe, 43 signs."""
        return base64.urlsafe_b64encode(notice_id.bytes + self._mac(notice_id)).rstrip(b"=").decode("ascii")

    async def by_token(self, token: str, word: str) -> None:
        """Answer the notice that carried the token. word: going, cannot or on_site.

        Raises NotFound for a token that is not ours, Refused (bad_answer, nobody_asked, and what the incident says),
        StoreUnavailable.
        """
        asked = await self._store.answerable(self._read(token))
        if asked is None:
            raise NotFound("notice")
        try:
            answer = Answer(word)
        except ValueError:
            raise Refused("bad_answer") from None
        await self._take(asked, answer)

    async def by_number(self, number: str, text: str) -> str | None:
        """Answer the newest alarm that was sent to a telephone number; return words to send back.

        None where nothing was asked of that number: a stranger gets no reply, and nor does who goes on saying what
        nobody understands. Raises StoreUnavailable.
        """
        asked = await self._store.last_asked(number, self._clock.now() - ASKED_WITHIN)
        if asked is None:
            return None
        said = _SAID.get(_bare(text))
        return self._help(asked.notice_id) if said is None else await self._reply(asked, *said)

    async def by_key(self, number: str, digit: str) -> str | None:
        """The same by a key of the telephone: 1 goes, 2 cannot, 3 is there."""
        asked = await self._store.last_asked(number, self._clock.now() - ASKED_WITHIN)
        if asked is None:
            return None
        answer = _KEYS.get(digit.strip())
        return HELP if answer is None else await self._reply(asked, answer, "sv")

    async def by_call(self, notice_id: NoticeId, digit: str, language: str) -> str | None:
        """Answer the very notice that a call read out, by a key; return words to say.

        language: "sv" or "en". None for a key that means nothing: the question is asked again. Raises StoreUnavailable.
        """
        answer = _KEYS.get(digit.strip())
        if answer is None:
            return None
        asked = await self._store.answerable(notice_id)
        if asked is None:
            return _NOT_YOURS[language]
        return await self._reply(asked, answer, language, _SPOKEN_THANKS)

    def _help(self, notice_id: NoticeId) -> str | None:
        """Say how to answer, some times; None afterwards."""
        times = self._helped.pop(notice_id, 0) + 1
        self._helped[notice_id] = times
        while len(self._helped) > _HELPED_KEPT:
            self._helped.popitem(last=False)
        return HELP if times <= HELPS else None

    async def _reply(
        self, asked: Settled, answer: Answer, language: str, thanks: Mapping[tuple[Answer, str], str] = _THANKS
    ) -> str:
        try:
            await self._take(asked, answer)
        except Refused as refused:
            return (_OVER if refused.reason == "stood_down" else _NOT_YOURS)[language]
        except NotFound:
            return _NOT_YOURS[language]
        return thanks[answer, language]

    async def _take(self, asked: Settled, answer: Answer) -> None:
        if asked.incident_id is None or asked.person_id is None:
            raise Refused("nobody_asked")
        by, sight = Responder(asked.person_id), frozenset({asked.committee_id})
        match answer:
            case Answer.GOING:
                await self._escalate.on_the_way(asked.incident_id, by, sight)
            case Answer.CANNOT:
                await self._escalate.decline(asked.incident_id, by, sight)
            case Answer.ON_SITE:
                await self._escalate.arrived(asked.incident_id, by, sight)
            case _:
                assert_never(answer)

    def _read(self, token: str) -> NoticeId:
        """Return the notice that a token names. Raises NotFound, whatever is wrong with it."""
        try:
            raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise NotFound("notice") from None
        if len(raw) != 16 + MAC_BYTES:
            raise NotFound("notice")
        notice_id = NoticeId(UUID(bytes=raw[:16]))
        if not hmac.compare_digest(raw[16:], self._mac(notice_id)):
            raise NotFound("notice")
        return notice_id

    def _mac(self, notice_id: NoticeId) -> bytes:
        return hmac.new(self._secret, b"answer" + notice_id.bytes, hashlib.sha256).digest()[:MAC_BYTES]


def _bare(text: str) -> str:
    """Return small letters and digits with single spaces: however somebody in a hurry writes "Ja!!"."""
    letters = unicodedata.normalize("NFKD", text[:LONGEST_ANSWER].casefold())
    kept = ("" if unicodedata.combining(c) else c if c.isalnum() else " " for c in letters)
    return " ".join("".join(kept).split())
