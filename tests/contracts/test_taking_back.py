"""A transaction that failed leaves nothing behind, in the tables and in what is looked up in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.decide import decide
from escalation.effects import TimerKind
from escalation.events import Acknowledged, Operator, Outcome, StoodDown
from escalation.ids import UserId
from escalation.vigil import VigilKind
from larmcentral.domain.record import unchanged
from larmcentral.domain.vigil import undecided
from larmcentral.flows.alarms import file_alarms
from tests.contracts.conftest import Kept
from tests.contracts.town import ANNA_ALONE, alone, begin_session, begun, reminder, save
from tests.fakes.memory_tables import Agenda, Groups, Journal, Lists, Table
from tests.world import CARE, T0, an_id, press

KARIN = Operator(UserId(an_id("karin")))


async def test_an_incident_that_was_taken_and_stood_down_in_vain_is_as_it_was(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        done = await file_alarms(tx, [press(kept.ids.new())], kept.means)
    subject = done.filed[0].subject
    due_at = await kept.store.next_due()

    async def in_vain() -> None:
        async with kept.store.transaction(frozenset({CARE})) as tx:
            locked = await tx.lock_open([subject])
            (record,) = locked.records.values()
            taken = decide(record.incident, Acknowledged(KARIN), locked.now)
            over = decide(taken.incident, StoodDown(KARIN, Outcome.FALSE, "nej"), locked.now)
            await tx.save([unchanged(record).then(taken).then(over)], lease=kept.lease)
            assert not (await tx.lock_open([subject])).records
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await in_vain()
    assert await kept.store.next_due() == due_at
    assert await kept.store.withdrawn([notice.id for notice in done.notices]) == frozenset()
    condition = await kept.store.condition(kept.clock.now() + timedelta(hours=1))
    assert (condition.open_incidents, condition.overdue, condition.waiting) == (1, 1, len(done.notices))
    async with kept.store.transaction() as tx:
        assert not (await tx.owned_by(KARIN.user_id)).records
        (record,) = (await tx.lock_open([subject])).records.values()
    assert (record.version, record.incident.owner) == (1, None)


async def test_a_session_that_began_and_ended_in_vain_did_neither(kept: Kept) -> None:
    first = await begin_session(kept)

    async def in_vain() -> None:
        async with kept.store.transaction() as tx:
            locked = await tx.lock_vigils([first.id])
            over = undecided(locked.records[first.id]).then(replace(first.core, ended_at=locked.now), (), ())
            again = begun(kept, VigilKind.SESSION, alone(kept), notices=((reminder("r1"), None, ()),))
            await save(tx, kept, over)
            await save(tx, kept, again)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await in_vain()
    assert await kept.store.next_vigil_due([VigilKind.SESSION]) == first.core.due_at
    assert await kept.store.answerable(reminder("r1").id) is None
    async with kept.store.transaction() as tx:
        assert list((await tx.lock_running([(VigilKind.SESSION, ANNA_ALONE)])).records) == [first.id]


_writes = st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 4)), max_size=30)


@given(_writes, _writes)
def test_what_is_looked_up_follows_the_rows_and_comes_back_with_them(
    kept: list[tuple[int, int | None]], taken_back: list[tuple[int, int | None]]
) -> None:
    journal = Journal()
    halves: Groups[int, int, int] = Groups(lambda row: row // 2 if row else None)
    times: Agenda[int, int] = Agenda(lambda row: T0 + timedelta(seconds=row) if row else None)
    lines: Lists[int, int] = Lists(journal)
    table: Table[int, int] = Table(journal, halves.seen, times.seen)

    def write(writes: list[tuple[int, int | None]]) -> None:
        for key, row in writes:
            lines.extend(key, (row or 0,))
            if row is not None:
                table[key] = row
            else:
                table.pop(key, None)

    def picture() -> object:
        return (
            dict(table),
            [sorted(halves.of(half)) for half in range(3)],
            [0 in halves, times.first, len(times)],
            sorted(times.until(T0 + timedelta(seconds=2))),
            {key: list(lines[key]) for key in lines},
        )

    write(kept)
    before = picture()
    held = [key for key, row in table.items() if row]
    assert sorted(times.until(T0 + timedelta(hours=1))) == sorted(held)
    assert sorted(key for half in range(3) for key in halves.of(half)) == sorted(held)
    journal.begin()
    write(taken_back)
    journal.roll_back()
    assert picture() == before


async def test_a_wait_that_is_dropped_is_gone_for_its_kind_and_person_only(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        done = await file_alarms(tx, [press(kept.ids.new())], kept.means)
        (record,) = (await tx.lock_open([done.filed[0].subject])).records.values()
        locked = await tx.lock([record.incident.id])
        taken = decide(record.incident, Acknowledged(KARIN), locked.now - timedelta(hours=1))
        await tx.save([unchanged(record).then(taken)], lease=kept.lease)
    async with kept.store.transaction() as tx:
        _, due = await tx.lock_due(10)
    assert {one.kind for one in due} == {TimerKind.LAPSE, TimerKind.OWNER_IDLE}
