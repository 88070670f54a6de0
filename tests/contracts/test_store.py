"""What flows may rely on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Channel, PersonTarget, TeamTarget
from escalation.decide import decide
from escalation.effects import TimerKind
from escalation.events import Acknowledged, Operator, Outcome, StepDue, StoodDown
from escalation.ids import ChainId, IncidentId, UserId
from escalation.incident import State
from escalation.purpose import Purpose
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import DeviceState, Lease, NoticeState, Settled
from larmcentral.domain.record import unchanged
from larmcentral.flows.alarms import FiledAlarms, file_alarms
from larmcentral.flows.rosters import RosterAsk, roster_of
from protocols.signal import Position, SignalKind
from tests.contracts.conftest import Kept
from tests.world import (
    ANNA,
    BO,
    CARE,
    CECILIA,
    DAVID,
    NIGHT,
    ORGANISATION,
    SOCIAL,
    T0,
    WATCH,
    an_id,
    chain,
    press,
)

KARIN = Operator(UserId(an_id("karin")))


async def alarm(kept: Kept, **how: object) -> FiledAlarms:
    async with kept.store.transaction() as tx:
        return await file_alarms(tx, [press(kept.ids.new(), **how)], kept.means)  # type: ignore[arg-type]


async def only_incident(kept: Kept) -> IncidentId:
    (notice,) = [n for n in (await alarm(kept)).notices if n.channel is Channel.CONSOLE]
    return notice.incident_id


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
        **more,  # type: ignore[arg-type]
    )


async def test_an_alarm_opens_an_incident_and_brings_its_first_notices(kept: Kept) -> None:
    done = await alarm(kept)
    (filed,) = done.filed
    assert filed.fresh
    assert filed.subject.person_id == ANNA
    assert filed.subject.committee_id == CARE
    told = {(n.channel, n.person_id, n.address) for n in done.notices}
    assert told == {
        (Channel.CONSOLE, None, ""),
        (Channel.APNS, BO, "bo-token"),
        (Channel.FCM, CECILIA, "cecilia-token"),
    }
    assert {n.text.subject for n in done.notices} == {"Anna"}
    async with kept.store.transaction() as tx:
        locked = await tx.lock_open([filed.subject])
    (record,) = locked.records.values()
    assert record.incident.state is State.OPEN
    assert record.incident.chain == chain()
    assert record.incident.purpose is Purpose.REAL
    assert record.entries > 0
    assert record.version == 1


async def test_a_repeat_is_counted_and_opens_nothing(kept: Kept) -> None:
    first = await alarm(kept)
    again = await alarm(kept)
    assert not again.filed[0].fresh
    assert again.filed[0].id == first.filed[0].id
    assert again.notices == ()


async def test_the_same_key_twice_in_one_batch_is_stored_once(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        both = [press(kept.ids.new()), press(kept.ids.new())]
        done = await file_alarms(tx, both, kept.means)
    assert [filed.fresh for filed in done.filed] == [True, False]
    assert done.filed[0].id == done.filed[1].id


async def test_a_key_with_a_window_is_new_again_after_it(kept: Kept) -> None:
    now, window = kept.clock.now(), timedelta(seconds=120)
    first = await alarm(kept, at=now, window=window)
    near = await alarm(kept, at=now + timedelta(seconds=119), window=window)
    far = await alarm(kept, at=now + timedelta(seconds=240), window=window)
    assert [d.filed[0].fresh for d in (first, near, far)] == [True, False, True]


async def test_a_second_press_joins_the_open_incident(kept: Kept) -> None:
    first = await alarm(kept)
    second = await alarm(kept, key="press 2")
    assert second.filed[0].fresh
    async with kept.store.transaction() as tx:
        locked = await tx.lock_open([first.filed[0].subject])
    assert len(locked.records) == 1
    (record,) = locked.records.values()
    assert record.version == 2


async def test_an_unknown_device_alarms_under_the_receivers_committee(kept: Kept) -> None:
    done = await alarm(kept, account="999")
    assert done.filed[0].subject.key == "unknown:watch/999"
    assert done.filed[0].subject.committee_id == SOCIAL
    assert [n.channel for n in done.notices] == [Channel.CONSOLE]


async def test_a_sender_who_cannot_prove_his_name_is_an_unknown_device(kept: Kept) -> None:
    done = await alarm(kept, authentic=False)
    assert done.filed[0].subject.person_id is None
    assert done.filed[0].subject.key == f"unknown:watch/{WATCH}"


async def test_a_device_nobody_wears_alarms_under_its_own_name(kept: Kept) -> None:
    done = await alarm(kept, account="8660000002")
    assert done.filed[0].subject.key == f"device:{an_id('spare')}"
    assert done.filed[0].subject.label == "Reserv"


async def test_nothing_stands_of_a_transaction_that_failed(kept: Kept) -> None:
    async def crash() -> None:
        async with kept.store.transaction() as tx:
            await file_alarms(tx, [press(kept.ids.new())], kept.means)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await crash()
    assert (await alarm(kept)).filed[0].fresh


async def test_two_that_open_the_same_subject_at_once_make_one_incident(kept: Kept) -> None:
    async def one(key: str) -> None:
        while True:
            try:
                await alarm(kept, key=key)
            except Collision:
                continue
            return

    await asyncio.gather(*(one(f"press {n}") for n in range(6)))
    assert (await kept.store.condition(kept.clock.now())).open_incidents == 1


async def test_a_deadline_is_due_in_its_time_and_not_before(kept: Kept) -> None:
    await alarm(kept)
    due_at = await kept.store.next_due()
    assert due_at is not None
    assert timedelta(seconds=29) < due_at - kept.clock.now() <= timedelta(seconds=30)
    async with kept.store.transaction() as tx:
        locked, due = await tx.lock_due(100)
    assert not locked.records
    assert not due


async def test_an_overdue_deadline_is_handed_out_with_its_incident(kept: Kept) -> None:
    incident_id = await only_incident(kept)
    async with kept.store.transaction() as tx:
        locked = await tx.lock([incident_id])
        record = locked.records[incident_id]
        early = replace(record.incident, chain=chain())
        roster = await roster_of(tx, RosterAsk(record.subject, early.chain), kept.means, locked.now)
        step_fence = early.step_fence
        assert step_fence is not None
        # as if its wait had been over a minute ago
        decision = decide(early, StepDue(step_fence, roster), locked.now - timedelta(seconds=120))
        await tx.save([unchanged(record).then(decision)], lease=kept.lease)
    async with kept.store.transaction() as tx:
        locked, due = await tx.lock_due(100)
        assert list(locked.records) == [incident_id]
        assert {d.kind for d in due} == {TimerKind.NEXT_STEP, TimerKind.NEXT_MEDIUM}
        assert [d.due_at for d in due] == sorted(d.due_at for d in due)
        assert {d.person_id for d in due if d.kind is TimerKind.NEXT_MEDIUM} == {DAVID}


async def test_acknowledging_withdraws_what_is_not_out_yet_and_arms_the_wait_for_its_owner(kept: Kept) -> None:
    done = await alarm(kept)
    incident_id = done.notices[0].incident_id
    async with kept.store.transaction(frozenset({CARE})) as tx:
        locked = await tx.lock([incident_id])
        decision = decide(locked.records[incident_id].incident, Acknowledged(KARIN), locked.now)
        assert not await tx.save([unchanged(locked.records[incident_id]).then(decision)], lease=kept.lease)
    assert await kept.store.withdrawn([n.id for n in done.notices]) == {n.id for n in done.notices}
    due_at = await kept.store.next_due()
    assert due_at is not None
    assert timedelta(seconds=50) < due_at - kept.clock.now() <= timedelta(seconds=60)


async def test_standing_down_leaves_no_deadline_and_lets_the_next_alarm_open_anew(kept: Kept) -> None:
    incident_id = await only_incident(kept)
    async with kept.store.transaction() as tx:
        locked = await tx.lock([incident_id])
        decision = decide(
            locked.records[incident_id].incident, StoodDown(KARIN, Outcome.FALSE, "satt i dörren"), locked.now
        )
        await tx.save([unchanged(locked.records[incident_id]).then(decision)], lease=kept.lease)
    assert await kept.store.next_due() is None
    again = await alarm(kept, key="press 2")
    assert again.notices[0].incident_id != incident_id


async def test_another_committee_sees_and_locks_nothing(kept: Kept) -> None:
    incident_id = await only_incident(kept)
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert not (await tx.lock([incident_id])).records
        assert await tx.subject_of_person(ANNA) is None
    async with kept.store.transaction(frozenset({CARE})) as tx:
        assert (await tx.lock([incident_id])).records
        subject = await tx.subject_of_person(ANNA)
    if subject is None:
        raise NotFound("anna")
    assert subject.label == "Anna"


async def test_a_leased_notice_is_nobody_elses_until_the_lease_ends(kept: Kept) -> None:
    short = Lease(kept.ids.new(), timedelta(0))
    async with kept.store.transaction() as tx:
        done = await file_alarms(tx, [press(kept.ids.new())], kept.means)
    other = Lease(kept.ids.new())
    async with kept.store.transaction() as tx:
        assert not await tx.claim_notices(lease=other, held=(), limit=10)
    async with kept.store.transaction() as tx:
        # ours that we lost sight of are found at once, ours that we hold are not
        held = [done.notices[0].id]
        lost = await tx.claim_notices(lease=kept.lease, held=held, limit=10)
    assert {n.id for n in lost} == {n.id for n in done.notices[1:]}
    await kept.store.renew(lease=Lease(kept.lease.owner, short.length), held=[n.id for n in done.notices])
    async with kept.store.transaction() as tx:
        taken = await tx.claim_notices(lease=other, held=(), limit=10)
    assert {n.id for n in taken} == {n.id for n in done.notices}
    assert {n.address for n in taken} == {n.address for n in done.notices}
    assert {n.text for n in taken} == {n.text for n in done.notices}


async def test_a_sent_notice_is_not_claimed_again(kept: Kept) -> None:
    done = await alarm(kept)
    async with kept.store.transaction() as tx:
        locked = await tx.lock([done.notices[0].incident_id])
        await tx.settle([settled(n, NoticeState.SENT, kept) for n in done.notices], locked.now)
    async with kept.store.transaction() as tx:
        assert not await tx.claim_notices(lease=kept.lease, held=(), limit=10)


async def test_a_retry_is_claimed_when_it_is_due(kept: Kept) -> None:
    done = await alarm(kept)
    first, *rest = done.notices
    now = kept.clock.now()
    async with kept.store.transaction() as tx:
        await tx.settle([settled(n, NoticeState.SENT, kept) for n in rest], now)
        await tx.settle([settled(first, NoticeState.PENDING, kept, due_at=now + timedelta(hours=1))], now)
    async with kept.store.transaction() as tx:
        assert not await tx.claim_notices(lease=kept.lease, held=(), limit=10)
        await tx.settle([settled(first, NoticeState.PENDING, kept, due_at=now - timedelta(seconds=1))], now)
    async with kept.store.transaction() as tx:
        (again,) = await tx.claim_notices(lease=kept.lease, held=(), limit=10)
    assert again.id == first.id
    assert again.tries == 1


async def test_a_token_that_is_gone_is_not_on_the_roster_any_more(kept: Kept) -> None:
    done = await alarm(kept)
    (to_bo,) = [n for n in done.notices if n.person_id == BO]
    async with kept.store.transaction() as tx:
        await tx.settle([settled(to_bo, NoticeState.GONE, kept, reason="Unregistered")], kept.clock.now())
    async with kept.store.transaction() as tx:
        roster = await tx.roster(ORGANISATION, [TeamTarget(NIGHT), PersonTarget(BO)])
    assert {c.channel for c in roster.contacts[PersonTarget(BO)]} == {Channel.SMS}
    assert BO in {c.person_id for c in roster.contacts[TeamTarget(NIGHT)]}


async def test_a_receipt_finds_its_notice(kept: Kept) -> None:
    done = await alarm(kept)
    async with kept.store.transaction() as tx:
        await tx.settle([settled(done.notices[0], NoticeState.SENT, kept, provider_id="s123")], kept.clock.now())
    found = await kept.store.find_notice("s123")
    assert found is not None
    assert found.notice_id == done.notices[0].id
    assert await kept.store.find_notice("s124") is None


async def test_only_the_positions_of_an_open_incident_may_be_kept(kept: Kept) -> None:
    place = Position(lat=57.93, lon=12.09)
    before = press(kept.ids.new(), kind=SignalKind.POSITION, key="p1", position=place)
    async with kept.store.transaction() as tx:
        assert await tx.tracked([before]) == frozenset()
    await alarm(kept)
    after = press(kept.ids.new(), kind=SignalKind.POSITION, key="p2", position=place)
    stranger = press(kept.ids.new(), kind=SignalKind.POSITION, key="p3", account="8660000002", position=place)
    async with kept.store.transaction() as tx:
        assert await tx.tracked([after, stranger]) == {after.id}


async def test_telemetry_keeps_what_was_not_said_this_time(kept: Kept) -> None:
    state = DeviceState(
        organisation_id=ORGANISATION,
        protocol="watch",
        account=WATCH,
        receiver="watch",
        last_seen_at=T0,
        battery_pct=81,
    )
    stranger = replace(state, account="999")
    await kept.store.fold_telemetry([state, stranger])
    await kept.store.fold_telemetry([replace(state, last_seen_at=T0 + timedelta(minutes=1), battery_pct=None)])


async def test_the_auditor_sees_an_incident_that_nothing_wakes(kept: Kept) -> None:
    incident_id = await only_incident(kept)
    assert (await kept.store.condition(kept.clock.now())).without_deadline == ()
    later = await kept.store.condition(kept.clock.now() + timedelta(minutes=5))
    assert later.overdue == 1
    assert later.overdue_s > 200
    assert later.waiting == 3
    async with kept.store.transaction() as tx:
        locked = await tx.lock([incident_id])
        record = locked.records[incident_id]
        decision = decide(record.incident, Acknowledged(KARIN), locked.now)
        lame = replace(decision, effects=tuple(e for e in decision.effects if "Arm" not in type(e).__name__))
        await tx.save([unchanged(record).then(lame)], lease=kept.lease)
    assert (await kept.store.condition(kept.clock.now())).without_deadline == (incident_id,)


async def test_the_most_specific_chain_is_taken(kept: Kept) -> None:
    from larmcentral.domain.register import ChainChoice
    from tests.world import HOME, UNIT

    falls = replace(chain(), id=ChainId(an_id("falls")), name="Fall")
    here = replace(chain(), id=ChainId(an_id("here")), name="Nord")
    await kept.register.chain(HOME, ChainChoice(id=an_id("c2"), chain=falls, kind=AlarmKind.FALL), T0)
    done = await alarm(kept, kind=SignalKind.FALL)
    async with kept.store.transaction() as tx:
        subject = done.filed[0].subject
        assert [c and c.name for c in await tx.chains([(subject, AlarmKind.FALL), (subject, AlarmKind.PANIC)])] == [
            "Fall",
            "Natt",
        ]
    await kept.register.chain(HOME, ChainChoice(id=an_id("c3"), chain=here, unit_id=UNIT), T0)
    async with kept.store.transaction() as tx:
        assert [c and c.name for c in await tx.chains([(subject, AlarmKind.FALL), (subject, AlarmKind.PANIC)])] == [
            "Nord",
            "Nord",
        ]
