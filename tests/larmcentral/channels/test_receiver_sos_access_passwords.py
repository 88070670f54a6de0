"""Which password is tried when."""

from __future__ import annotations

import pytest

from larmcentral.channels.receiver_sos_access_passwords import Passwords
from larmcentral.domain.errors import StoreUnavailable
from tests.fakes.kept_secrets import KeptSecrets
from tests.larmcentral.channels.sos_access_support import GIVEN

NEW = "Zyx987Wvu654Tsr"
FRESH = "Fresh-from-them"


async def test_the_renewed_one_comes_first_and_the_old_one_stays_until_it_is_proved() -> None:
    keeper = KeptSecrets()
    passwords = Passwords(GIVEN, keeper, "nord")
    assert (passwords.in_order(), passwords.renewed) == ((GIVEN,), False)
    await passwords.take(NEW)
    assert (passwords.in_order(), passwords.renewed) == ((NEW, GIVEN), True)
    await passwords.proved(NEW)
    assert (passwords.in_order(), passwords.renewed) == ((NEW,), True)
    again = Passwords(GIVEN, keeper, "nord")
    await again.load()
    assert again.in_order() == (NEW,)


async def test_a_renewed_one_that_was_refused_goes_behind_until_it_is_taken() -> None:
    passwords = Passwords(GIVEN, KeptSecrets(), "nord")
    await passwords.take(NEW)
    passwords.refused(NEW)
    assert passwords.in_order() == (GIVEN, NEW)
    await passwords.proved(GIVEN)
    assert passwords.in_order() == (GIVEN, NEW)
    await passwords.proved(NEW)
    assert passwords.in_order() == (NEW,)


async def test_what_could_not_be_kept_is_not_used() -> None:
    keeper = KeptSecrets()
    passwords = Passwords(GIVEN, keeper, "nord")
    keeper.away = True
    with pytest.raises(StoreUnavailable):
        await passwords.take(NEW)
    assert passwords.in_order() == (GIVEN,)
    with pytest.raises(StoreUnavailable):
        await Passwords(GIVEN, None, "nord").take(NEW)


async def test_a_fresh_password_in_the_settings_ends_what_was_kept() -> None:
    keeper = KeptSecrets()
    await Passwords(GIVEN, keeper, "nord").take(NEW)
    replaced = Passwords(FRESH, keeper, "nord")
    await replaced.load()
    assert (replaced.in_order(), replaced.renewed) == ((FRESH,), False)


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '"x"', '{"given": 1}', '{"given": "x", "current": "y"}'])
async def test_what_is_kept_and_not_ours_counts_as_nothing(text: str) -> None:
    keeper = KeptSecrets()
    keeper.on_disk["nord"] = text
    passwords = Passwords(GIVEN, keeper, "nord")
    await passwords.load()
    assert passwords.in_order() == (GIVEN,)


async def test_every_password_is_named_as_one_that_must_not_be_seen() -> None:
    passwords = Passwords(GIVEN, KeptSecrets(), "nord")
    await passwords.take(NEW)
    assert set(passwords.all()) == {GIVEN, NEW}
    assert NEW not in repr(passwords)
