"""Taking an incident out of the database: whole, provable, and written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from escalation.ids import IncidentId
from larmcentral.domain.case_file import document
from larmcentral.domain.case_proof import judge, read_case
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Role
from larmcentral.store.reading_cases import CaseFiles
from tests.builders import NOON, Town, operator_pairs, responder_pairs
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of, viewer_of

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def worked_on(town: Town, committee: UUID, *, person: UUID, by: UUID, **values: object) -> IncidentId:
    """An incident with a story, whose row says where the story ends."""
    incident = await town.incident(committee, person=person, **values)  # type: ignore[arg-type]  # columns by name
    await town.line(incident, "acknowledged", by=operator_pairs(by), at=NOON + timedelta(microseconds=1))
    await town.line(incident, "note", by=operator_pairs(by), text='Hon säger "å\n😀"')
    seq = await town.line(incident, "arrived", by=responder_pairs(person))
    await town.connection.execute(
        "UPDATE incidents i SET entries = $2, last_hash = t.hash FROM timeline t"
        " WHERE i.id = $1 AND t.incident_id = $1 AND t.seq = $2",
        incident,
        seq,
    )
    return IncidentId(incident)


async def test_a_case_out_of_the_database_is_whole_and_proves_itself(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna")
    eva = await town.user("eva", "manager", care, name="Eva E")
    incident = await worked_on(town, care, person=anna, by=eva)
    second = await town.signal(incident, care, at=LATER, kind="position", lat=57.1, lon=11.5)
    await town.connection.execute("UPDATE signals SET raw = $2 WHERE id = $1", second, b"\x00\xff")
    await town.signal(incident, care, doubts=["clock_far_off"])
    await town.notice(incident, anna)
    await town.notice(incident, None, filed_at=LATER)
    by = viewer_of(town, care, role=Role.MANAGER, user=eva)
    case = await CaseFiles(made.web, "Europe/Stockholm").case_file(scope_of(town, care), incident, by=by, now=LATER)
    assert (case.organisation, case.zone, case.taken_out_by) == ("Älvmården 1", "Europe/Stockholm", "Eva")
    assert [(line.seq, line.kind, line.by) for line in case.lines] == [
        (1, "opened", None),
        (2, "acknowledged", "Eva E"),
        (3, "note", "Eva E"),
        (4, "arrived", "Anna"),
    ]
    assert [(signal.received_at, signal.raw) for signal in case.signals] == [
        (NOON, b"[3G*8660000001*0002*AL]"),
        (LATER, b"\x00\xff"),
    ]
    assert [notice.person for notice in case.notices] == ["Anna", None]
    verdict = judge(read_case(document(case, msgspec.to_builtins(case.detail))))
    assert (verdict.faults, verdict.entries, verdict.last_hash) == ((), 4, case.last_hash.hex())


async def test_lines_written_behind_the_end_that_was_read_are_left_out(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna, eva = await town.person(care, "Anna"), await town.user("eva", "manager", care)
    incident = await worked_on(town, care, person=anna, by=eva)
    await town.line(incident, "note", text="later")
    by = viewer_of(town, care, role=Role.MANAGER, user=eva)
    case = await CaseFiles(made.web, "UTC").case_file(scope_of(town, care), incident, by=by, now=LATER)
    assert judge(read_case(document(case, msgspec.to_builtins(case.detail)))).faults == ()
    assert len(case.lines) == 4


async def test_each_copy_that_is_taken_out_leaves_a_line_of_its_own(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna, eva = await town.person(care, "Anna"), await town.user("eva", "manager", care)
    incident = await worked_on(town, care, person=anna, by=eva)
    by = viewer_of(town, care, role=Role.MANAGER, user=eva)
    for seconds in (0, 1):
        now = LATER + timedelta(seconds=seconds)
        await CaseFiles(made.web, "UTC").case_file(scope_of(town, care), incident, by=by, now=now)
    rows = await town.connection.fetch(
        "SELECT user_id, person_id, incident_id, ground, committee_id FROM access_log WHERE action = 'taken_out'"
    )
    assert [tuple(row) for row in rows] == [(eva, anna, incident, "incident", care)] * 2


async def test_another_committees_incident_is_not_there(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    anna, eva = await town.person(care, "Anna"), await town.user("eva", "manager", social)
    incident = await worked_on(town, care, person=anna, by=eva)
    by = viewer_of(town, social, role=Role.MANAGER, user=eva)
    with pytest.raises(NotFound):
        await CaseFiles(made.web, "UTC").case_file(scope_of(town, social), incident, by=by, now=LATER)
    assert await town.connection.fetchval("SELECT count(*) FROM access_log") == 0
