"""Where an incident is: found when it opens, kept whatever happens then, and said to those who are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from escalation.effects import About
from escalation.events import Wearer
from escalation.ids import PlaceId
from escalation.session import Session
from escalation.session_course import decide_session
from escalation.session_events import Ended
from larmcentral.domain.place import Presence
from larmcentral.domain.record import NewSignal, Record, unchanged
from larmcentral.domain.vigil import VigilChange, VigilRecord
from larmcentral.flows.alarms import FiledAlarms, file_alarms
from protocols.signal import AccountId
from tests.contracts.conftest import Kept
from tests.contracts.town import COTTAGE, RECEPTION, begin_session, reminder, settle_places
from tests.world import ANNA, BO, CARE, ORGANISATION, press


async def alarm(kept: Kept, **how: Any) -> FiledAlarms:
    return await take_in(kept, press(kept.ids.new(), at=kept.clock.now(), **how))


async def take_in(kept: Kept, signal: NewSignal) -> FiledAlarms:
    async with kept.store.transaction() as tx:
        return await file_alarms(tx, [signal], kept.means)


async def standing(kept: Kept, done: FiledAlarms) -> Record:
    async with kept.store.transaction() as tx:
        (record,) = (await tx.lock_open([done.filed[0].subject])).records.values()
    return record


async def on_shift(kept: Kept, place_id: PlaceId | None) -> None:
    now = kept.clock.now()
    presence = Presence(
        organisation_id=ORGANISATION,
        committee_id=CARE,
        person_id=ANNA,
        since=now - timedelta(hours=1),
        until=now + timedelta(hours=1),
        place_id=place_id,
    )
    async with kept.store.transaction() as tx:
        await tx.arrive(presence)


async def end(kept: Kept, session: VigilRecord, ago: timedelta) -> None:
    core = session.core
    assert isinstance(core, Session)
    decision = decide_session(core, Ended(Wearer(ANNA), "app"), kept.clock.now() - ago)
    after = replace(session, core=decision.core, version=2, entries=session.entries + len(decision.entries))
    change = VigilChange(before=session, after=after, effects=(), log=decision.entries)
    async with kept.store.transaction() as tx:
        await tx.save_vigils([change], lease=kept.lease)


async def test_an_incident_is_where_its_person_works_alone_and_its_notices_say_so(kept: Kept) -> None:
    await settle_places(kept)
    await on_shift(kept, RECEPTION)
    await begin_session(kept, COTTAGE)
    done = await alarm(kept)
    assert (await standing(kept, done)).place_id == COTTAGE
    assert {notice.text.place for notice in done.notices} == {"Stugan"}
    async with kept.store.transaction() as tx:
        claimed = await tx.claim_notices(lease=kept.lease, held=(), limit=10)
    assert [notice.text.place for notice in claimed] == ["Stugan"] * len(done.notices)


async def test_without_a_session_the_shift_says_where_and_without_both_nobody_does(kept: Kept) -> None:
    await settle_places(kept)
    await begin_session(kept, None)
    await on_shift(kept, RECEPTION)
    assert (await standing(kept, await alarm(kept))).place_id == RECEPTION


async def test_nobody_knows_where_a_person_is_who_named_no_place(kept: Kept) -> None:
    await settle_places(kept)
    await on_shift(kept, None)
    done = await alarm(kept)
    assert (await standing(kept, done)).place_id is None
    assert {notice.text.place for notice in done.notices} == {None}


async def test_a_fixed_button_says_where_it_hangs(kept: Kept) -> None:
    await settle_places(kept)
    signal = press(kept.ids.new(), at=kept.clock.now())
    button = replace(signal, protocol="dc09", signal=replace(signal.signal, device=AccountId("1234")))
    done = await take_in(kept, button)
    assert (await standing(kept, done)).place_id == RECEPTION
    assert {notice.text.place for notice in done.notices} == {"Receptionen"}


async def test_an_incident_stays_where_it_opened(kept: Kept) -> None:
    await settle_places(kept)
    await on_shift(kept, RECEPTION)
    await alarm(kept)
    await begin_session(kept, COTTAGE)
    await on_shift(kept, COTTAGE)
    again = await alarm(kept, key="press 2")
    record = await standing(kept, again)
    assert (record.place_id, record.version) == (RECEPTION, 2)


async def test_a_session_that_ended_in_this_moment_still_says_where_and_an_older_one_does_not(kept: Kept) -> None:
    await settle_places(kept)
    await end(kept, await begin_session(kept, COTTAGE), timedelta(seconds=5))
    assert (await standing(kept, await alarm(kept))).place_id == COTTAGE


async def test_a_session_that_ended_a_while_ago_says_nothing(kept: Kept) -> None:
    await settle_places(kept)
    await end(kept, await begin_session(kept, COTTAGE), timedelta(minutes=2))
    assert (await standing(kept, await alarm(kept))).place_id is None


async def test_the_wearer_is_not_told_where_he_is_himself(kept: Kept) -> None:
    await settle_places(kept)
    await begin_session(kept, COTTAGE)
    record = await standing(kept, await alarm(kept))
    his = reminder("his", about=About.TAKEN)
    theirs = reminder("theirs", BO, "bo app", About.GOING)
    async with kept.store.transaction() as tx:
        out = await tx.save([replace(unchanged(record), effects=(his, theirs))], lease=kept.lease)
        claimed = await tx.claim_notices(lease=kept.lease, held=(), limit=10)
    assert {notice.person_id: notice.text.place for notice in out} == {ANNA: None, BO: "Stugan"}
    assert {notice.id: notice.text.place for notice in claimed}[his.id] is None
