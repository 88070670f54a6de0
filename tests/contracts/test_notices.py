"""What the outbox may rely on: cases for centres, points that a silent alarm spares, alarms first, health of points."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escalation.chain import (
    Channel,
    Medium,
    PersonTarget,
    Risk,
)
from escalation.effects import About, InHouseNotice, OutwardNotice
from escalation.ids import ContactPointId, NoticeId
from escalation.incident import Decision
from escalation.purpose import Purpose
from escalation.vigil import VigilKind
from larmcentral.domain.case_number import case_number
from larmcentral.domain.errors import Poison
from larmcentral.domain.notice import Forward, OutgoingNotice
from larmcentral.domain.outbox import NoticeState
from larmcentral.domain.own_points import WEARERS_OWN_POINT
from larmcentral.domain.record import Change, unchanged
from larmcentral.domain.register import ContactPoint, Person, PlaceFlag
from protocols.signal import Position
from tests.contracts.conftest import Kept
from tests.contracts.outgoing import a_chain, alarm, choose, claim, settle, settled, to_centre
from tests.contracts.town import COTTAGE, RECEPTION, TOWN_HALL, alone, begin_session, begun, reminder, settle_places
from tests.world import ANNA, BO, CARE, DAVID, HOME, NIGHT, T0, UNIT, WATCH, an_id, push, sms

NUMBER = "+46701740605"


async def test_a_case_for_a_centre_brings_who_and_where_it_is(kept: Kept) -> None:
    await settle_places(kept)
    flag = PlaceFlag(
        id=an_id("flag"), place_id=COTTAGE, risk=Risk.RAISED, owner_id=BO, ground="hot", review_on=T0.date()
    )
    await kept.register.flag(HOME, flag, T0)
    await kept.register.person(HOME, Person(id=ANNA, name="Anna", unit_id=UNIT, phone="070-174 06 01"))
    await begin_session(kept, COTTAGE)
    fix_at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    position = Position(lat=57.93, lon=12.53, accuracy_m=15, fix_at=fix_at)
    forward = await to_centre(kept, position=position)
    assert (forward.receiver, forward.channel, forward.purpose) == ("nord", Channel.RECEIVER, Purpose.REAL)
    assert (forward.person_id, forward.point_id, forward.text.subject, forward.text.place) == (
        None,
        None,
        "Anna",
        "Stugan",
    )
    case = forward.case
    assert case.number == case_number(forward.incident_id)
    assert (case.person, case.phone, case.device, case.unit) == ("Anna", "070-174 06 01", WATCH, "Nord")
    assert (case.place, case.address, case.danger) == ("Stugan", "Skogsvägen 1", "hund"), "not why it is flagged"
    assert (case.floor, case.door_code) == (None, None)
    assert (case.lat, case.lon, case.accuracy_m, case.fix_at) == (57.93, 12.53, 15, fix_at)


async def test_a_room_brings_its_own_floor_and_code(
    kept: Kept,
) -> None:
    await settle_places(kept)
    await begin_session(kept, RECEPTION)
    case = (await to_centre(kept)).case
    assert (case.place, case.address, case.floor, case.door_code) == ("Receptionen", None, "0", "1234")
    assert (case.lat, case.fix_at) == (None, None)


async def test_without_a_position_the_place_itself_is_where_it_is(kept: Kept) -> None:
    await settle_places(kept)
    await begin_session(kept, TOWN_HALL)
    case = (await to_centre(kept)).case
    assert (case.lat, case.lon, case.accuracy_m, case.fix_at) == (57.930, 12.530, None, None)


async def test_a_person_without_a_number_of_his_own_is_called_back_on_a_contact_point(kept: Kept) -> None:
    await kept.register.person(
        HOME, Person(id=ANNA, name="Anna", unit_id=UNIT, contact_points=(sms("anna", "+46701740609"),))
    )
    assert (await to_centre(kept)).case.phone == "+46701740609"


async def test_nobody_calls_back_whoever_raised_a_silent_alarm(kept: Kept) -> None:
    await kept.register.person(HOME, Person(id=ANNA, name="Anna", unit_id=UNIT, phone="070-174 06 01"))
    forward = await to_centre(kept, silent=True)
    assert (forward.text.silent, forward.case.phone) == (True, None)


async def test_a_case_is_claimed_as_it_was_filed(kept: Kept) -> None:
    forward = await to_centre(kept, position=Position(lat=57.93, lon=12.53))
    (again,) = [one for one in await claim(kept) if isinstance(one, Forward)]
    assert replace(again, filed_at=forward.filed_at) == forward
    await settle(kept, settled(forward, NoticeState.SENT, kept, provider="receiver:nord", provider_id="primary"))
    assert not [one for one in await claim(kept) if isinstance(one, Forward)]
    found = await kept.store.answerable(forward.id)
    assert found is not None
    assert (found.receiver, found.provider, found.state) == ("nord", "receiver:nord", NoticeState.SENT)


async def test_of_two_results_of_a_notice_that_come_together_the_later_counts_and_keeps_what_the_first_knew(
    kept: Kept,
) -> None:
    """A call is answered within the moment in which results gather."""
    notices = [one for one in await alarm(kept) if one.point_id is not None]
    taken = [settled(one, NoticeState.SENT, kept, provider="46elks_voice", provider_id=str(one.id)) for one in notices]
    answered = [replace(one, state=NoticeState.DELIVERED, provider=None) for one in taken]
    assert len(notices) > 1
    await settle(kept, *(result for both in zip(taken, answered, strict=True) for result in both))
    for one in notices:
        found = await kept.store.answerable(one.id)
        assert found is not None
        assert (found.state, found.provider) == (NoticeState.DELIVERED, "46elks_voice")


async def test_a_case_whose_paths_are_being_tried_is_not_late_before_they_may_all_have_been(kept: Kept) -> None:
    forward = await to_centre(kept)
    async with kept.store.transaction() as tx:
        desk = await tx.claim_notices(lease=kept.lease, held=(forward.id,), limit=9)
        await tx.settle([settled(one, NoticeState.SENT, kept) for one in desk], kept.clock.now())
    soon = await kept.store.condition(kept.clock.now() + timedelta(seconds=20))
    assert (soon.waiting, soon.waiting_s) == (1, 0.0)
    assert (await kept.store.condition(kept.clock.now() + timedelta(seconds=60))).waiting_s > 25


async def test_a_silent_alarm_is_withheld_from_the_wearers_own_points_whosever_they_are_called(kept: Kept) -> None:
    await kept.register.person(
        HOME,
        Person(
            id=ANNA,
            name="Anna",
            unit_id=UNIT,
            phone="070-174 06 05",
            teams=(NIGHT,),
            contact_points=(push("anna", Channel.APNS),),
        ),
    )
    shared = ContactPoint(id=ContactPointId(an_id("shared")), channel=Channel.APNS, address="anna-token")
    await kept.register.person(HOME, Person(id=DAVID, name="David", contact_points=(shared,)))
    await choose(kept, a_chain(PersonTarget(BO), PersonTarget(DAVID), media=(Medium.PUSH, Medium.SMS)))
    expected = {
        an_id("bo app"): ("bo-token", ""),
        an_id("bo sms"): ("", WEARERS_OWN_POINT),
        shared.id: ("", WEARERS_OWN_POINT),
    }
    for notices in (await alarm(kept, silent=True), await claim(kept)):
        found = {n.point_id: (n.address, _withheld(n)) for n in notices}
        assert {point_id: found[point_id] for point_id in expected} == expected


def _withheld(notice: OutgoingNotice) -> str:
    return "" if isinstance(notice, Forward) else notice.withheld


async def test_an_alarm_that_is_not_silent_goes_there(kept: Kept) -> None:
    await kept.register.person(HOME, Person(id=ANNA, name="Anna", unit_id=UNIT, phone="070-174 06 05"))
    await choose(kept, a_chain(PersonTarget(BO), media=(Medium.SMS,)))
    (text,) = [n for n in await alarm(kept) if n.channel is Channel.SMS]
    assert (text.address, _withheld(text)) == (NUMBER, "")


async def test_that_it_was_taken_reaches_the_wearers_app_of_a_silent_alarm(kept: Kept) -> None:
    """Without a word or a sound; the channel sees to that."""
    notices = await alarm(kept, silent=True)
    incident_id = next(n.incident_id for n in notices)
    assert incident_id is not None
    taken = InHouseNotice(
        id=NoticeId(an_id("taken")),
        purpose=Purpose.REAL,
        channel=Channel.APNS,
        person_id=ANNA,
        point_id=ContactPointId(an_id("anna app")),
        round=1,
        step=0,
        attempt=0,
        about=About.TAKEN,
    )
    async with kept.store.transaction() as tx:
        change = unchanged((await tx.lock([incident_id])).records[incident_id])
        (told,) = await tx.save([change.then(Decision(change.after.incident, effects=(taken,)))], lease=kept.lease)
    assert (told.address, _withheld(told)) == ("anna-token", "")


async def test_alarms_are_claimed_before_what_has_been_due_for_longer(kept: Kept) -> None:
    change = begun(kept, VigilKind.SESSION, alone(kept), notices=tuple((reminder(f"r{n}"), None, ()) for n in range(3)))
    async with kept.store.transaction() as tx:
        assert len(await tx.save_vigils([change], lease=kept.lease)) == 3
    await to_centre(kept)
    first = await claim(kept, limit=2)
    assert {one.channel for one in first} == {Channel.RECEIVER, Channel.CONSOLE}


async def test_who_answers_from_a_number_may_have_been_called_there(kept: Kept) -> None:
    spoken = ContactPoint(id=ContactPointId(an_id("bo voice")), channel=Channel.VOICE, address=NUMBER)
    person = Person(id=BO, name="Bo", unit_id=UNIT, teams=(NIGHT,), contact_points=(sms("bo", NUMBER), spoken))
    await kept.register.person(HOME, person)
    await choose(kept, a_chain(PersonTarget(BO), media=(Medium.SMS, Medium.VOICE)))
    notices = {n.channel: n for n in await alarm(kept)}
    since = kept.clock.now() - timedelta(hours=1)
    assert await kept.store.last_asked(NUMBER, since) is None
    await settle(kept, settled(notices[Channel.SMS], NoticeState.SENT, kept))
    asked = await kept.store.last_asked(NUMBER, since)
    assert asked is not None
    assert asked.notice_id == notices[Channel.SMS].id
    later = replace(settled(notices[Channel.VOICE], NoticeState.SENT, kept), at=kept.clock.now() + timedelta(seconds=1))
    await settle(kept, later)
    asked = await kept.store.last_asked(NUMBER, since)
    assert asked is not None
    assert (asked.notice_id, asked.channel) == (notices[Channel.VOICE].id, Channel.VOICE)


async def test_a_contact_point_remembers_when_it_was_reached_and_when_not_and_why(kept: Kept) -> None:
    await choose(kept, a_chain(PersonTarget(BO), media=(Medium.SMS, Medium.PUSH)))
    notices = {n.channel: n for n in await alarm(kept)}
    text, app = notices[Channel.SMS], notices[Channel.APNS]
    before = kept.clock.now()
    await settle(kept, settled(text, NoticeState.FAILED, kept, provider="46elks", reason="no route"))
    await settle(kept, settled(app, NoticeState.SENT, kept, provider="apns"))
    async with kept.store.transaction() as tx:
        number, phone = await tx.point(_point(text)), await tx.point(_point(app))
    assert number is not None
    assert number.last_failed_at is not None
    assert (number.last_failed_at >= before, number.last_failed_why, number.last_reached_at) == (True, "no route", None)
    assert phone is not None
    assert (phone.last_reached_at is not None, phone.last_failed_at, phone.verified_at) == (True, None, None)


async def test_what_nobody_was_asked_to_deliver_says_nothing_of_the_address(kept: Kept) -> None:
    await choose(kept, a_chain(PersonTarget(BO), media=(Medium.SMS,)))
    (text,) = [n for n in await alarm(kept) if n.channel is Channel.SMS]
    await settle(kept, settled(text, NoticeState.REFUSED, kept, reason="no_channel"))
    async with kept.store.transaction() as tx:
        number = await tx.point(_point(text))
    assert number is not None
    assert number.last_failed_at is None


def _point(notice: OutgoingNotice) -> ContactPointId:
    assert notice.point_id is not None
    return notice.point_id


async def test_the_words_of_a_notice_name_the_committee_whose_words_they_are(kept: Kept) -> None:
    assert {n.text.committee_id for n in await alarm(kept)} == {CARE}
    assert {n.text.committee_id for n in await claim(kept)} <= {CARE}


async def test_the_house_takes_no_outward_notice_of_a_drill_even_if_one_could_be_made(kept: Kept) -> None:
    notices = await alarm(kept)
    incident_id = next(n.incident_id for n in notices)
    assert incident_id is not None
    made = OutwardNotice(
        id=NoticeId(an_id("forged")),
        purpose=Purpose.REAL,
        channel=Channel.SMS,
        person_id=BO,
        point_id=ContactPointId(an_id("bo sms")),
        round=1,
        step=0,
        attempt=9,
    )
    object.__setattr__(made, "purpose", Purpose.DRILL)
    async with kept.store.transaction() as tx:
        record = (await tx.lock([incident_id])).records[incident_id]
    drill = replace(record.incident, purpose=Purpose.DRILL)
    change = Change(before=record, after=replace(record, incident=drill, version=record.version + 1), effects=(made,))
    with pytest.raises((AssertionError, Poison)):
        async with kept.store.transaction() as tx:
            await tx.save([change], lease=kept.lease)
