"""An old house against a new one as a kind of run: from its profile to its paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from load.flat.plan import FlatPlan
from load.flat.report import flat_as_json, flat_as_text, flat_page
from load.flat.run import NoRoom, flat
from load.paper import Paper
from load.profile import Profile

if TYPE_CHECKING:
    from load.kinds import Asked


async def run_flat(profile: Profile, asked: Asked, tell: Callable[[str], None]) -> Paper:
    """Run both houses of a profile, and write down what came of it."""
    if not isinstance(profile.plan, FlatPlan):
        raise AssertionError("it is run by its table")
    try:
        result = await flat(profile, profile.plan, asked.command, tell)
    except NoRoom as error:
        return Paper(f"not run: {error}", json.dumps({"not_run": str(error)}) + "\n", "", holds=False)
    return Paper(flat_as_text(result), flat_as_json(result), flat_page(result), result.holds)
