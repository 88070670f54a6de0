"""A silent alarm's own wearer, at every route: his case is one that is not there (decision 0010)."""

from __future__ import annotations

from tests.spite.asking import IDS, differs, tries
from tests.spite.house import SpiteHouse, done


async def test_the_wearers_own_silent_case_is_a_case_that_is_not_there(house: SpiteHouse) -> None:
    his = house.things["care"]
    async with house.browser("worker.care") as phone, house.browser("operator.care") as desk:
        await done(phone, "POST", "/api/me/signals", {"id": str(IDS.new()), "kind": "duress"})
        queue = (await done(desk, "GET", "/api/incidents"))["incidents"]
        [covert] = [one["id"] for one in queue if one["silent"]]
        told = [
            difference
            for role, route, name in tries()
            if role == "worker" and name == "incident_id"
            if (difference := await differs(phone, route, name, own=his, others={name: covert}, who="himself"))
        ]
    assert "\n".join(told) == ""
