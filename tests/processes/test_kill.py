"""kill -9 during a storm: what was acked is there, what fell due fires, nothing is told twice without a name."""

from __future__ import annotations

import asyncio
from pathlib import Path

from devices.device import Receipt
from tests.processes.house import STEP, WORKERS, a_house, account, watch
from tests.waiting import until

PROMISE_S = 5.0
"""Everything due fires so soon after the process serves again."""


async def test_nothing_acked_is_lost_and_no_chain_stands_still_over_a_kill(database_dsn: str, tmp_path: Path) -> None:
    async with a_house(database_dsn, tmp_path) as house:
        await house.start()
        watches = [watch(number, house.watch_port) for number in range(WORKERS)]
        acked: dict[int, Receipt] = {}

        async def press(number: int) -> None:
            acked[number] = await watches[number].press()

        async def some_acked() -> bool:
            return len(acked) >= WORKERS // 3

        first = [asyncio.create_task(press(number)) for number in range(WORKERS // 2)]
        await until(some_acked, "a third is acked")
        rest = [asyncio.create_task(press(number)) for number in range(WORKERS // 2, WORKERS)]
        await house.kill()
        before_the_kill = {number for number, receipt in acked.items() if receipt.acked}

        async def everything_due() -> bool:
            (row,) = await house.query("SELECT coalesce(max(due_at) < clock_timestamp(), true) AS due FROM deadlines")
            return bool(row["due"])

        stored = await house.query("SELECT account FROM signals WHERE incident_id IS NOT NULL")
        assert {account(number) for number in before_the_kill} <= {row["account"] for row in stored}
        (opened,) = await house.query("SELECT count(*) AS n FROM incidents")
        await until(everything_due, "every deadline fell due while the server was dead")

        await house.start()
        (serving,) = await house.query("SELECT clock_timestamp() AS at")
        await asyncio.gather(*first, *rest)
        assert all(acked[number].acked for number in range(WORKERS))

        async def caught_up() -> bool:
            overdue = "SELECT count(*) AS n FROM deadlines WHERE due_at < clock_timestamp() - $1::interval"
            (row,) = await house.query(overdue, STEP)
            return int(row["n"]) == 0

        await until(caught_up, "nothing is overdue by more than a step")
        late = await house.query(
            """
            SELECT incident_id, min(at) AS at FROM timeline
            WHERE kind = 'step_begun' AND detail ->> 'step' = '1' AND incident_id IN
                (SELECT id FROM incidents ORDER BY opened_at LIMIT $1)
            GROUP BY incident_id HAVING min(at) > $2::timestamptz + make_interval(secs => $3)
            """,
            opened["n"],
            serving["at"],
            PROMISE_S,
        )
        assert late == []

        incidents = await house.query("SELECT account, count(*) AS n FROM incidents GROUP BY account")
        assert {row["account"]: row["n"] for row in incidents} == {account(number): 1 for number in range(WORKERS)}
        without = await house.query(
            "SELECT id FROM incidents i WHERE NOT EXISTS (SELECT FROM deadlines d WHERE d.incident_id = i.id)"
        )
        assert without == [], "every open incident has a next deadline"
        twice = await house.query(
            "SELECT incident_id, round, step, attempt FROM notices GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
        )
        assert twice == [], "a notice has one name"
        for one in watches:
            await one.close()
