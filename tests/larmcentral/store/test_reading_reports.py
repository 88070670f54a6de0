"""Managers' reports on real PostgreSQL: every filter, every time from where it counts, no row of another committee."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation.ids import IncidentId
from larmcentral.domain.case_number import case_number
from larmcentral.domain.report_ask import IncidentSearch, Span
from larmcentral.domain.views_reports import IncidentRow, KindOfAlarm, UnitChoice
from larmcentral.store.reading_reports import Reports
from tests.builders import NOON, Town, operator_pairs
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import place, scope_of

TODAY = Span(from_day=NOON.date(), until_day=NOON.date(), zone="Europe/Stockholm")
WEEK = replace(TODAY, from_day=NOON.date() - timedelta(days=6))
ALL = IncidentSearch(span=WEEK)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def past(town: Town, committee: UUID, outcome: str = "real", **values: Any) -> UUID:
    """An incident that was taken after five seconds and stood down after nine minutes."""
    opened_at = values.pop("opened_at", NOON)
    kept: dict[str, Any] = {
        "state": "stood_down",
        "outcome": outcome,
        "acknowledged_at": opened_at + timedelta(seconds=5),
        "stood_down_at": opened_at + timedelta(minutes=9),
    }
    return await town.incident(committee, opened_at=opened_at, **(kept | values))


async def found(made: Rooms, search: IncidentSearch, *committees: UUID) -> list[UUID]:
    page = await Reports(made.web).incidents(scope_of(made.town, *committees), search)
    assert page.total == len(page.rows)
    return [row.id for row in page.rows]


async def test_a_row_says_who_where_and_how_long_each_thing_took(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    unit = await town.unit(care, "Nord")
    anna = await town.person(care, "Anna", unit_id=unit)
    eva = await town.user("eva", "operator", care, name="Eva E")
    incident = await past(
        town,
        care,
        person=anna,
        owner_user_id=eva,
        shown_at=later(1.5),
        silent=True,
        lateness_s=4.0,
        place_id=await place(town, care, "Ekgatan 3"),
    )
    await town.signal(incident, care, at=later(-0.5))
    await town.signal(incident, care, at=later(30))
    page = await Reports(made.web).incidents(scope_of(town, care), ALL)
    assert page.rows == (
        IncidentRow(
            id=incident,
            number=case_number(IncidentId(incident)),
            committee_id=care,
            opened_at=NOON,
            kind="panic",
            purpose="real",
            silent=True,
            state="stood_down",
            person="Anna",
            unit="Nord",
            place="Ekgatan 3",
            owner="Eva E",
            lateness_s=4.0,
            shown_s=2.0,
            accepted_s=5.5,
            stood_down_s=540.5,
            outcome="real",
        ),
    )
    assert (page.next, page.total) == (None, 1)


async def test_what_has_not_happened_has_no_time_not_zero_seconds(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    await made.town.incident(care, opened_at=NOON)
    (row,) = (await Reports(made.web).incidents(scope_of(made.town, care), ALL)).rows
    assert (row.shown_s, row.accepted_s, row.stood_down_s) == (None, None, None)


async def test_each_filter_leaves_what_it_asks_for(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    fall = await past(town, care, kind="fall")
    drill = await past(town, care, "drill", purpose="drill", opened_at=later(1))
    false = await past(town, care, "false", opened_at=later(2))
    open_ = await town.incident(care, opened_at=later(3))
    old = await past(town, care, opened_at=NOON - timedelta(days=3))
    ancient = await past(town, care, opened_at=NOON - timedelta(days=8))
    test = await past(town, care, "test", purpose="test", opened_at=later(4))
    assert await found(made, ALL, care) == [open_, false, drill, fall, old]
    assert await found(made, replace(ALL, span=TODAY), care) == [open_, false, drill, fall]
    assert await found(made, replace(ALL, kind="fall"), care) == [fall]
    assert await found(made, replace(ALL, purpose="drill"), care) == [drill]
    assert await found(made, replace(ALL, purpose="test"), care) == [test]
    assert await found(made, replace(ALL, outcome="false"), care) == [false]
    assert await found(made, replace(ALL, state="open"), care) == [open_]
    long_ago = replace(WEEK, from_day=NOON.date() - timedelta(days=8), until_day=NOON.date() - timedelta(days=7))
    assert await found(made, replace(ALL, span=long_ago), care) == [ancient]


async def test_a_unit_is_that_of_the_person_or_else_of_the_place(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    north, south = await town.unit(care, "Nord"), await town.unit(care, "Syd")
    anna = await town.person(care, "Anna", unit_id=north)
    reception = await town._row("places", care, name="Receptionen", unit_id=south)
    hers = await past(town, care, person=anna, place_id=reception)
    buttons = await past(town, care, place_id=reception, opened_at=later(1))
    assert await found(made, replace(ALL, unit_id=north), care) == [hers]
    assert await found(made, replace(ALL, unit_id=south), care) == [buttons]
    assert await Reports(made.web).units(scope_of(town, care)) == (
        UnitChoice(id=north, name="Nord", committee_id=care),
        UnitChoice(id=south, name="Syd", committee_id=care),
    )


async def test_text_is_a_part_of_a_name_an_account_or_the_number_that_people_say(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna Ås_1")
    watch = await town.device(care, "8661234567")
    hers = await past(town, care, person=anna)
    watchs = await past(town, care, device=watch, opened_at=later(1))
    somewhere = await past(town, care, place_id=await place(town, care, "Ekgatan 3"), opened_at=later(2))
    account = await past(town, care, account="dc09-77", opened_at=later(3))
    for text, expected in {
        "anna å": [hers],
        "s_1": [hers],
        "klocka 866": [watchs],
        "ekgatan": [somewhere],
        "DC09": [account],
        case_number(IncidentId(hers)).lower().replace("-", " "): [hers],
        "%": [],
        "nobody": [],
    }.items():
        assert await found(made, replace(ALL, text=text), care) == expected, text


async def test_pages_follow_each_other_without_a_gap_also_within_one_moment(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    made_ids = [await past(town, care, opened_at=later(number // 2)) for number in range(5)]
    reports, scope, seen = Reports(made.web), scope_of(town, care), []
    before = None
    while True:
        page = await reports.incidents(scope, ALL, before=before, limit=2)
        assert page.total == 5
        seen += [row.id for row in page.rows]
        if page.next is None:
            break
        before = IncidentId(page.next)
    assert seen == sorted(made_ids, key=lambda one: (made_ids.index(one) // 2, one), reverse=True)


async def test_nothing_of_another_committee_is_found_or_counted(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    unit = await town.unit(social, "Utredning")
    secret = await town.person(social, "Sekretess", unit_id=unit)
    theirs = await past(town, social, person=secret)
    ours = await past(town, care, opened_at=later(1))
    reports, scope = Reports(made.web), scope_of(town, care)
    assert await found(made, ALL, care) == [ours]
    assert await found(made, replace(ALL, text=case_number(IncidentId(theirs))), care) == []
    assert await found(made, replace(ALL, unit_id=unit), care) == []
    assert await reports.units(scope) == ()
    behind = await reports.incidents(scope, ALL, before=IncidentId(theirs))
    assert behind.rows == ()
    assert (await reports.response(scope, WEEK, now=NOON)).alarms == 1
    assert await found(made, ALL, care, social) == [ours, theirs]


async def test_response_counts_real_alarms_that_call_for_a_person_by_local_day(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    await past(town, care, shown_at=later(1))
    await past(town, care, "false", acknowledged_at=later(30))
    await past(town, care, "drill", purpose="drill")
    await past(town, care, "test", purpose="test")
    await past(town, care, kind="low_battery", gravity=4)
    late = datetime.fromisoformat("2026-11-20T23:30:00+00:00")  # the 21st in Stockholm
    await past(town, care, kind="fall", gravity=2, opened_at=late)
    report = await Reports(made.web).response(scope_of(town, care), WEEK, now=later(600))
    assert (report.alarms, report.never) == (3, 0)
    assert (report.accepted_p50_s, report.accepted_max_s, report.shown_p50_s) == (5.0, 30.0, 1.0)
    assert [bar.reached for bar in report.bars] == [pytest.approx(2 / 3), 1.0]
    assert {day.day: (day.alarms, day.within) for day in report.days if day.alarms} == {
        date(2026, 11, 21): (1, (1.0, 1.0)),
        date(2026, 11, 22): (2, (0.5, 1.0)),
    }
    assert len(report.days) == 7
    none = {"real": 0, "false": 0, "test": 0, "drill": 0, "other": 0, "open": 0}
    assert report.kinds == (
        KindOfAlarm(kind="panic", **(none | {"real": 1, "false": 1, "drill": 1})),
        KindOfAlarm(kind="fall", **(none | {"real": 1})),
    )


async def test_accepted_is_the_first_human_hand_from_when_the_first_signal_came(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    taken = await past(town, care)
    await town.signal(taken, care, at=later(-3))
    await town.signal(taken, care, at=later(60))
    ended = await past(town, care, acknowledged_at=None)
    await town.line(ended, "stood_down", by=operator_pairs(town.new_id()), at=later(20))
    by_himself = await past(town, care, acknowledged_at=None)
    await town.line(by_himself, "stood_down", by={"kind": "wearer", "person_id": str(town.new_id())}, at=later(9))
    report = await Reports(made.web).response(scope_of(town, care), TODAY, now=later(600))
    assert (report.alarms, report.never) == (3, 1)
    assert (report.accepted_p50_s, report.accepted_max_s) == (8.0, 20.0)


async def test_an_alarm_that_may_still_be_taken_in_time_does_not_count_yet(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    await town.incident(care)
    reports, scope = Reports(made.web), scope_of(town, care)
    young = await reports.response(scope, TODAY, now=later(39))
    assert (young.alarms, young.kinds[0].open) == (0, 1)
    old = await reports.response(scope, TODAY, now=later(40))
    assert (old.alarms, old.never, old.bars[0].met) == (1, 1, False)


async def test_response_of_one_unit_leaves_out_the_others(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    north, south = await town.unit(care, "Nord"), await town.unit(care, "Syd")
    await past(town, care, person=await town.person(care, "Anna", unit_id=north))
    await past(town, care, person=await town.person(care, "Bo", unit_id=south), kind="fall", gravity=2)
    report = await Reports(made.web).response(scope_of(town, care), TODAY, unit_id=south, now=later(600))
    assert (report.alarms, [kind.kind for kind in report.kinds]) == (1, ["fall"])
