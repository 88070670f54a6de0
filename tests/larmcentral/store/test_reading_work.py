"""Lone work as it is shown: to the desk with a line in the log, to a worker's phone the same whichever PIN he gave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from msgspec.json import encode

from escalation.alarm import AlarmKind
from escalation.events import Wearer
from escalation.ids import CommitteeId, OrganisationId, PersonId, PlaceId
from escalation.pre_alarm import start_pre_alarm
from escalation.session import Cause, Raised
from escalation.vigil import VigilKind
from larmcentral.domain.errors import NotFound
from larmcentral.domain.outbox import Lease
from larmcentral.domain.roles import Reach, Role, Scope
from larmcentral.domain.session_start import SessionStart
from larmcentral.domain.views_work import OwnAlarm, OwnPreAlarm, OwnSession, OwnWork, SessionView
from larmcentral.flows.hints import Hints
from larmcentral.flows.means import Means
from larmcentral.flows.sessions import LoneWork
from larmcentral.geo import metres_between
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.reading_work import Work
from tests.builders import NOON, Town
from tests.fakes.plain_days import PlainDays
from tests.fakes.settable_clock import SettableClock
from tests.fakes.virtual_loop import CountedIds, NoMeasures
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import PLAN, looks, place, scope_of, session_core, viewer_of, vigil, working

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def test_a_session_is_shown_whole_and_that_its_place_was_shown_is_written_down(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna", phone="+46701740601")
    bo = await town.person(care, "Bo")
    home = await place(town, care, "Ekgatan 3")
    session = await working(
        town,
        care,
        anna,
        place_id=PlaceId(home),
        memo="hund",
        companions=(PersonId(bo),),
        ends_at=NOON + timedelta(hours=2),
    )
    operator = viewer_of(town, care)
    [view] = await Work(made.web).sessions(scope_of(town, care), by=operator, now=LATER)
    assert view == SessionView(
        id=session,
        committee_id=care,
        person_id=anna,
        person="Anna",
        phone="+46701740601",
        place_id=home,
        place="Ekgatan 3",
        purpose="Hembesök",
        memo="hund",
        companions=("Bo",),
        started_at=NOON,
        check_in_due_at=NOON + timedelta(minutes=30),
        ends_at=NOON + timedelta(hours=2),
        answer_by=None,
        stage="running",
    )
    assert await looks(town) == [("place_shown", "session", anna, home)]
    assert await Work(made.web).session(scope_of(town, care), PersonId(anna), by=operator, now=LATER) == view
    assert len(await looks(town)) == 1  # the same reading, a moment later
    await Work(made.web).sessions(scope_of(town, care), by=operator, now=LATER + timedelta(minutes=10))
    assert len(await looks(town)) == 2


async def test_no_line_is_written_of_oneself_nor_where_no_place_is_named(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna, bo = await town.person(care, "Anna"), await town.person(care, "Bo")
    await working(town, care, anna, place_id=PlaceId(await place(town, care, "Ekgatan 3")))
    await working(town, care, bo)
    found = await Work(made.web).sessions(scope_of(town, care), by=viewer_of(town, care, person=anna), now=LATER)
    assert len(found) == 2
    assert await looks(town) == []


async def test_who_has_called_for_help_comes_first_and_then_who_is_due(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    names = {}
    for name, minutes in (("late", 60), ("soon", 5)):
        person = await town.person(care, name)
        names[await working(town, care, person, every=timedelta(minutes=minutes))] = name
    missed = await town.person(care, "missed")
    raised = replace(session_core(missed, every=timedelta(hours=3)), raised=(Raised(Cause.CHECK_IN, NOON),))
    names[await vigil(town, care, raised, VigilKind.SESSION, person=missed)] = "missed"
    found = await Work(made.web).sessions(scope_of(town, care), by=viewer_of(town, care), now=LATER)
    assert [names[one.id] for one in found] == ["missed", "soon", "late"]


async def test_another_committees_sessions_are_not_there_and_its_names_are_not_told(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    anna, secret = await town.person(care, "Anna"), await town.person(social, "Sekretess")
    hidden = await place(town, social, "Skyddat boende")
    await working(town, social, secret)
    await working(town, care, anna, place_id=PlaceId(hidden), companions=(PersonId(secret),))
    work, operator = Work(made.web), viewer_of(town, care)
    [view] = await work.sessions(scope_of(town, care), by=operator, now=LATER)
    assert (view.person, view.place, view.companions) == ("Anna", None, ("",))
    for person in (secret, town.new_id()):
        with pytest.raises(NotFound):
            await work.session(scope_of(town, care), PersonId(person), by=operator, now=LATER)


async def test_a_session_that_has_ended_is_shown_to_nobody(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna")
    await working(town, care, anna)
    await town.connection.execute("UPDATE vigils SET ended_at = $1, due_at = NULL", LATER)
    worker = viewer_of(town, care, role=Role.WORKER, person=anna)
    assert await Work(made.web).sessions(scope_of(town, care), by=viewer_of(town, care), now=LATER) == ()
    assert (await Work(made.web).mine(worker, now=LATER)).session is None


async def test_whose_reach_is_his_own_finds_no_others_session(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna, bo = await town.person(care, "Anna"), await town.person(care, "Bo")
    await working(town, care, anna)
    await working(town, care, bo)
    own = Scope(
        organisation_id=OrganisationId(town.organisation),
        committees=frozenset({CommitteeId(care)}),
        reach=Reach.OWN,
        person_id=PersonId(anna),
    )
    worker = viewer_of(town, care, role=Role.WORKER, person=anna)
    assert [one.person_id for one in await Work(made.web).sessions(own, by=worker, now=LATER)] == [anna]
    with pytest.raises(NotFound):
        await Work(made.web).session(own, PersonId(bo), by=worker, now=LATER)


async def test_a_worker_sees_his_session_countdown_alarms_shift_and_whether_he_has_pins(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna", pin_hash="normal", duress_pin_hash="duress")
    home = await place(town, care, "Ekgatan 3")
    await working(town, care, anna, place_id=PlaceId(home))
    countdown = start_pre_alarm(PersonId(anna), AlarmKind.FALL, PLAN, NOON).core
    await vigil(town, care, countdown, VigilKind.PRE_ALARM, person=anna)
    await on_shift(town, care, anna, until=NOON + timedelta(hours=8))
    taken = await town.incident(care, person=anna, state="acknowledged")
    drill = await town.incident(care, person=anna, purpose="drill", opened_at=LATER)
    assert await mine(made, care, anna) == OwnWork(
        session=OwnSession(
            place_id=home,
            place="Ekgatan 3",
            purpose="Hembesök",
            companions=(),
            started_at=NOON,
            check_in_every_s=1800.0,
            shortened=False,
            check_in_due_at=NOON + timedelta(minutes=30),
            ends_at=None,
            answer_by=None,
            stage="running",
        ),
        pre_alarm=OwnPreAlarm(kind="fall", began_at=NOON, alarm_at=NOON + timedelta(seconds=30)),
        alarms=(
            OwnAlarm(id=taken, kind="panic", purpose="real", opened_at=NOON, stage="taken"),
            OwnAlarm(id=drill, kind="panic", purpose="drill", opened_at=LATER, stage="received"),
        ),
        shift_until=NOON + timedelta(hours=8),
        pin_set=True,
    )


async def test_nothing_silent_technical_or_tested_and_nothing_of_others_is_on_his_phone(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    anna, bo = await town.person(care, "Anna"), await town.person(care, "Bo")
    watch = await town.device(care, "1", worn_by=anna)
    await town.incident(care, person=anna, silent=True)
    await town.incident(care, person=anna, subject=f"covert/person:{anna}", silent=True)
    await town.incident(care, person=anna, device=watch, subject=f"technical/device:{watch}", kind="low_battery")
    await town.incident(care, person=anna, purpose="test")
    await town.incident(care, person=anna, state="stood_down")
    await town.incident(social, person=anna, subject=f"person:{anna}", purpose="drill")
    await town.incident(care, person=bo)
    await working(town, care, bo)
    silent = start_pre_alarm(PersonId(anna), AlarmKind.FALL, PLAN, NOON, silent=True).core
    await vigil(town, care, silent, VigilKind.PRE_ALARM, person=anna)
    await on_shift(town, care, anna, until=LATER)
    nothing = OwnWork(session=None, pre_alarm=None, alarms=(), shift_until=None, pin_set=False)
    assert await mine(made, care, anna) == nothing


async def test_whichever_pin_he_gives_the_phone_shows_the_same_bytes(made: Rooms) -> None:
    """The real flows on one town and one moment, twice: only what the desk sees tells the PINs apart."""
    town = made.town
    care = await town.committee("Omsorg")
    anna = PersonId(await town.person(care, "Anna", pin_hash="normal", duress_pin_hash="duress"))
    home = PlaceId(await place(town, care, "Ekgatan 3"))
    await freeze(town)
    shown, alarms = {}, {}
    for duress in (False, True):
        await town.connection.execute("TRUNCATE vigils, incidents, notices, presences, system_alarms CASCADE")
        shown[duress] = [answer async for answer in a_day(made, care, anna, home, duress=duress)]
        rows = await town.connection.fetch("SELECT subject, kind FROM incidents ORDER BY subject")
        alarms[duress] = [tuple(row) for row in rows]
    assert shown[True] == shown[False]
    assert len(set(shown[False])) == 6  # the phone does follow what happens
    visible = (f"person:{anna}", "fall")
    assert alarms[False] == [visible]
    assert alarms[True] == [(f"covert/person:{anna}", "duress"), visible]


async def a_day(made: Rooms, care: UUID, anna: PersonId, home: PlaceId, *, duress: bool) -> AsyncIterator[bytes]:
    """What Anna's phone shows after each thing she does; a PIN is asked for from the third on."""
    clock = SettableClock(NOON)
    ids = CountedIds(clock)
    means = Means(
        store=PostgresStore(made.service, made.web, clock, ids),
        clock=clock,
        calendar=PlainDays(),
        ids=ids,
        lease=Lease(UUID(int=1)),
        hand_over=lambda notices: None,
        hints=Hints(),
        measures=NoMeasures(),
        distance_m=metres_between,
    )
    lone_work, wearer, sight = LoneWork(means), Wearer(anna), frozenset({CommitteeId(care)})
    yield encode(await mine(made, care, anna))
    await lone_work.start(SessionStart(person_id=anna, purpose="Hembesök", place_id=home), wearer, sight)
    yield encode(await mine(made, care, anna))
    await lone_work.begin_pre_alarm(anna, AlarmKind.FALL, event_at=None)
    await lone_work.confirm_pre_alarm(anna)
    yield encode(await mine(made, care, anna))
    await lone_work.begin_pre_alarm(anna, AlarmKind.FALL, event_at=None)
    yield encode(await mine(made, care, anna))
    await lone_work.cancel_pre_alarm(anna, how="pin", duress=duress)
    yield encode(await mine(made, care, anna))
    await lone_work.cancel_pre_alarm(anna, how="pin", duress=duress)  # again, as a phone does that heard no answer
    await lone_work.extend(anna, NOON + timedelta(hours=2), wearer)
    await lone_work.check_in(anna, how="pin", duress=duress)
    yield encode(await mine(made, care, anna))
    await lone_work.end(anna, wearer, how="pin", duress=duress)
    yield encode(await mine(made, care, anna))


async def freeze(town: Town) -> None:
    """Let it be noon in this database for whoever connects from now on: a name of ours comes before its own."""
    database = await town.connection.fetchval("SELECT current_database()")
    await town.connection.execute(
        f"""
        CREATE SCHEMA frozen;
        GRANT USAGE ON SCHEMA frozen TO PUBLIC;
        CREATE FUNCTION frozen.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
            RETURN '{NOON.isoformat()}'::timestamptz;
        ALTER DATABASE "{database}" SET search_path = frozen, pg_catalog, public;
        """
    )


async def on_shift(town: Town, committee: UUID, person: UUID, *, until: datetime) -> None:
    await town.insert(
        "presences",
        organisation_id=town.organisation,
        committee_id=committee,
        person_id=person,
        since=NOON - timedelta(hours=1),
        until_at=until,
    )


async def mine(made: Rooms, committee: UUID, person: UUID, *, now: datetime = LATER) -> OwnWork:
    viewer = viewer_of(made.town, committee, role=Role.WORKER, person=person)
    return await Work(made.web).mine(viewer, now=now)
