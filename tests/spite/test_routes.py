"""Every route, asked by every role and by another committee's people, before the real server and its database.

Social's people do all that they may, to their own things and to care's. Of care's they get the answer of a thing that
is not there, to the byte, and when all is done not one of care's rows has changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Final
from uuid import UUID

import httpx
import pytest

from larmcentral import seed as play
from larmcentral.api.permissions import PERMITTED
from larmcentral.domain.roles import Role
from tests.spite.asking import IDS, ROUTES, Route, ask, differs, nothing, said, tries
from tests.spite.house import OTHER_WORKER, PIN, ROLES, SpiteHouse, done
from tests.spite.table import TABLE, slots

FORBIDDEN: Final = (403, "forbidden")
SHORTEST: Final = 5
"""Letters of a word that may be looked for in a page; the town's shorter ones stand in other words."""
WORDS_OF: Final = """
SELECT unnest(ARRAY[name, phone]) AS word FROM persons WHERE committee_id = $1
UNION SELECT unnest(ARRAY[name, address, door_code, notes]) FROM places WHERE committee_id = $1
UNION SELECT unnest(ARRAY[account, label, tag]) FROM devices WHERE committee_id = $1
UNION SELECT address FROM contact_points WHERE committee_id = $1
UNION SELECT name FROM units WHERE committee_id = $1
UNION SELECT name FROM teams WHERE committee_id = $1
UNION SELECT notes FROM person_dossiers WHERE committee_id = $1
UNION SELECT unnest(ARRAY[name, phone]) FROM next_of_kin WHERE committee_id = $1
"""
PERSONAL: Final = ("incident_id", "point_id", "new_point_id", "message_id", "session_id", "handover_id")
"""What is one person's own, and none of his colleagues'."""
MOST_OF_THEM: Final = 110
"""Routes at which something is done by somebody; at the others a rule stands in the way of what is asked."""
ABOUT_ANOTHER: Final = frozenset({("responder", ("POST", "/api/pool/check-out"))})
"""He may call it, about himself; the table's request is about the worker."""
NAMED_ABROAD: Final = frozenset({"presences.place_id", "presences.building_id"})
"""Where a row of one committee may name a thing of another's: see table.PLACES."""


def is_forbidden(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and (answer.status_code, answer.json()["reason"]) == FORBIDDEN


async def rows_of_care(house: SpiteHouse) -> Mapping[str, str]:
    """A sum over all of care's rows, by table."""
    async with house.owner() as owner:
        tables = await owner.fetch(
            "SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'committee_id'"
        )
        sum_of = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} t WHERE committee_id = $1"
        return {row["name"]: await owner.fetchval(sum_of.format(row["name"]), play.CARE) for row in tables}


async def words_of_care(house: SpiteHouse) -> set[str]:
    """What nobody of social may read: names, numbers, addresses and codes of care's."""
    async with house.owner() as owner:
        said = {
            committee: {
                word
                for row in await owner.fetch(WORDS_OF, committee)
                if (word := row["word"]) is not None and len(word) >= SHORTEST
            }
            for committee in (play.CARE, play.SOCIAL)
        }
    return said[play.CARE] - said[play.SOCIAL]


async def care_named_by_social(house: SpiteHouse) -> set[str]:
    """Columns in which a row of social's names a thing of care's."""
    async with house.owner() as owner:
        columns = await owner.fetch(
            "SELECT c.relname AS table, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.atttypid = 'uuid'::regtype"
            " AND NOT a.attisdropped AND a.attname NOT IN ('organisation_id', 'committee_id')"
            " AND EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'committee_id')"
        )
        ids = {UUID(said) for name, said in house.things["care"].items() if name != "tag"}
        return {
            f"{row['table']}.{row['column']}"
            for row in columns
            if await owner.fetchval(
                f"SELECT EXISTS (SELECT FROM {row['table']} WHERE committee_id = $1 AND {row['column']} = ANY($2))",
                play.SOCIAL,
                list(ids),
            )
        }


class Heard:
    """A browser that remembers all that it was told."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []

    async def __call__(self, answer: httpx.Response) -> None:
        await answer.aread()
        self.answers.append(answer)


@pytest.fixture
async def social(house: SpiteHouse) -> AsyncIterator[Mapping[str, httpx.AsyncClient]]:
    """A browser of social's by role. Whatever is done with them, care stays as it was, and nothing of it is told."""
    before, secrets, heard = await rows_of_care(house), await words_of_care(house), Heard()
    assert len(secrets) > 30
    async with AsyncExitStack() as stack:
        browsers = {role: await stack.enter_async_context(house.browser(f"{role}.social")) for role in ROLES}
        for browser in browsers.values():
            browser.event_hooks["response"].append(heard)
        yield browsers
    after = await rows_of_care(house)
    assert {table for table in before if before[table] != after[table]} == set()
    told = {
        f"{one.request.method} {one.request.url.path}: {word}"
        for one in heard.answers
        for word in secrets
        if word in one.text and word not in f"{one.request.url} {one.request.content!r}"
    }
    assert told == set()
    assert await care_named_by_social(house) <= NAMED_ABROAD


