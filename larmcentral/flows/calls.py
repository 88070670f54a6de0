"""A call of ours, as the telephone provider tells of it: answered, a key pressed, ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import structlog

from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.outbox import NoticeState
from larmcentral.flows.answers import Answers
from larmcentral.flows.call_scripts import CallScript, CallScripts
from larmcentral.flows.means import Means
from larmcentral.flows.settling import Settling

log = structlog.get_logger(__name__)

_AGAIN: Final = {
    "sv": "Svaret kunde inte tas emot just nu. Tryck en gång till.",
    "en": "The answer could not be taken just now. Press once more.",
}
_OPEN: Final = frozenset({NoticeState.PENDING, NoticeState.SENT})


@dataclass(frozen=True, slots=True)
class Said:
    """What the call says next. words: said first, "" for none. ask: whether the question is asked (again) after it."""

    words: str
    ask: bool


class Calls:
    """Knows each call by the script in its address."""

    def __init__(self, means: Means, scripts: CallScripts, answers: Answers, settling: Settling) -> None:
        self._store, self._clock = means.store, means.clock
        self._scripts, self._answers, self._settling = scripts, answers, settling

    def script(self, token: str) -> CallScript:
        """Return what is read out. Raises NotFound."""
        return self._scripts.open(token)

    def reply(self, words: str, language: str) -> str:
        """Return the token of other words that the same call says, where a provider fetches all it plays."""
        return self._scripts.seal(CallScript(notice_id=None, message=words, question="", language=language))

    async def pressed(self, token: str, digit: str) -> Said:
        """Take a key: 1 goes, 2 cannot, 3 is there. digit: "" where none was pressed. Raises NotFound."""
        script = self._scripts.open(token)
        if script.notice_id is None:
            return Said("", ask=False)
        try:
            words = await self._answers.by_call(script.notice_id, digit, script.language)
        except StoreUnavailable:
            return Said(_AGAIN[script.language], ask=True)  # words, for an error would be read out by the provider
        return Said("", ask=True) if words is None else Said(words, ask=False)

    async def came_to(self, token: str, provider_id: str, *, answered: bool, reason: str) -> None:
        """The call was answered, or it ended and never was. Repeatable; the first word counts.

        reason: the provider's, "busy" or the like. Raises NotFound, StoreUnavailable.
        """
        script = self._scripts.open(token)
        found = None if script.notice_id is None else await self._store.answerable(script.notice_id)
        if found is None:
            log.info("call_of_no_notice", about_ourselves=script.notice_id is None)
            return
        if found.state not in _OPEN or (found.provider_id is not None and found.provider_id != provider_id):
            return  # told before, or of an earlier call than the one that counts now
        state = NoticeState.DELIVERED if answered else NoticeState.FAILED
        self._settling.put(replace(found, state=state, at=self._clock.now(), reason=reason, provider_id=provider_id))
