"""The picture of templates that whoever sends keeps in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.roles import Scope
from larmcentral.domain.templates import Template, TemplateKey
from larmcentral.flows.template_book import READ_EVERY_S, TemplateBook
from tests.builders import NOON
from tests.fakes.memory_templates import MemoryTemplates
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

TOWN, USER = OrganisationId(UUID(int=1)), UserId(UUID(int=4))
CARE, SOCIAL = CommitteeId(UUID(int=2)), CommitteeId(UUID(int=3))
SCOPE = Scope(organisation_id=TOWN, committees=frozenset({CARE, SOCIAL}))
ALL_KINDS = TemplateKey(Medium.SMS, None, False, "sv")
FALL = TemplateKey(Medium.SMS, AlarmKind.FALL, False, "sv")
PANIC = TemplateKey(Medium.SMS, AlarmKind.PANIC, False, "sv")


async def keep(shelf: MemoryTemplates, key: TemplateKey, body: str, *, version: int = 0) -> None:
    await shelf.save(SCOPE, CARE, Template(key=key, title=None, body=body), version=version, by=USER, now=NOON)


def run(story: Callable[[MemoryTemplates, TemplateBook], Awaitable[None]]) -> None:
    """A book on a loop whose clock jumps."""
    loop = VirtualLoop()
    shelf = MemoryTemplates()
    try:
        loop.run_until_complete(story(shelf, TemplateBook(shelf, VirtualClock(loop))))  # type: ignore[arg-type]
    finally:
        loop.close()


def test_the_words_for_this_very_kind_come_before_those_for_all() -> None:
    async def story(shelf: MemoryTemplates, book: TemplateBook) -> None:
        await keep(shelf, ALL_KINDS, "all")
        await keep(shelf, FALL, "fall")
        await book.read()
        found = book.find(CARE, FALL), book.find(CARE, PANIC)
        assert [one and one.body for one in found] == ["fall", "all"]
        for elsewhere in (
            book.find(SOCIAL, FALL),
            book.find(CARE, TemplateKey(Medium.SMS, AlarmKind.FALL, True, "sv")),
            book.find(CARE, TemplateKey(Medium.SMS, AlarmKind.FALL, False, "en")),
            book.find(CARE, TemplateKey(Medium.MAIL, AlarmKind.FALL, False, "sv")),
        ):
            assert elsewhere is None

    run(story)


def test_before_the_first_reading_there_are_no_words_but_ours() -> None:
    async def story(shelf: MemoryTemplates, book: TemplateBook) -> None:
        await keep(shelf, ALL_KINDS, "all")
        assert book.find(CARE, FALL) is None

    run(story)


def test_changed_words_are_read_within_seconds_and_removed_ones_are_gone() -> None:
    async def story(shelf: MemoryTemplates, book: TemplateBook) -> None:
        clock = book._clock
        book.start()
        book.start()
        await keep(shelf, ALL_KINDS, "one")
        await clock.sleep(READ_EVERY_S * 1.5)
        await keep(shelf, ALL_KINDS, "two", version=1)
        await clock.sleep(READ_EVERY_S)
        found = book.find(CARE, FALL)
        assert found is not None
        assert found.body == "two"
        await shelf.remove(SCOPE, next(iter(shelf.kept)))
        await clock.sleep(READ_EVERY_S)
        assert book.find(CARE, FALL) is None
        await book.stop()
        await book.stop()
        readings = shelf.readings
        await clock.sleep(READ_EVERY_S * 3)
        assert shelf.readings == readings

    run(story)


def test_while_the_database_is_away_the_last_picture_stays() -> None:
    async def story(shelf: MemoryTemplates, book: TemplateBook) -> None:
        clock = book._clock
        await keep(shelf, ALL_KINDS, "kept")
        book.start()
        await clock.sleep(1)
        shelf.available = False
        await clock.sleep(60)
        assert book.find(CARE, FALL) is not None
        with pytest.raises(StoreUnavailable):
            await book.read()
        shelf.available = True
        await keep(shelf, ALL_KINDS, "new", version=1)
        await clock.sleep(READ_EVERY_S + 1)
        found = book.find(CARE, FALL)
        assert found is not None
        assert found.body == "new"
        await book.stop()

    run(story)
