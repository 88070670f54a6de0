"""A provider says later what became of a notice."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import structlog

from larmcentral.domain.outbox import NoticeState
from larmcentral.flows.means import Means
from larmcentral.flows.settling import Settling

LOOK_AGAIN_AFTER_S: Final = (0.3, 1.0)
"""Results gather for a tenth of a second before they are filed."""

log = structlog.get_logger(__name__)


class Receipts:
    """Files delivery reports; one about a notice we do not know is logged and forgotten."""

    def __init__(self, means: Means, settling: Settling) -> None:
        self._store, self._clock, self._settling = means.store, means.clock, settling

    async def __call__(self, provider_id: str, delivered: bool, reason: str) -> None:
        """Take a report. provider_id: the provider's own name for the message. Repeatable.

        A report may be faster than our own writing down of the name: so it is looked for again before it is given up.
        """
        found = await self._store.find_notice(provider_id)
        for pause_s in LOOK_AGAIN_AFTER_S:
            if found is None:
                await self._clock.sleep(pause_s)
                found = await self._store.find_notice(provider_id)
        if found is None:
            log.info("receipt_of_nothing")
            return
        state = NoticeState.DELIVERED if delivered else NoticeState.FAILED
        self._settling.put(replace(found, state=state, at=self._clock.now(), reason=reason))