def test_every_route_has_a_row_here() -> None:
    assert TABLE.keys() == PERMITTED.keys()


async def test_every_name_in_a_request_is_of_a_thing_that_both_committees_have(house: SpiteHouse) -> None:
    named = {name for route in TABLE for name in slots(route)}
    assert named == house.things["care"].keys() == house.things["social"].keys()
    shared = {name for name in named if house.things["care"][name] == house.things["social"][name]}
    assert shared == set()


async def test_without_a_session_every_route_says_the_same_whatever_it_is_asked(house: SpiteHouse) -> None:
    care = house.things["care"]
    async with house.browser() as nobody:
        answers = [
            await ask(nobody, route, ids)
            for route in ROUTES
            if not TABLE[route].why_not
            for ids in (care, nothing(care))
        ]
    assert {(answer.status_code, answer.text) for answer in answers} == {
        (401, '{"reason":"session_over","detail":"","fields":{}}')
    }


async def test_anothers_thing_is_a_thing_that_is_not_there(
    house: SpiteHouse, social: Mapping[str, httpx.AsyncClient]
) -> None:
    care, own = house.things["care"], house.things["social"]
    told = [
        difference
        for role, route, name in tries()
        if (difference := await differs(social[role], route, name, own=own, others=care, who=role))
    ]
    assert "\n".join(told) == ""


@pytest.mark.parametrize("how", ["companions", "linked"])
async def test_nobody_goes_to_work_with_anothers_people(
    house: SpiteHouse, social: Mapping[str, httpx.AsyncClient], how: str
) -> None:
    """Of two sessions, one with somebody of care's and one with nobody there is, the phone hears the same."""
    theirs = house.things["care"]["person_id"]
    told = []
    for person in (theirs, str(IDS.new())):
        await done(social["responder"], "POST", "/api/me/session/end", {"pin": PIN})
        body = {"purpose": "Hembesök", how: [person]}
        told.append(said(await social["responder"].post("/api/me/session", json=body), person))
        if told[-1][0] != 201:
            await done(social["responder"], "POST", "/api/me/session", {"purpose": "Hembesök"})
    assert told[0] == told[1]


async def test_what_another_made_under_its_own_name_is_not_made_again(
    house: SpiteHouse, social: Mapping[str, httpx.AsyncClient]
) -> None:
    """Its name is taken, and nobody guesses one: that there is something may be told, and no more."""
    care, own = house.things["care"], house.things["social"]
    for route, row in TABLE.items():
        for role in ROLES:
            for name in row.made if Role(role) in PERMITTED[route] else ():
                answer = await ask(social[role], route, {**own, name: care[name]})
                assert answer.status_code in {404, 409}, (route, role, name, answer.status_code, answer.text)


async def test_an_alarm_that_bears_the_name_of_anothers_is_an_alarm(
    house: SpiteHouse, social: Mapping[str, httpx.AsyncClient]
) -> None:
    """A phone makes its signals' names itself: one that took another's must not be heard as that one's repeat."""
    filed = "SELECT count(*) FROM signals WHERE account = $1 AND repeat_key = $2"
    name = house.things["care"]["signal_id"]
    answer = await social["worker"].post("/api/me/signals", json={"id": name, "kind": "panic"})
    assert answer.status_code == 202
    async with house.owner() as owner:
        assert await owner.fetchval(filed, house.things["social"]["person_id"], name) == 1


async def test_of_a_colleague_nobody_learns_more_than_of_nobody(house: SpiteHouse) -> None:
    """Dag works in care as Anna does; her case, her points and what was sent to her are not his."""
    anna = house.things["care"]
    his = {**anna, **{name: nothing(anna)[name] for name in PERSONAL}}
    async with house.browser(OTHER_WORKER) as dag:
        told = [
            difference
            for role, route, name in tries()
            if role == "worker" and name in PERSONAL and "/coverage" not in route[1]
            if (difference := await differs(dag, route, name, own=his, others=anna, who="a colleague"))
        ]
    assert "\n".join(told) == ""


async def test_each_role_is_let_in_or_refused_as_the_table_says(
    house: SpiteHouse, social: Mapping[str, httpx.AsyncClient]
) -> None:
    own, reached = house.things["social"], set[Route]()
    for route in ROUTES:
        for role, browser in social.items():
            if TABLE[route].why_not:
                continue
            new = nothing(TABLE[route].made)
            answer = await ask(browser, route, {**own, **new})
            assert answer.is_success or answer.status_code in {403, 404, 409}, (route, role, answer.text)
            if (role, route) in ABOUT_ANOTHER:
                assert is_forbidden(answer), (route, role)
            elif Role(role) in PERMITTED[route]:
                assert not is_forbidden(answer), (route, role)
            else:
                assert is_forbidden(answer), (route, role, answer.status_code)
            if answer.is_success:
                reached.add(route)
    assert len(reached) > MOST_OF_THEM
