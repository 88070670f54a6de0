"""A device answers words that went down to it, in words or with a place: written beside them, and on the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from larmcentral.domain.device import Downlink, DownlinkKind
from larmcentral.domain.errors import Collision
from larmcentral.domain.order import ANSWER_SIGNS, ANSWER_WITHIN
from larmcentral.domain.record import NewSignal
from larmcentral.flows.means import Means
from larmcentral.flows.telling import Telling
from protocols.orders import REPLY, CallBack, Commission, Locate, Order, Reassure
from protocols.replies import answered_by
from protocols.signal import SignalKind

BETWEEN: Final = "; "
FIX_BEFORE: Final = timedelta(minutes=1)
"""A place that is older than this when the device was asked is no answer; its clock may be a little behind ours."""
MOST_REPLIES: Final = 32
"""To one sheet, whose settings some families are told one after the other; nobody reads more."""

ORDER_OF: Final[Mapping[DownlinkKind, type[Order]]] = {
    DownlinkKind.TAKEN: Reassure,
    DownlinkKind.TEST_RECEIVED: Reassure,
    DownlinkKind.LOCATE: Locate,
    DownlinkKind.CALL_BACK: CallBack,
    DownlinkKind.COMMISSION: Commission,
}


def is_reply(new: NewSignal) -> bool:
    """Say whether a signal is a device's answer to words of ours."""
    return new.signal.kind is SignalKind.HEARTBEAT and new.signal.code == REPLY and new.authentic


def says_where(new: NewSignal) -> bool:
    """Say whether a signal tells where its device is just now: that answers who asked for it."""
    signal = new.signal
    placed = signal.position is not None and signal.position.valid
    return placed and signal.device is not None and signal.buffered is not True and new.authentic


async def file_replies(heard: Sequence[NewSignal], means: Means) -> int:
    """Write what devices answered beside the words that it answers; return how many answers there were.

    heard: replies, and signals that say where their device is. Words answer the oldest order that they can be meant
    for, a place every question where the device is. What nothing waits for is left at that: the device talks to
    itself, or too late. A collision loses an answer and no promise; the words stay "sent". Raises StoreUnavailable.
    """
    if not heard:
        return 0
    try:
        async with means.store.transaction() as tx:
            devices = {(new.protocol, new.account) for new in heard}
            since = means.clock.now() - ANSWER_WITHIN
            waiting = {one.id: one for one in await tx.claim_unanswered(devices, since)}
            if not waiting:
                return 0
            telling = await Telling.lock(tx, list(waiting.values()), means)
            answered: dict[UUID, Downlink] = {}
            told = 0
            for new in heard:
                for step in (_worded, _placed):
                    for one in step(new, [one for one in waiting.values() if _is_of(one, new)], telling):
                        waiting[one.id] = answered[one.id] = one
                        told += 1
            await tx.file_answers(list(answered.values()))
            notices = await telling.save()
    except Collision:
        return 0
    if told:
        means.hand_over(notices)
        means.hints.changed()
    return told


def _worded(new: NewSignal, mine: Sequence[Downlink], telling: Telling) -> list[Downlink]:
    """Return what was answered in words, as it stands now, and have it told."""
    asked = _asked(new, mine) if is_reply(new) else None
    if asked is None:
        return []
    words = (new.signal.text or new.signal.code or "").strip()[:ANSWER_SIGNS]
    telling.answered(asked, words)
    joined = (words if asked.answer is None else f"{asked.answer}{BETWEEN}{words}")[:ANSWER_SIGNS]
    at = asked.answered_at or telling.now
    return [replace(asked, replies=asked.replies + 1, answered_at=at, answer=joined)]


def _asked(new: NewSignal, mine: Sequence[Downlink]) -> Downlink | None:
    """The oldest order that these words can be the answer to; a sheet may have more answers than it had frames."""
    named = answered_by(new.protocol, new.signal)
    meant = [one for one in mine if named is None or ORDER_OF[one.kind] in named]
    owing = (one for one in meant if one.replies < one.frames)
    sheets = (one for one in meant if one.kind is DownlinkKind.COMMISSION and one.replies < MOST_REPLIES)
    return next(owing, None) or next(sheets, None)


def _placed(new: NewSignal, mine: Sequence[Downlink], telling: Telling) -> list[Downlink]:
    """Return what was answered with a place, as it stands now, and have it told."""
    if not says_where(new):
        return []
    placed = [one for one in mine if one.kind is DownlinkKind.LOCATE and one.placed_at is None and _since(one, new)]
    for one in placed:
        telling.placed(one)
    return [replace(one, answered_at=one.answered_at or telling.now, placed_at=telling.now) for one in placed]


def _since(downlink: Downlink, new: NewSignal) -> bool:
    """Say whether a place is of the time after the question; one without a time is of when it came."""
    position, sent_at = new.signal.position, downlink.sent_at
    fix_at = new.signal.event_at if position is None else position.fix_at or new.signal.event_at
    return sent_at is not None and (fix_at is None or fix_at >= sent_at - FIX_BEFORE) and new.received_at >= sent_at


def _is_of(downlink: Downlink, new: NewSignal) -> bool:
    return (downlink.organisation_id, downlink.protocol, downlink.account) == (
        new.organisation_id,
        new.protocol,
        new.account,
    )
