"""The picture of what was agreed: fresh within seconds, and there while the database is away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.forwarding_tests import ForwarderPicture
from larmcentral.domain.roles import Scope
from larmcentral.flows.forwarder_book import FIRST_READING_S, ForwarderBook
from tests.fakes.memory_forwarders import MemoryForwarders
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop
from tests.larmcentral.channels.centre import PLAIN

HOUSE = OrganisationId(UUID(int=1))
SCOPE = Scope(organisation_id=HOUSE, committees=frozenset({CommitteeId(UUID(int=2))}))
BY = UserId(UUID(int=3))
ROW = MappingRow(**PLAIN)


def on_virtual_time(story: object) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        clock = VirtualClock(runner.get_loop())
        store = MemoryForwarders(clock)
        runner.run(story(store, ForwarderBook(store, HOUSE, clock), clock))  # type: ignore[operator]  # a coroutine


def test_a_change_is_known_within_two_seconds_and_a_test_state_ends_by_itself() -> None:
    async def story(store: MemoryForwarders, book: ForwarderBook, clock: VirtualClock) -> None:
        assert book.row("nord", ROW.kind, ROW.silent) == default_row(ROW.kind, ROW.silent)
        await book.start()
        await clock.sleep(1.0)
        await store.save_row(SCOPE, "nord", ROW, version=0, by=BY, now=clock.now())
        await store.set_test_state(SCOPE, "nord", clock.now() + timedelta(minutes=1), by=BY, now=clock.now())
        await clock.sleep(1.5)
        assert book.row("nord", ROW.kind, ROW.silent) == ROW
        assert book.in_test("nord")
        await clock.sleep(60)
        assert not book.in_test("nord")
        await book.stop()

    on_virtual_time(story)


def test_while_the_database_is_away_the_last_picture_stays() -> None:
    async def story(store: MemoryForwarders, book: ForwarderBook, clock: VirtualClock) -> None:
        await store.save_row(SCOPE, "nord", ROW, version=0, by=BY, now=clock.now())
        await book.start()
        await clock.sleep(0.1)
        store.available = False
        await clock.sleep(3600)
        assert book.row("nord", ROW.kind, ROW.silent) == ROW
        store.available = True
        await store.remove_row(SCOPE, "nord", ROW.kind, ROW.silent)
        await clock.sleep(2.1)
        assert book.row("nord", ROW.kind, ROW.silent) == default_row(ROW.kind, ROW.silent)
        await book.stop()
        await book.stop()

    on_virtual_time(story)


def test_whoever_starts_has_read_it_before_a_case_goes_out() -> None:
    async def story(store: MemoryForwarders, book: ForwarderBook, clock: VirtualClock) -> None:
        await store.save_row(SCOPE, "nord", ROW, version=0, by=BY, now=clock.now())
        await book.start()
        assert book.row("nord", ROW.kind, ROW.silent) == ROW
        await book.stop()
        await store.remove_row(SCOPE, "nord", ROW.kind, ROW.silent)
        await book.start()
        assert book.row("nord", ROW.kind, ROW.silent) == default_row(ROW.kind, ROW.silent), "also the second time"
        await book.stop()

    on_virtual_time(story)


@pytest.mark.parametrize("store_is", ["away", "silent"])
def test_a_start_waits_two_seconds_at_the_most_and_our_proposals_hold(store_is: str) -> None:
    async def story(store: MemoryForwarders, book: ForwarderBook, clock: VirtualClock) -> None:
        if store_is == "away":
            store.available = False
        else:
            book._store = Silent()  # type: ignore[assignment]  # only the reading is asked for
        began_s = clock.monotonic()
        await book.start()
        assert clock.monotonic() - began_s <= FIRST_READING_S + 0.01
        assert book.row("nord", ROW.kind, ROW.silent) == default_row(ROW.kind, ROW.silent)
        await book.stop()

    on_virtual_time(story)


class Silent:
    """A database that takes the question and never answers."""

    async def forwarder_picture(self, organisation_id: OrganisationId) -> ForwarderPicture:
        await asyncio.get_running_loop().create_future()
        raise AssertionError("nobody answers")
