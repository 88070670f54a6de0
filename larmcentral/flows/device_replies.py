"""A device answers words that went down to it: the answer is written beside them, and on the incident's timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from larmcentral.domain.device import Downlink
from larmcentral.domain.errors import Collision
from larmcentral.domain.order import ANSWER_SIGNS, ANSWER_WITHIN
from larmcentral.domain.record import NewSignal
from larmcentral.flows.means import Means
from larmcentral.flows.telling import Telling
from protocols.orders import REPLY
from protocols.signal import SignalKind

BETWEEN: Final = "; "


def is_reply(new: NewSignal) -> bool:
    """Say whether a signal is a device's answer to words of ours."""
    return new.signal.kind is SignalKind.HEARTBEAT and new.signal.code == REPLY and new.authentic


async def file_replies(replies: Sequence[NewSignal], means: Means) -> int:
    """Write what devices answered, each answer beside the oldest words that still wait for one; return how many.

    An answer that nothing waits for is left at that: the device talks to itself, or too late. A collision loses an
    answer and no promise; the words stay "sent". Raises StoreUnavailable.
    """
    if not replies:
        return 0
    try:
        async with means.store.transaction() as tx:
            devices = {(new.protocol, new.account) for new in replies}
            since = means.clock.now() - ANSWER_WITHIN
            sent = {one.id: one for one in await tx.claim_unanswered(devices, since)}
            if not sent:
                return 0
            telling = await Telling.lock(tx, list(sent.values()), means)
            told = 0
            for new in replies:
                waits = next((one for one in sent.values() if _awaits(one, new)), None)
                if waits is None:
                    continue
                words = (new.signal.text or new.signal.code or "").strip()[:ANSWER_SIGNS]
                joined = words if waits.answer is None else f"{waits.answer}{BETWEEN}{words}"
                sent[waits.id] = replace(
                    waits,
                    replies=waits.replies + 1,
                    answered_at=waits.answered_at or telling.now,
                    answer=joined[:ANSWER_SIGNS],
                )
                telling.answered(waits, words)
                told += 1
            await tx.file_answers([one for one in sent.values() if one.answered_at is not None])
            notices = await telling.save()
    except Collision:
        return 0
    means.hand_over(notices)
    means.hints.changed()
    return told


def _awaits(downlink: Downlink, new: NewSignal) -> bool:
    same = (downlink.organisation_id, downlink.protocol, downlink.account) == (
        new.organisation_id,
        new.protocol,
        new.account,
    )
    return same and downlink.replies < downlink.frames
