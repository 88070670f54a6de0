"""PINs in the register: hashes in, hashes out, and a password to change them with."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import pytest

from escalation.ids import PersonId
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Viewer
from larmcentral.domain.users import PinHashes
from larmcentral.store.pins import Pins
from tests.larmcentral.api.house import ApiHouse, api_house

CHOSEN = PinHashes("$argon2id$normal", "$argon2id$duress")


@pytest.fixture
async def house(database_dsn: str) -> AsyncIterator[ApiHouse]:
    async with api_house(database_dsn) as made:
        yield made


async def test_there_are_none_until_they_are_chosen_and_then_only_ones_own(house: ApiHouse) -> None:
    pins, anna, bo = Pins(house.service), await viewer(house, "worker.care"), await viewer(house, "responder.care")
    assert await pins.hashes(anna) == PinHashes(None, None)
    await pins.save(anna, CHOSEN)
    assert await pins.hashes(anna) == CHOSEN
    assert await pins.hashes(bo) == PinHashes(None, None)


async def test_a_person_who_is_gone_has_none_to_keep(house: ApiHouse) -> None:
    pins, anna = Pins(house.service), await viewer(house, "worker.care")
    nobody = dataclasses.replace(anna, person_id=PersonId(house.care))
    assert await pins.hashes(nobody) == PinHashes(None, None)
    with pytest.raises(NotFound):
        await pins.save(nobody, CHOSEN)
    with pytest.raises(NotFound):
        await pins.save(dataclasses.replace(anna, person_id=None), CHOSEN)


async def test_the_password_is_of_a_user_who_is_not_disabled(house: ApiHouse) -> None:
    pins, anna = Pins(house.service), await viewer(house, "worker.care")
    found = await pins.password_hash(anna)
    assert found is not None
    assert found.startswith("$argon2id$")
    await house.parts.users.disable(anna.organisation_id, anna.user_id, house.clock.now())  # type: ignore[attr-defined]
    assert await pins.password_hash(anna) is None


async def viewer(house: ApiHouse, login: str) -> Viewer:
    credentials = await house.parts.users.credentials(login)
    assert credentials is not None
    return credentials.viewer
