"""What flows may rely on about system alarms that no incident stands behind: the house's own, and those of vigils."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from escalation.effects import SystemFault
from escalation.events import Operator
from escalation.handover import Handover, HandoverEvent, Signed, decide_handover, start_handover
from escalation.ids import CommitteeId, DeviceId, UserId, VigilId
from escalation.loan import Loan, LoanEvent, Prolonged, Returned, decide_loan, start_loan
from escalation.plan import SafetyPlan
from escalation.vigil import Due, VigilDecision, VigilKind
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilRecord, undecided
from larmcentral.flows.carry import carry_out
from tests.contracts.conftest import Kept
from tests.contracts.town import POOL_ID, WATCH_ID, begun, save, settle_places
from tests.world import BO, CARE, ORGANISATION, SOCIAL, an_id

KARIN = Operator(UserId(an_id("karin")))
LARS = Operator(UserId(an_id("lars")))
HOUR = timedelta(hours=1)
OUTAGE = SystemFault.OUTAGE.value
NOT_RETURNED = SystemFault.NOT_RETURNED.value
HANDOVER_OPEN = SystemFault.HANDOVER_OPEN.value


async def say(kept: Kept, committee_id: CommitteeId, fault: str, vigil_id: VigilId | None = None, *, up: bool) -> None:
    async with kept.store.transaction(frozenset({committee_id})) as tx:
        await tx.set_fault(ORGANISATION, committee_id, fault, raised=up, vigil_id=vigil_id)


async def device(kept: Kept, device_id: DeviceId) -> Subject:
    async with kept.store.transaction() as tx:
        subject = await tx.subject_of_device(device_id)
    assert subject is not None
    return subject


async def lent(kept: Kept, device_id: DeviceId) -> VigilRecord:
    """A device that should be back in an hour."""
    now = kept.clock.now()
    decision = start_loan(device_id, BO, now + HOUR, SafetyPlan(), now, KARIN)
    change = begun(kept, VigilKind.LOAN, decision, await device(kept, device_id))
    async with kept.store.transaction() as tx:
        await save(tx, kept, change)
    return change.after


async def listed(kept: Kept) -> VigilRecord:
    """A shift change that somebody should sign within ten minutes."""
    async with kept.store.transaction() as tx:
        house = await tx.subject_of_house(CARE, None)
    assert house is not None
    vigil_id = VigilId(kept.ids.new())
    decision = start_handover(KARIN, None, (), SafetyPlan(), kept.clock.now())
    change = begun(kept, VigilKind.HANDOVER, decision, replace(house, protocol="handover", account=str(vigil_id)))
    change = replace(change, after=replace(change.after, id=vigil_id))
    async with kept.store.transaction() as tx:
        await save(tx, kept, change)
    return change.after


async def moves(kept: Kept, record: VigilRecord, event: LoanEvent | HandoverEvent, at: datetime) -> None:
    """Something happens to a vigil at a time, and what its rules ask for is carried out."""
    async with kept.store.transaction() as tx:
        found = (await tx.lock_vigils([record.id])).records[record.id]
        decision: VigilDecision[Loan] | VigilDecision[Handover]
        match found.core:
            case Loan() as loan:
                assert not isinstance(event, Signed)
                decision = decide_loan(loan, event, at)
            case Handover() as handover:
                assert isinstance(event, Due | Signed)
                decision = decide_handover(handover, event, at)
            case _:
                raise AssertionError("neither lent nor listed")
        change = undecided(found).then(decision.core, decision.effects, decision.entries)
        await carry_out(tx, [change], kept.means, at)


async def test_a_fault_of_the_house_stands_once_a_committee_until_it_is_mended(kept: Kept) -> None:
    for _ in range(2):
        await say(kept, CARE, OUTAGE, up=True)
    await say(kept, SOCIAL, OUTAGE, up=True)
    assert await kept.faults() == {(CARE, OUTAGE, None), (SOCIAL, OUTAGE, None)}
    for _ in range(2):
        await say(kept, CARE, OUTAGE, up=False)
    assert await kept.faults() == {(SOCIAL, OUTAGE, None)}


async def test_the_same_fault_of_two_vigils_stands_twice_and_is_mended_one_by_one(kept: Kept) -> None:
    one, other = VigilId(kept.ids.new()), VigilId(kept.ids.new())
    for vigil_id in (one, one, other, None):
        await say(kept, CARE, NOT_RETURNED, vigil_id, up=True)
    both: set[tuple[UUID, str, UUID | None]] = {(CARE, NOT_RETURNED, one), (CARE, NOT_RETURNED, other)}
    assert await kept.faults() == both | {(CARE, NOT_RETURNED, None)}
    await say(kept, CARE, NOT_RETURNED, up=False)
    assert await kept.faults() == both
    await say(kept, CARE, NOT_RETURNED, one, up=False)
    assert await kept.faults() == {(CARE, NOT_RETURNED, other)}


async def test_when_one_of_two_devices_comes_back_the_other_is_still_missing(kept: Kept) -> None:
    await settle_places(kept)
    first, second = await lent(kept, POOL_ID), await lent(kept, WATCH_ID)
    late = kept.clock.now() + 3 * HOUR
    await moves(kept, first, Due(), late)
    await moves(kept, second, Due(), late)
    assert await kept.faults() == {(CARE, NOT_RETURNED, first.id), (CARE, NOT_RETURNED, second.id)}
    await moves(kept, first, Returned(KARIN), late)
    assert await kept.faults() == {(CARE, NOT_RETURNED, second.id)}
    await moves(kept, second, Prolonged(KARIN, late + HOUR), late)
    assert await kept.faults() == set()
    await moves(kept, second, Due(), late + 3 * HOUR)
    assert await kept.faults() == {(CARE, NOT_RETURNED, second.id)}, "it may be missing again"


async def test_when_one_of_two_shift_changes_is_signed_the_other_is_still_open(kept: Kept) -> None:
    first, second = await listed(kept), await listed(kept)
    late = kept.clock.now() + HOUR
    await moves(kept, first, Due(), late)
    await moves(kept, second, Due(), late)
    await moves(kept, first, Signed(KARIN), late)
    assert await kept.faults() == {(CARE, HANDOVER_OPEN, first.id), (CARE, HANDOVER_OPEN, second.id)}
    await moves(kept, first, Signed(LARS), late)
    assert await kept.faults() == {(CARE, HANDOVER_OPEN, second.id)}


async def test_a_vigil_that_ends_takes_along_all_that_it_raised_and_nothing_else(kept: Kept) -> None:
    await settle_places(kept)
    ended, going_on = await lent(kept, POOL_ID), await lent(kept, WATCH_ID)
    for vigil_id in (ended.id, going_on.id, None):
        await say(kept, CARE, NOT_RETURNED, vigil_id, up=True)
    await say(kept, CARE, OUTAGE, ended.id, up=True)
    await moves(kept, ended, Returned(KARIN), kept.clock.now())
    assert await kept.faults() == {(CARE, NOT_RETURNED, going_on.id), (CARE, NOT_RETURNED, None)}


async def test_what_a_transaction_raised_in_vain_does_not_stand(kept: Kept) -> None:
    async def in_vain() -> None:
        async with kept.store.transaction() as tx:
            await tx.set_fault(ORGANISATION, CARE, OUTAGE, raised=True)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await in_vain()
    assert await kept.faults() == set()
