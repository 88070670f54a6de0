"""Who is let in next."""

from __future__ import annotations

import asyncio

from larmcentral.api.turnstile import Turnstile


async def test_each_address_has_its_turn_and_a_flood_waits_behind_itself() -> None:
    turnstile, entered = Turnstile(1), list[str]()

    async def come(name: str, address: str) -> None:
        await turnstile.enter(address)
        entered.append(name)

    await come("inside", "a")
    waiting = [asyncio.create_task(come(f"a{number}", "a")) for number in range(3)]
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(come("b", "b")))
    await asyncio.sleep(0)
    assert (entered, len(turnstile)) == (["inside"], 4)
    for _ in range(4):
        turnstile.leave()
        await asyncio.sleep(0)
    assert entered == ["inside", "a0", "b", "a1", "a2"]
    await asyncio.gather(*waiting)


async def test_who_goes_away_while_he_waits_takes_no_room() -> None:
    turnstile = Turnstile(1)
    await turnstile.enter("a")
    gone, stays = (asyncio.create_task(turnstile.enter("a")) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait({gone})
    turnstile.leave()
    await stays
    leaves = asyncio.create_task(turnstile.enter("a"))
    await asyncio.sleep(0)
    turnstile.leave()  # it is his turn, and he goes in the same moment
    leaves.cancel()
    await asyncio.wait({leaves})
    await turnstile.enter("a")
