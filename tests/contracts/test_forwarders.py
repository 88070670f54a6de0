"""What was agreed with centres, kept by the fake and by PostgreSQL alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.clock import SystemClock
from larmcentral.domain.errors import Collision
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_tests import Signature, fingerprint
from larmcentral.domain.roles import Scope
from larmcentral.ports.forwarders import Beat, ForwarderDesk, ForwarderStore
from larmcentral.store import forwarders
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from tests.fakes.memory_forwarders import MemoryForwarders
from tests.larmcentral.channels.centre import PLAIN

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUSE, OTHER = OrganisationId(UUID(int=1)), OrganisationId(UUID(int=2))
BY = UserId(UUID(int=3))
ROW = MappingRow(**PLAIN)


def scope(house: OrganisationId = HOUSE) -> Scope:
    return Scope(organisation_id=house, committees=frozenset({CommitteeId(UUID(int=4))}))


@dataclass
class Both:
    """The server's side and the people's."""

    store: ForwarderStore
    desk: ForwarderDesk


@pytest.fixture
async def both(dsn: str | None) -> AsyncIterator[Both]:
    if dsn is None:
        memory = MemoryForwarders(SystemClock())
        yield Both(memory, memory)
        return
    service = Pool([dsn], role="larm_service", size=2, deadline_s=5)
    web = Pool([dsn], role="larm_web", size=2, deadline_s=5)
    for house in (HOUSE, OTHER):
        await Register(service).organisation(house, f"Hus {house}")
    yield Both(forwarders.Forwarders(service), forwarders.ForwarderDesk(web))
    await service.close()
    await web.close()


async def test_a_row_is_read_back_whole_and_only_in_its_house(both: Both) -> None:
    assert await both.desk.save_row(scope(), "nord", ROW, version=0, by=BY, now=NOON) == 1
    for picture in (await both.desk.picture(scope()), await both.store.forwarder_picture(HOUSE)):
        agreed = picture.rows["nord", ROW.kind, ROW.silent]
        assert (agreed.row, agreed.version, agreed.made_at, agreed.made_by) == (ROW, 1, NOON, BY)
    assert (await both.store.forwarder_picture(OTHER)).rows == {}


async def test_the_next_version_is_made_from_the_one_that_stands(both: Both) -> None:
    changed = replace(ROW, cid="129")
    await both.desk.save_row(scope(), "nord", ROW, version=0, by=BY, now=NOON)
    with pytest.raises(Collision):
        await both.desk.save_row(scope(), "nord", changed, version=0, by=BY, now=NOON)
    assert await both.desk.save_row(scope(), "nord", changed, version=1, by=BY, now=NOON) == 2
    with pytest.raises(Collision):
        await both.desk.save_row(scope(), "nord", ROW, version=1, by=BY, now=NOON)
    assert (await both.store.forwarder_picture(HOUSE)).row("nord", ROW.kind, ROW.silent) == changed


async def test_a_row_that_was_never_agreed_has_no_next_version(both: Both) -> None:
    with pytest.raises(Collision):
        await both.desk.save_row(scope(), "nord", ROW, version=1, by=BY, now=NOON)


async def test_a_row_taken_away_is_gone_however_often_it_is_said(both: Both) -> None:
    await both.desk.save_row(scope(), "nord", ROW, version=0, by=BY, now=NOON)
    for _ in range(2):
        await both.desk.remove_row(scope(), "nord", ROW.kind, ROW.silent)
    assert (await both.desk.picture(scope())).rows == {}


async def test_a_test_state_begins_and_ends(both: Both) -> None:
    await both.desk.set_test_state(scope(), "nord", NOON + timedelta(hours=1), by=BY, now=NOON)
    picture = await both.store.forwarder_picture(HOUSE)
    assert (picture.in_test("nord", NOON), picture.states["nord"].changed_by) == (True, BY)
    await both.desk.set_test_state(scope(), "nord", None, by=BY, now=NOON)
    assert not (await both.store.forwarder_picture(HOUSE)).in_test("nord", NOON)


async def test_a_signature_is_kept_once_and_the_newest_of_a_row_counts(both: Both) -> None:
    signature = Signature(
        id=UUID(int=7),
        receiver="nord",
        kind=AlarmKind.PANIC,
        silent=False,
        fingerprint=fingerprint(ROW),
        test_id=UUID(int=8),
        tested_at=NOON,
        path="primary",
        signed_at=NOON,
        signed_by=BY,
        note="läst upp",
    )
    later = replace(signature, id=UUID(int=9), signed_at=NOON + timedelta(days=1))
    for one in (signature, signature, later, replace(signature, note="another", id=UUID(int=7))):
        await both.desk.sign(scope(), one)
    await both.desk.save_row(scope(), "nord", ROW, version=0, by=BY, now=NOON)
    picture = await both.desk.picture(scope())
    assert picture.signed("nord", AlarmKind.PANIC, False) == later
    assert (await both.store.forwarder_picture(HOUSE)).signatures == ()


async def test_one_process_has_the_duty_to_beat(both: Both) -> None:
    one, two, long = UUID(int=11), UUID(int=12), timedelta(minutes=1)
    assert await both.store.hold_beats(HOUSE, one, long)
    assert await both.store.hold_beats(HOUSE, one, long)
    assert not await both.store.hold_beats(HOUSE, two, long)
    assert await both.store.hold_beats(OTHER, two, long), "each house has its own"
    assert await both.store.hold_beats(HOUSE, one, timedelta()), "given back"
    assert await both.store.hold_beats(HOUSE, two, long)
    assert not await both.store.hold_beats(HOUSE, one, long)


async def test_the_last_beat_stands_and_the_last_answer_is_remembered(both: Both) -> None:
    beat = Beat(
        receiver="nord",
        path="one",
        every=timedelta(seconds=30),
        tried_at=NOON,
        heard_at=NOON,
        missed=0,
        words="ACK",
    )
    later = replace(beat, tried_at=NOON + timedelta(seconds=30), heard_at=None, missed=1, words="no answer in time")
    other = replace(beat, path="two")
    for one in (beat, other, later, beat):
        await both.store.keep_beat(HOUSE, one)
    found = await both.desk.beats(scope())
    assert found["nord"] == (replace(later, heard_at=NOON), other)
    assert dict(await both.desk.beats(scope(OTHER))) == {}


async def test_there_is_no_test_of_a_row_that_nobody_asked_for(both: Both) -> None:
    assert await both.desk.row_test(scope(), UUID(int=13)) is None
