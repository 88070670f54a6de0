"""Alarms filed, claimed and settled by hand, for the tests of what the outbox may rely on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from escalation.chain import (
    DeskTarget,
    EscalationChain,
    Medium,
    PersonTarget,
    ReceiverTarget,
    Step,
)
from escalation.decide import decide
from escalation.events import Event, Operator, Outcome, StoodDown
from escalation.ids import ChainId, IncidentId, UserId
from larmcentral.domain.notice import Forward, OutgoingNotice
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.record import unchanged
from larmcentral.domain.register import ChainChoice
from larmcentral.flows.alarms import file_alarms
from protocols.signal import Position
from tests.contracts.conftest import Kept
from tests.world import CARE, HOME, T0, UNIT, an_id, press

KARIN = Operator(UserId(an_id("karin")))


def a_chain(*targets: PersonTarget | ReceiverTarget | DeskTarget, media: tuple[Medium, ...]) -> EscalationChain:
    step = Step(targets=targets, media=media, wait=timedelta(minutes=1))
    return EscalationChain(id=ChainId(an_id("notices")), version=1, name="Notiser", steps=(step,))


async def choose(kept: Kept, chain: EscalationChain) -> None:
    await kept.register.chain(HOME, ChainChoice(id=an_id("of the unit"), chain=chain, unit_id=UNIT), T0)


async def alarm(kept: Kept, *, silent: bool = False, position: Position | None = None) -> list[OutgoingNotice]:
    made = press(kept.ids.new(), at=kept.clock.now(), position=position)
    made = replace(made, signal=replace(made.signal, silent=silent))
    async with kept.store.transaction() as tx:
        return list((await file_alarms(tx, [made], kept.means)).notices)


async def claim(kept: Kept, limit: int = 10) -> Sequence[OutgoingNotice]:
    """As another process does, once the leases have run out."""
    async with kept.store.transaction() as tx:
        return await tx.claim_notices(lease=Lease(kept.lease.owner), held=(), limit=limit)


async def settle(kept: Kept, *results: Settled) -> None:
    async with kept.store.transaction() as tx:
        await tx.settle(results, kept.clock.now())


def settled(notice: OutgoingNotice, state: NoticeState, kept: Kept, **more: object) -> Settled:
    return Settled(
        notice_id=notice.id,
        organisation_id=notice.organisation_id,
        committee_id=notice.committee_id,
        incident_id=notice.incident_id,
        channel=notice.channel,
        person_id=notice.person_id,
        point_id=notice.point_id,
        state=state,
        at=kept.clock.now(),
        tries=1,
        receiver=notice.receiver if isinstance(notice, Forward) else None,
        **more,  # type: ignore[arg-type]
    )


async def to_centre(kept: Kept, **how: object) -> Forward:
    await choose(kept, a_chain(ReceiverTarget("nord"), DeskTarget(), media=(Medium.PUSH,)))
    (forward,) = [one for one in await alarm(kept, **how) if isinstance(one, Forward)]  # type: ignore[arg-type]
    return forward


async def end(kept: Kept, incident_id: IncidentId, *before: Event) -> None:
    """Somebody at the desk stands it down, in the sight of his committee."""
    async with kept.store.transaction(frozenset({CARE})) as tx:
        locked = await tx.lock([incident_id])
        change = unchanged(locked.records[incident_id])
        for event in (*before, StoodDown(KARIN, Outcome.REAL, "klart")):
            change = change.then(decide(change.after.incident, event, locked.now))
        out = await tx.save([change], lease=kept.lease)
    assert not [one for one in out if isinstance(one, Forward)], "a restore is claimed"


async def claim_later(kept: Kept) -> list[Forward]:
    """As a process does whose clock is past all leases."""
    async with kept.store.transaction() as tx:
        claimed = await tx.claim_notices(lease=Lease(kept.ids.new()), held=(), limit=10)
    return [one for one in claimed if isinstance(one, Forward)]
