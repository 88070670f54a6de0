"""Committees' own words: every promise about them, kept by the fake and by PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.api.asks_templates import Templates as AskedTemplates
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.roles import Scope
from larmcentral.domain.templates import Template, TemplateKey
from larmcentral.ports.templates import TemplateShelf as Shelf
from larmcentral.store.pool import Pool
from larmcentral.store.templates import Templates, TemplateShelf
from tests.builders import NOON, Town
from tests.fakes.memory_templates import MemoryTemplates

LATER = NOON + timedelta(hours=1)


@dataclass
class Words:
    """Both sides of one shelf, and a town with two committees."""

    shelf: Shelf
    asked: AskedTemplates
    town: OrganisationId
    care: CommitteeId
    social: CommitteeId
    karin: UserId

    def scope(self, *committees: CommitteeId) -> Scope:
        return Scope(organisation_id=self.town, committees=frozenset(committees))

    async def save(self, template: Template, *, version: int = 0, committee: CommitteeId | None = None) -> int:
        whose = committee or self.care
        return await self.asked.save(self.scope(whose), whose, template, version=version, by=self.karin, now=NOON)


class Both(Shelf, AskedTemplates, Protocol):
    """The fake is one object."""


@pytest.fixture
async def words(dsn: str | None) -> AsyncIterator[Words]:
    if dsn is None:
        ids = [UUID(int=number) for number in range(1, 5)]
        both: Both = MemoryTemplates({UserId(ids[3]): "Karin"})
        yield Words(both, both, OrganisationId(ids[0]), CommitteeId(ids[1]), CommitteeId(ids[2]), UserId(ids[3]))
        return
    town = await Town.found(dsn)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    karin = await town.user("karin", "manager", care, name="Karin")
    service = Pool([dsn], role="larm_service", size=1, deadline_s=5)
    web = Pool([dsn], role="larm_web", size=2, deadline_s=5)
    yield Words(
        TemplateShelf(service),
        Templates(web),
        OrganisationId(town.organisation),
        CommitteeId(care),
        CommitteeId(social),
        UserId(karin),
    )
    await service.close()
    await web.close()
    await town.close()


def template(body: str = "Kom! {subject}", **key: Any) -> Template:
    asked = {"medium": Medium.SMS, "kind": None, "silent": False, "language": "sv"} | key
    return Template(key=TemplateKey(**asked), title=None, body=body)


async def test_words_are_kept_and_read_as_they_were_written(words: Words) -> None:
    fall = template("Fall! {subject}", kind=AlarmKind.FALL)
    mail = Template(key=TemplateKey(Medium.MAIL, None, True, "en"), title="{kind}", body="{advice}\n{subject}")
    assert await words.save(template()) == 1
    assert await words.save(fall) == 1
    assert await words.save(mail) == 1
    kept = await words.shelf.all()
    assert {one.template for one in kept} == {template(), fall, mail}
    assert {(one.organisation_id, one.committee_id, one.version) for one in kept} == {(words.town, words.care, 1)}
    rows = await words.asked.rows(words.scope(words.care))
    assert [(row.medium, row.kind, row.silent, row.language) for row in rows] == [
        ("mail", None, True, "en"),
        ("sms", None, False, "sv"),
        ("sms", "fall", False, "sv"),
    ]
    assert {(row.made_by, row.version) for row in rows} == {("Karin", 1)}
    assert {one.id for one in kept} == {row.id for row in rows}


async def test_words_are_written_on_top_of_those_that_they_were_made_from_or_not_at_all(words: Words) -> None:
    assert await words.save(template("one")) == 1
    assert await words.save(template("two"), version=1) == 2
    for stale in (0, 1, 3):
        with pytest.raises(Collision):
            await words.save(template("three"), version=stale)
    [kept] = await words.shelf.all()
    assert (kept.template.body, kept.version) == ("two", 2)


async def test_each_committee_has_words_of_its_own_and_sees_no_others(words: Words) -> None:
    await words.save(template("care"))
    await words.save(template("social"), committee=words.social)
    [row] = await words.asked.rows(words.scope(words.care))
    assert row.body == "care"
    assert len(await words.shelf.all()) == 2
    with pytest.raises(NotFound):
        await words.asked.remove(words.scope(words.social), row.id)
    with pytest.raises(NotFound):
        await words.asked.save(
            words.scope(words.care), words.social, template("x"), version=1, by=words.karin, now=LATER
        )
    assert {one.template.body for one in await words.shelf.all()} == {"care", "social"}


async def test_removed_words_are_gone_and_may_be_written_anew(words: Words) -> None:
    await words.save(template("one"))
    await words.save(template("two"), version=1)
    [row] = await words.asked.rows(words.scope(words.care))
    await words.asked.remove(words.scope(words.care), row.id)
    assert await words.shelf.all() == []
    with pytest.raises(NotFound):
        await words.asked.remove(words.scope(words.care), row.id)
    assert await words.save(template("three")) == 1
