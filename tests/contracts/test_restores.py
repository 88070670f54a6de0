"""What a centre is told when it is over: the end of what it was told, whatever the incident became since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.decide import decide
from escalation.effects import About, Entry, EntryKind, RaiseSystemAlarm, SystemFault
from escalation.events import ForwardFailed, ForwardTaken, System
from escalation.incident import Decision, ForwardState
from larmcentral.domain.notice import Forward
from larmcentral.domain.outbox import Lease, NoticeState
from larmcentral.domain.record import unchanged
from tests.contracts.conftest import Kept
from tests.contracts.outgoing import claim, claim_later, end, settle, settled, to_centre
from tests.world import CARE


async def test_the_end_is_of_the_kind_that_the_centre_was_told_and_not_of_what_came_later(kept: Kept) -> None:
    forward = await to_centre(kept)
    await settle(kept, settled(forward, NoticeState.SENT, kept, provider="receiver:nord"))
    async with kept.store.transaction() as tx:
        locked = await tx.lock([forward.incident_id])
        change = unchanged(locked.records[forward.incident_id])
        told = replace(change.after.incident.forwards[0], kind=AlarmKind.FALL, state=ForwardState.TAKEN)
        since = replace(change.after.incident, forwards=(told,))
        line = Entry(EntryKind.NOTE, locked.now, System())
        await tx.save([change.then(Decision(since, entries=(line,)))], lease=kept.lease)
    await end(kept, forward.incident_id)
    (restore,) = await claim_later(kept)
    assert restore.text.about is About.OVER
    assert (forward.text.kind, restore.text.kind) == (AlarmKind.PANIC, AlarmKind.FALL)


async def test_the_end_goes_to_the_centre_with_the_same_case(kept: Kept) -> None:
    forward = await to_centre(kept)
    await settle(kept, settled(forward, NoticeState.SENT, kept, provider="receiver:nord"))
    await end(kept, forward.incident_id, ForwardTaken(forward.id, "nord", "primary"))
    (restore,) = await claim_later(kept)
    assert (restore.text.about, restore.case) == (About.OVER, forward.case)


async def test_the_end_waits_for_an_alarm_that_some_process_has_under_way(kept: Kept) -> None:
    forward = await to_centre(kept)
    await end(kept, forward.incident_id)
    assert await kept.store.withdrawn([forward.id]) == {forward.id}
    assert await claim_later(kept) == []
    assert [one for one in await claim(kept) if isinstance(one, Forward)] == [], "nor does its own process send both"
    await settle(kept, settled(forward, NoticeState.SENT, kept, provider="receiver:nord"))
    (restore,) = await claim_later(kept)
    assert restore.text.about is About.OVER


async def test_the_end_waits_no_longer_than_the_process_holds_the_alarm(kept: Kept) -> None:
    forward = await to_centre(kept)
    await end(kept, forward.incident_id)
    await kept.store.renew(lease=kept.lease, held=[forward.id])
    assert await claim_later(kept) == []
    await kept.store.renew(lease=Lease(kept.lease.owner, timedelta()), held=[forward.id])
    (restore,) = await claim_later(kept)
    assert restore.text.about is About.OVER


async def test_a_fault_that_comes_after_the_end_stands(kept: Kept) -> None:
    forward = await to_centre(kept)
    await settle(kept, settled(forward, NoticeState.SENT, kept, provider="receiver:nord"))
    await end(kept, forward.incident_id, ForwardTaken(forward.id, "nord", "primary"))
    assert await kept.faults() == set()
    (restore,) = await claim_later(kept)
    async with kept.store.transaction() as tx:
        locked = await tx.lock([forward.incident_id])
        change = unchanged(locked.records[forward.incident_id])
        lost = decide(change.after.incident, ForwardFailed(restore.id, "nord", True, Roster()), locked.now)
        await tx.save([change.then(lost)], lease=kept.lease)
    fault = SystemFault.RECEIVER_UNREACHABLE.value
    assert await kept.faults() == {(CARE, fault, forward.incident_id)}
    async with kept.store.transaction() as tx:
        await tx.clear_fault_of(restore.organisation_id, CARE, forward.incident_id, fault)
    assert await kept.faults() == set()


async def test_one_fault_of_an_incident_is_cleared_and_the_other_stands(kept: Kept) -> None:
    forward = await to_centre(kept)
    async with kept.store.transaction() as tx:
        locked = await tx.lock([forward.incident_id])
        change = unchanged(locked.records[forward.incident_id])
        both = (
            RaiseSystemAlarm(SystemFault.RECEIVER_UNREACHABLE, 0),
            RaiseSystemAlarm(SystemFault.NOBODY_TO_REACH, 0),
        )
        await tx.save([change.then(Decision(change.after.incident, effects=both))], lease=kept.lease)
        await tx.clear_fault_of(forward.organisation_id, CARE, forward.incident_id, "receiver_unreachable")
        await tx.clear_fault_of(forward.organisation_id, CARE, forward.incident_id, "receiver_unreachable")
    assert {fault for _, fault, _ in await kept.faults()} == {"nobody_to_reach"}


async def test_the_end_does_not_wait_for_an_alarm_that_was_stopped_and_came_to_nothing(kept: Kept) -> None:
    forward = await to_centre(kept)
    await end(kept, forward.incident_id)
    assert await claim_later(kept) == []
    await settle(kept, settled(forward, NoticeState.PENDING, kept, due_at=kept.clock.now() + timedelta(seconds=30)))
    assert await kept.store.withdrawn([forward.id]) == {forward.id}, "it stays withdrawn"
    (restore,) = await claim_later(kept)
    assert restore.text.about is About.OVER


async def test_a_case_that_its_people_know_by_telephone_says_so_when_it_is_tried_on(kept: Kept) -> None:
    forward = await to_centre(kept)
    assert not forward.by_telephone
    taken = ForwardTaken(forward.id, "nord", "jour", by_telephone=True)
    missed = ForwardFailed(forward.id, "nord", False, Roster())
    async with kept.store.transaction() as tx:
        locked = await tx.lock([forward.incident_id])
        change = unchanged(locked.records[forward.incident_id])
        for event in (taken, missed):
            change = change.then(decide(change.after.incident, event, locked.now))
        await tx.settle([settled(forward, NoticeState.PENDING, kept, due_at=locked.now)], locked.now)
        await tx.save([change], lease=kept.lease)
    (again,) = await claim_later(kept)
    assert (again.id, again.by_telephone) == (forward.id, True)
    assert (CARE, SystemFault.RECEIVER_UNREACHABLE.value, forward.incident_id) in await kept.faults()
    await end(kept, forward.incident_id)
    await settle(kept, settled(forward, NoticeState.PENDING, kept))
    (restore,) = await claim_later(kept)
    assert (restore.text.about, restore.by_telephone) == (About.OVER, False), "its end is another message"
