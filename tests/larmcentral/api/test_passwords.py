"""Passwords off the loop, within limits."""

from __future__ import annotations

import asyncio
import threading

import pytest

from larmcentral.api.passwords import WAITING_LIMIT, PasswordCost, Passwords, PasswordsBusy
from tests.larmcentral.api.house import CHEAP, counted_bytes


async def test_the_right_password_and_only_that_one_is_right() -> None:
    passwords = Passwords(CHEAP, counted_bytes())
    kept = await passwords.hash("häst")
    assert await passwords.right(kept, "häst")
    assert not await passwords.right(kept, "Häst")
    assert not await passwords.right(None, "häst")
    assert not await passwords.right("no hash at all", "häst")
    passwords.close()


async def test_the_same_password_never_has_the_same_hash() -> None:
    passwords = Passwords(CHEAP, counted_bytes())
    assert passwords.hash_now("häst") != passwords.hash_now("häst")
    passwords.close()


async def test_the_usual_cost_is_that_of_the_rfc() -> None:
    passwords = Passwords(PasswordCost(), counted_bytes())
    assert passwords.hash_now("häst").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    passwords.close()


async def test_more_than_can_be_worked_off_are_sent_away() -> None:
    passwords = Passwords(CHEAP, counted_bytes())
    release = threading.Event()
    passwords._matches = lambda password_hash, password: release.wait(30)  # type: ignore[method-assign]
    waiting = [asyncio.create_task(passwords.right("hash", "x")) for _ in range(WAITING_LIMIT)]
    await asyncio.sleep(0)
    with pytest.raises(PasswordsBusy):
        await passwords.right("hash", "x")
    release.set()
    assert await asyncio.gather(*waiting) == [True] * WAITING_LIMIT
    passwords.close()


async def test_whoever_is_known_does_not_stand_in_the_queue_of_strangers() -> None:
    """A flood at the log-in holds all their threads; the PIN of somebody who is forced to give it is looked at."""
    passwords = Passwords(CHEAP, counted_bytes())
    kept, release = passwords.hash_now("häst"), threading.Event()
    matches = passwords._matches
    passwords._matches = lambda password_hash, password: (  # type: ignore[method-assign]
        release.wait(30) if password == "gissning" else matches(password_hash, password)
    )
    flood = [asyncio.create_task(passwords.right(None, "gissning", stranger=True)) for _ in range(WAITING_LIMIT)]
    await asyncio.sleep(0)
    with pytest.raises(PasswordsBusy):
        await passwords.right(kept, "häst", stranger=True)
    assert await passwords.right(kept, "häst")
    release.set()
    assert not any(await asyncio.gather(*flood))
    passwords.close()
