"""What one try comes to: done with, or again, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from escalation.chain import Channel
from escalation.effects import About
from larmcentral.domain.life_safety import is_life_safety
from larmcentral.domain.notice import Delivery, DeliveryState, Forward, OutgoingNotice
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.flows.ways_out import WayOut, WaysOut

TRIES: Final = 8
"""About a minute; the chain has gone on long before, and begins again."""
TRIES_AT_CENTRE: Final = 120
"""About an hour: nobody else stands in for a centre, and the desk has known since the first."""
FIRST_PAUSE: Final = timedelta(milliseconds=500)
LONGEST_PAUSE: Final = timedelta(seconds=30)
LONGEST_WISH: Final = timedelta(minutes=10)
"""How long a provider may ask us to wait with what is no alarm."""
PACED: Final = "paced"
"""The reason of a notice that waits for its turn at the agreed rate."""

_STATES: Final[Mapping[DeliveryState, NoticeState]] = {
    DeliveryState.SENT: NoticeState.SENT,
    DeliveryState.DELIVERED: NoticeState.DELIVERED,
    DeliveryState.RETRY: NoticeState.PENDING,
    DeliveryState.REFUSED: NoticeState.REFUSED,
    DeliveryState.GONE: NoticeState.GONE,
}


def unsent(notice: OutgoingNotice, delivery: Delivery, now: datetime) -> Settled:
    """Settle a notice that no provider was asked about; delivery says why. No RETRY."""
    return _settled(notice, delivery, now)


def put_off(notice: OutgoingNotice, seconds: float, now: datetime) -> Settled:
    """Let a notice wait for its turn, which is no try of it."""
    waiting = _settled(notice, Delivery(state=DeliveryState.RETRY, reason=PACED), now)
    return replace(waiting, tries=notice.tries, due_at=now + timedelta(seconds=seconds))


def tried(notice: OutgoingNotice, delivery: Delivery, way: WayOut, ways: WaysOut, now: datetime) -> Settled:
    """Settle a notice after a try by a way. ways: that know of this result already."""
    settled = replace(
        _settled(notice, delivery, now),
        provider=way.provider,
        provider_id=delivery.provider_id,
        paths=delivery.paths,
        in_test=delivery.in_test,
        by_telephone=delivery.by_telephone,
    )
    stands_in = _stands_in(notice, way, ways)
    # Whoever refuses our own name or password says nothing about what another provider would do.
    refused_us = delivery.state is DeliveryState.REFUSED and delivery.about_us and stands_in
    if delivery.state is not DeliveryState.RETRY and not refused_us:
        return settled
    if settled.tries >= (TRIES_AT_CENTRE if isinstance(notice, Forward) else TRIES):
        return replace(settled, state=NoticeState.FAILED)
    late = notice.channel in ways.dead()
    alarm = notice.text.about is About.ALARM and notice.channel is not Channel.RECEIVER
    return replace(
        settled,
        state=NoticeState.PENDING,
        due_at=now if stands_in else now + _pause(notice, delivery, settled.tries),
        late=late,
        waits=alarm and not stands_in and (late or delivery.retry_after is not None),
    )


def _stands_in(notice: OutgoingNotice, way: WayOut, ways: WaysOut) -> bool:
    """True if another provider that lives has not had this notice yet: it goes there at once."""
    tries = notice.tries + 1
    following = ways.best(notice.channel, way.receiver, tries=tries)
    if following is None or following is way or ways.is_dead(following.provider):
        return False
    return tries < sum(one.channel is notice.channel for one in ways.ways)


def _pause(notice: OutgoingNotice, delivery: Delivery, tries: int) -> timedelta:
    own = min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)
    longest = LONGEST_PAUSE if is_life_safety(notice) else LONGEST_WISH
    return max(own, min(delivery.retry_after or own, longest))


def _settled(notice: OutgoingNotice, delivery: Delivery, now: datetime) -> Settled:
    return Settled(
        notice_id=notice.id,
        organisation_id=notice.organisation_id,
        committee_id=notice.committee_id,
        incident_id=notice.incident_id,
        channel=notice.channel,
        person_id=notice.person_id,
        point_id=notice.point_id,
        state=_STATES[delivery.state],
        at=now,
        tries=notice.tries + 1,
        reason=delivery.reason,
        receiver=notice.receiver if isinstance(notice, Forward) else None,
    )
