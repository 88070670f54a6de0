"""What our own OpenAPI makes of every route: no answer that it does not name. Longer: python -m tests.spite.http."""

from __future__ import annotations

import asyncio
import os
from typing import Final

from tests.spite.house import SpiteHouse
from tests.spite.http import try_all

EXAMPLES: Final = int(os.environ.get("LARM_SPITE_EXAMPLES", "2"))
"""A route; as many nearly right besides. With some hundreds it finds what two do not, in minutes."""


async def test_no_route_answers_what_the_document_does_not_name(house: SpiteHouse) -> None:
    loop = asyncio.get_running_loop()
    tried = await asyncio.to_thread(try_all, house, loop, EXAMPLES, every_role=False, seed=7, tell=lambda line: None)
    assert [f"{one.route} as {one.role}: {one.what}\n{one.request}" for one in tried.faults.values()] == []
    assert tried.requests > 2 * len(tried.statuses)
