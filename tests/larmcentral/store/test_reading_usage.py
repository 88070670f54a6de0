"""How units use their protection, and who raises most alarms that were none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import pytest

from larmcentral.domain.report_ask import Span
from larmcentral.domain.views_reports import BadActor, CauseOfAlarms, UsageReport
from larmcentral.store.reading_reports import Reports
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import place, scope_of

WEEK = Span(from_day=NOON.date() - timedelta(days=6), until_day=NOON.date(), zone="Europe/Stockholm")
BEFORE = NOON - timedelta(days=9)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def used(made: Rooms, *committees: UUID) -> UsageReport:
    return await Reports(made.web).usage(scope_of(made.town, *committees), WEEK, now=NOON)


def figures(report: UsageReport) -> dict[str | None, dict[str, int]]:
    """What is not nought, by unit."""
    return {
        unit.unit: {name: said for name, said in asdict(unit).items() if said and name not in {"unit", "unit_id"}}
        for unit in report.units
    }


async def session(town: Town, committee: UUID, person: UUID, days_ago: int) -> None:
    at = NOON - timedelta(days=days_ago)
    await town.insert(
        "vigils",
        organisation_id=town.organisation,
        committee_id=committee,
        id=town.new_id(at),
        kind="session",
        subject=f"person:{person}",
        person_id=person,
        protocol="session",
        account=str(person),
        purpose="real",
        covert=False,
        technical=False,
        core="{}",
        ended_at=at,
        version=1,
        entries=1,
    )


async def ledger_line(
    town: Town, committee: UUID, *, days_ago: int, device: UUID | None = None, person: UUID | None = None
) -> None:
    at = NOON - timedelta(days=days_ago)
    await town.insert(
        "test_alarms",
        organisation_id=town.organisation,
        committee_id=committee,
        signal_id=town.new_id(),
        incident_id=town.new_id(),
        device_id=device,
        person_id=person,
        received_at=at,
        reached_desk_at=at,
    )


async def test_persons_are_counted_by_what_they_did_with_their_protection(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    north = await town.unit(care, "Nord")
    await town.unit(care, "Syd")
    busy, tester, idle, lapsed = [
        await town.person(care, name, unit_id=north, trained_on=NOON.date() if name == "Busy" else None)
        for name in ("Busy", "Tester", "Idle", "Lapsed")
    ]
    await town.person(care, "Bare", unit_id=north)
    await town.person(care, "Gone", unit_id=north, ends_on=NOON.date() - timedelta(days=1))
    await town.person(care, "Nowhere")
    for person in (busy, tester, idle, lapsed):
        await town.device(care, f"866{person.int % 10**6}", worn_by=person)
    for days_ago in (0, 1, 6, 8):
        await session(town, care, busy, days_ago)
    await session(town, care, lapsed, 8)
    await ledger_line(town, care, person=tester, days_ago=2)
    await ledger_line(town, care, person=idle, days_ago=20)
    found = figures(await used(made, care))
    assert found["Nord"] == {
        "persons": 5,
        "trained": 1,
        "sessions": 3,
        "worked_alone": 1,
        "idle": 2,
        "devices": 4,
        "tests_due": 4,
    }
    assert (found["Syd"], found[None]) == ({}, {"persons": 1})


async def test_an_app_that_is_not_retired_is_protection_too(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    for name, retired in (("App", None), ("Old", NOON)):
        person = await town.person(care, name)
        why = None if retired is None else "gone"
        await town._row(
            "contact_points",
            care,
            person_id=person,
            channel="fcm",
            address=name,
            retired_at=retired,
            retired_why=why,
        )
    [unit] = (await used(made, care)).units
    assert (unit.persons, unit.idle) == (2, 1)


async def test_devices_are_counted_where_they_are_worn_or_hang_as_they_are_now(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    north, south = await town.unit(care, "Nord"), await town.unit(care, "Syd")
    anna = await town.person(care, "Anna", unit_id=north)
    worn = await town.device(care, "1", worn_by=anna, seen_at=NOON)
    await town.connection.execute("UPDATE device_states SET battery_pct = 19")
    fixed, spare, ours = [await town.device(care, account) for account in ("2", "3", "synthetic")]
    at = await town._row("places", care, name="Receptionen", unit_id=south)
    await town.connection.execute("UPDATE devices SET place_id = $2 WHERE id = $1", fixed, at)
    await town.connection.execute("UPDATE devices SET purpose = 'test' WHERE id = $1", ours)
    await ledger_line(town, care, device=worn, days_ago=29)
    await ledger_line(town, care, device=spare, days_ago=31)
    lost = json.dumps({"lost_at": NOON.isoformat()})
    for device, core in ((fixed, lost), (worn, json.dumps({"lost_at": None}))):
        await town.vigil(care, person=anna, kind="supervision", subject=f"device:{device}", device_id=device, core=core)
    found = figures(await used(made, care))
    assert found == {
        "Nord": {"persons": 1, "idle": 1, "devices": 1, "low_battery": 1},
        "Syd": {"devices": 1, "silent": 1, "tests_due": 1},
        None: {"devices": 1, "tests_due": 1},
    }


async def test_alarms_that_were_none_are_counted_by_unit_cause_and_who_raised_them(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    north = await town.unit(care, "Nord")
    anna, bo = [await town.person(care, name, unit_id=north) for name in ("Anna", "Bo")]
    watch = await town.device(care, "1")
    kitchen = await place(town, care, "Köket")
    by_mistake = json.dumps({"cause": {"choice": "by_mistake", "note": ""}})
    for outcome, values in (
        ("false", {"person": anna, "device": watch, "place_id": kitchen, "closing": by_mistake}),
        ("false", {"person": anna, "device": watch}),
        ("real", {"person": anna}),
        ("real", {"person": bo, "device": watch}),
        ("false", {"person": bo, "kind": "low_battery", "gravity": 4}),
        ("test", {"person": bo, "purpose": "test"}),
        ("false", {"person": anna, "opened_at": BEFORE}),
    ):
        await town.incident(care, state="stood_down", outcome=outcome, **values)
    await town.incident(social, state="stood_down", outcome="false", person=await town.person(social, "Sekretess"))
    report = await used(made, care)
    assert figures(report)["Nord"] | {"persons": 0, "idle": 0} == {
        "persons": 0,
        "idle": 0,
        "alarms": 4,
        "false_alarms": 2,
    }
    assert report.bad_actors == (
        BadActor(what="device", name="Klocka 1", alarms=3, false_alarms=2),
        BadActor(what="person", name="Anna", alarms=3, false_alarms=2),
        BadActor(what="place", name="Köket", alarms=1, false_alarms=1),
    )
    assert report.causes == (
        CauseOfAlarms(cause="by_mistake", alarms=1),
        CauseOfAlarms(cause=None, alarms=1),
    )


async def test_ten_at_most_are_named_as_bad_actors(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    for number in range(12):
        person = await town.person(care, f"P{number:02}")
        await town.incident(care, person=person, state="stood_down", outcome="false")
    assert [one.name for one in (await used(made, care)).bad_actors] == [f"P{number:02}" for number in range(10)]
