"""What helpers should know, whom to tell, a photo: read on a ground, written within one's own committees alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import IncidentId, PersonId, UserId
from larmcentral.domain.dossier import DossierText, NextOfKin
from larmcentral.domain.errors import NotFound, Poison
from larmcentral.domain.roles import Role
from larmcentral.domain.views_persons import Dossier, Kin
from larmcentral.store.dossiers import Dossiers
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of, viewer_of

LATER = NOON + timedelta(days=1)
TEXT = DossierText(
    notes="Epilepsi. Talar finska.",
    next_of_kin=(NextOfKin(name="Bo", relation="make", phone="070-174 06 05"), NextOfKin(name="Cia")),
)
KIN = (Kin(name="Bo", relation="make", phone="070-174 06 05"), Kin(name="Cia", relation="", phone=""))


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def anna_of(made: Rooms) -> tuple[UUID, PersonId]:
    """A committee, and Anna of it with a dossier."""
    town = made.town
    care = await town.committee("Omsorg")
    unit = await town.unit(care, "Nord")
    anna = PersonId(await town.person(care, "Anna", unit_id=unit, phone="+46701740601"))
    for name in ("Natt", "Dag"):
        await town.team(care, name, anna, unit=unit)
    await Dossiers(made.web).save(scope_of(town, care), anna, TEXT, by=UserId(town.new_id()), now=NOON)
    return care, anna


async def kin_shown_to(
    made: Rooms, care: UUID, anna: PersonId, *, role: Role = Role.OPERATOR, incident: UUID | None = None
) -> tuple[Kin, ...] | None:
    by = viewer_of(made.town, care, role=role)
    ground = None if incident is None else IncidentId(incident)
    found = await Dossiers(made.web).dossier(scope_of(made.town, care), anna, by=by, incident_id=ground, now=NOON)
    assert found.notes == TEXT.notes
    assert found.may_see_kin is (found.next_of_kin is not None)
    return found.next_of_kin


async def looks(made: Rooms) -> list[tuple[object, ...]]:
    rows = await made.town.connection.fetch("SELECT action, ground, incident_id FROM access_log ORDER BY 1, 2, 3")
    return [tuple(row) for row in rows]


async def test_a_dossier_is_written_whole_and_read_whole(made: Rooms) -> None:
    care, anna = await anna_of(made)
    scope, boss = scope_of(made.town, care), viewer_of(made.town, care, role=Role.MANAGER)
    dossiers = Dossiers(made.web)
    whole = Dossier(
        person_id=anna,
        name="Anna",
        unit="Nord",
        teams=("Dag", "Natt"),
        employer=None,
        phone="+46701740601",
        photo=False,
        notes=TEXT.notes,
        next_of_kin=KIN,
        may_see_kin=True,
    )
    assert await dossiers.dossier(scope, anna, by=boss, incident_id=None, now=NOON) == whole
    less = DossierText(notes="", next_of_kin=TEXT.next_of_kin[1:])
    await dossiers.save(scope, anna, less, by=boss.user_id, now=LATER)
    again = await dossiers.dossier(scope, anna, by=boss, incident_id=None, now=LATER)
    assert again == replace(whole, notes="", next_of_kin=KIN[1:])


async def test_of_whom_nothing_is_written_down_nothing_is_recorded(made: Rooms) -> None:
    care, _ = await anna_of(made)
    bo = PersonId(await made.town.person(care, "Bo"))
    boss = viewer_of(made.town, care, role=Role.MANAGER)
    found = await Dossiers(made.web).dossier(scope_of(made.town, care), bo, by=boss, incident_id=None, now=NOON)
    assert (found.notes, found.next_of_kin, found.teams, found.photo) == ("", (), (), False)
    assert await looks(made) == []


@pytest.mark.parametrize("state", ["open", "acknowledged"])
async def test_the_desk_reads_whom_to_tell_while_an_alarm_of_the_person_is_not_over(made: Rooms, state: str) -> None:
    care, anna = await anna_of(made)
    incident = await made.town.incident(care, person=anna, state=state)
    assert await kin_shown_to(made, care, anna) is None
    assert await kin_shown_to(made, care, anna, incident=incident) == KIN
    assert await kin_shown_to(made, care, anna, role=Role.MANAGER) == KIN
    assert await looks(made) == [
        ("dossier_shown", "incident", incident),
        ("dossier_shown", "register", None),
        ("dossier_shown", "register", None),
        ("next_of_kin_shown", "incident", incident),
        ("next_of_kin_shown", "register", None),
    ]


async def test_no_other_incident_opens_them_to_the_desk(made: Rooms) -> None:
    town = made.town
    care, anna = await anna_of(made)
    bo, social = await town.person(care, "Bo"), await town.committee("Social")
    device = await town.device(care, "1", worn_by=anna)
    for incident in (
        await town.incident(care, person=anna, state="stood_down"),
        await town.incident(care, person=anna, purpose="drill"),
        await town.incident(care, person=anna, purpose="test"),
        await town.incident(care, person=anna, subject=f"technical/device:{device}", kind="low_battery", gravity=4),
        await town.incident(care, person=bo),
        await town.incident(social, subject=f"covert/person:{anna}", person=anna),
        town.new_id(),
    ):
        assert await kin_shown_to(made, care, anna, incident=incident) is None
    assert {action for action, *_ in await looks(made)} == {"dossier_shown"}


async def test_whoever_reads_during_a_silent_alarm_leaves_lines_that_name_it(made: Rooms) -> None:
    """So that what the person can read of it later can leave them out: nobody may learn of the alarm by them."""
    care, anna = await anna_of(made)
    covert = await made.town.incident(care, person=anna, subject=f"covert/person:{anna}", silent=True)
    assert await kin_shown_to(made, care, anna, incident=covert) == KIN
    assert await kin_shown_to(made, care, anna, role=Role.MANAGER) == KIN
    assert {(ground, incident) for _, ground, incident in await looks(made)} == {("incident", covert)}


@pytest.mark.parametrize(("after", "named"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
async def test_whoever_reads_on_the_day_after_a_silent_alarm_still_names_it(
    made: Rooms, after: timedelta, named: bool
) -> None:
    """A manager who looks her up when it is over does so because of it; nothing is told of it for a day."""
    care, anna = await anna_of(made)
    over_at = NOON - after
    covert = await made.town.incident(
        care,
        person=anna,
        subject=f"covert/person:{anna}",
        silent=True,
        state="stood_down",
        opened_at=over_at,
        stood_down_at=over_at,
    )
    assert await kin_shown_to(made, care, anna, role=Role.MANAGER) == KIN
    assert {incident for _, _, incident in await looks(made)} == {covert if named else None}


async def test_ones_own_dossier_is_read_without_a_line(made: Rooms) -> None:
    care, anna = await anna_of(made)
    herself = viewer_of(made.town, care, role=Role.MANAGER, person=anna)
    await Dossiers(made.web).dossier(scope_of(made.town, care), anna, by=herself, incident_id=None, now=NOON)
    assert await looks(made) == []


async def test_a_photo_is_kept_once_shown_and_dropped(made: Rooms) -> None:
    care, anna = await anna_of(made)
    scope, dossiers = scope_of(made.town, care), Dossiers(made.web)
    with pytest.raises(NotFound):
        await dossiers.photo(scope, anna)
    await dossiers.save_photo(scope, anna, "image/png", b"png", NOON)
    await dossiers.save_photo(scope, anna, "image/webp", b"webp", LATER)
    assert await dossiers.photo(scope, anna) == ("image/webp", b"webp")
    for media_type, body in (("image/gif", b"gif"), ("image/png", bytes(1024 * 1024 + 1))):
        with pytest.raises(Poison):
            await dossiers.save_photo(scope, anna, media_type, body, NOON)
    for _ in range(2):
        await dossiers.remove_photo(scope, anna)
    with pytest.raises(NotFound):
        await dossiers.photo(scope, anna)


async def test_another_committees_person_is_neither_read_nor_written(made: Rooms) -> None:
    town, dossiers = made.town, Dossiers(made.web)
    care, anna = await anna_of(made)
    await dossiers.save_photo(scope_of(town, care), anna, "image/png", b"png", NOON)
    social = await town.committee("Social")
    scope, boss = scope_of(town, social), viewer_of(town, social, role=Role.ADMIN)
    for one in (anna, PersonId(town.new_id())):
        for asked in (
            dossiers.dossier(scope, one, by=boss, incident_id=None, now=NOON),
            dossiers.save(scope, one, DossierText(notes="mitt"), by=boss.user_id, now=NOON),
            dossiers.photo(scope, one),
            dossiers.save_photo(scope, one, "image/png", b"mitt", NOON),
            dossiers.remove_photo(scope, one),
        ):
            with pytest.raises(NotFound):
                await asked
    assert await dossiers.photo(scope_of(town, care), anna) == ("image/png", b"png")
    assert await kin_shown_to(made, care, anna, role=Role.MANAGER) == KIN
