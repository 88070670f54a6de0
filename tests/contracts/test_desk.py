"""What flows may rely on about the desk and whose incidents are whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.chain import Roster
from escalation.decide import decide
from escalation.events import Acknowledged, EscalatedNow, MediumDue, Operator
from escalation.ids import CommitteeId, IncidentId, UserId
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.domain.record import unchanged
from larmcentral.flows.alarms import file_alarms
from larmcentral.flows.rosters import RosterAsk, roster_of
from tests.contracts.conftest import Kept
from tests.world import CARE, CECILIA, DAVID, ORGANISATION, SOCIAL, an_id, press

KARIN = Operator(UserId(an_id("karin")), CECILIA)
LARS = Operator(UserId(an_id("lars")))


def seat(kept: Kept, operator: Operator, name: str, *committees: CommitteeId) -> AtDesk:
    now = kept.clock.now()
    return AtDesk(
        organisation_id=ORGANISATION,
        committees=frozenset(committees or (CARE,)),
        operator=operator,
        name=name,
        since=now,
        seen_at=now,
    )


async def alarm(kept: Kept, key: str = "press 1") -> IncidentId:
    async with kept.store.transaction() as tx:
        done = await file_alarms(tx, [press(kept.ids.new(), key=key, at=kept.clock.now())], kept.means)
        ((incident_id, _),) = (await tx.lock_open([done.filed[0].subject])).records.items()
    return incident_id


async def take(kept: Kept, incident_id: IncidentId, by: Operator) -> None:
    async with kept.store.transaction(frozenset({CARE})) as tx:
        locked = await tx.lock([incident_id])
        record = locked.records[incident_id]
        decision = decide(record.incident, Acknowledged(by), locked.now)
        await tx.save([unchanged(record).then(decision)], lease=kept.lease)


async def test_the_least_loaded_is_first_at_the_desk(kept: Kept) -> None:
    karin = seat(kept, KARIN, "Karin", CARE, SOCIAL)
    lars = seat(kept, LARS, "Lars")
    async with kept.store.transaction() as tx:
        await tx.sit_down(karin)
        await tx.sit_down(lars)
    async with kept.store.transaction() as tx:
        assert list(await tx.at_desk(CARE)) == [karin, lars]
        assert list(await tx.at_desk(SOCIAL)) == [karin]
        assert list(await tx.at_desk(CommitteeId(an_id("third")))) == []
    incident_id = await alarm(kept)
    await take(kept, incident_id, KARIN)
    async with kept.store.transaction() as tx:
        assert list(await tx.at_desk(CARE)) == [lars, replace(karin, load=1)]
        assert list((await tx.owned_by(KARIN.user_id)).records) == [incident_id]
        assert not (await tx.owned_by(LARS.user_id)).records


async def test_a_seat_lasts_as_long_as_there_are_signs_of_life(kept: Kept) -> None:
    sight = frozenset({CARE})
    karin = seat(kept, KARIN, "Karin")
    later = karin.since + timedelta(minutes=1)
    async with kept.store.transaction(sight) as tx:
        assert not await tx.seen_at_desk(KARIN.user_id, later)
        await tx.sit_down(karin)
        await tx.sit_down(replace(karin, since=later, seen_at=later))
        assert list(await tx.at_desk(CARE)) == [replace(karin, seen_at=later)]
        assert await tx.seen_at_desk(KARIN.user_id, later + timedelta(seconds=5))
        assert await tx.seen_at_desk(KARIN.user_id, later)
    async with kept.store.transaction() as tx:
        assert list(await tx.gone_from_desk(later)) == []
        assert [one.operator for one in await tx.gone_from_desk(later + timedelta(seconds=6))] == [KARIN]
    async with kept.store.transaction(sight) as tx:
        assert await tx.leave_desk(KARIN.user_id, later)
        assert not await tx.leave_desk(KARIN.user_id, later)
        assert list(await tx.at_desk(CARE)) == []


async def test_what_is_still_open_is_listed_oldest_first_and_tests_are_not(kept: Kept) -> None:
    first = await alarm(kept)
    async with kept.store.transaction() as tx:
        done = await file_alarms(tx, [press(kept.ids.new(), key="x", account="999")], kept.means)
        ((second, _),) = (await tx.lock_open([done.filed[0].subject])).records.items()
    async with kept.store.transaction() as tx:
        assert [record.incident.id for record in await tx.still_open(10)] == [first, second]
        assert [record.incident.id for record in await tx.still_open(1)] == [first]
        assert not (await tx.stale_tests(kept.clock.now() + timedelta(hours=1), 10)).records
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert [record.incident.id for record in await tx.still_open(10)] == [second]


async def test_who_answers_from_a_number_means_the_newest_alarm_texted_there(kept: Kept) -> None:
    incident_id = await alarm(kept)
    number, since = "+46701740606", kept.clock.now() - timedelta(hours=2)
    assert await kept.store.last_asked(number, since) is None
    async with kept.store.transaction() as tx:
        locked = await tx.lock([incident_id])
        record = locked.records[incident_id]
        roster: Roster = await roster_of(tx, RosterAsk(record.subject, record.incident.chain), kept.means, locked.now)
        now = decide(record.incident, EscalatedNow(LARS, roster), locked.now)
        (david,) = [one for one in now.incident.responders if one.person_id == DAVID]
        texted = decide(now.incident, MediumDue(DAVID, david.medium_fence or 0, roster), locked.now)
        notices = await tx.save([unchanged(record).then(now).then(texted)], lease=kept.lease)
    (sms,) = [notice for notice in notices if notice.address == number]
    assert await kept.store.last_asked(number, since) is None
    sent = Settled(
        notice_id=sms.id,
        organisation_id=sms.organisation_id,
        committee_id=sms.committee_id,
        incident_id=sms.incident_id,
        channel=sms.channel,
        person_id=sms.person_id,
        point_id=sms.point_id,
        state=NoticeState.SENT,
        at=kept.clock.now(),
        tries=1,
    )
    async with kept.store.transaction() as tx:
        await tx.settle([sent], sent.at)
    found = await kept.store.last_asked(number, since)
    assert found is not None
    assert (found.notice_id, found.incident_id, found.person_id) == (sms.id, incident_id, DAVID)
    assert await kept.store.last_asked(number, kept.clock.now() + timedelta(minutes=1)) is None
    assert await kept.store.last_asked("+46701740699", since) is None
    assert (await kept.store.answerable(sms.id)) is not None
