"""The database is slow: every commit takes two seconds, with its locks held, as on a disk that hardly answers."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import asyncpg

from load.chaos.aftermath import look, settled
from load.chaos.line import Line, Wanted, seconds
from load.chaos.scene import Plan, Tell, a_scene
from load.machine import wall_ahead_s

COMMIT_S: Final = 2.0
PLAN: Final = Plan(per_s=8.0, seconds=32.0)
CALM_S: Final = 4.0
SLOW_S: Final = 20.0
"""Of the run; the rest is for coming back."""
ACKED_WITHIN: Final = 3.0
"""Commits: the one under way when the press comes, one whose locks its own waits for, and its own."""

_PAUSE: Final = """
CREATE TABLE chaos_pause (seconds double precision NOT NULL);
INSERT INTO chaos_pause VALUES (0);
CREATE FUNCTION chaos_sleep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    -- Once a transaction, at its commit, however many rows it wrote.
    IF current_setting('chaos.slept', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM set_config('chaos.slept', pg_current_xact_id()::text, true);
        PERFORM pg_sleep((SELECT seconds FROM chaos_pause));
    END IF;
    RETURN NULL;
END $$
"""
_TABLES: Final = """
SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'chaos_pause'
ORDER BY 1
"""
_AT_COMMIT: Final = """
CREATE CONSTRAINT TRIGGER chaos_slow AFTER INSERT OR UPDATE OR DELETE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chaos_sleep()
"""
_BATCHES: Final = """
SELECT count(*) AS lines FROM timeline
WHERE kind = 'opened' AND at BETWEEN to_timestamp($1) AND to_timestamp($2) GROUP BY xact
"""


async def slow(tell: Tell) -> list[Line]:
    """Slow every commit down while alarms come, and look what became of them."""
    async with a_scene("slow", PLAN, tell, prepare=prepare) as scene:
        pressing = asyncio.create_task(scene.wearers.press(PLAN.per_s, PLAN.seconds))
        connection = await scene.connection()
        try:
            calm_s = time.monotonic()
            await asyncio.sleep(CALM_S)
            from_s = time.monotonic()
            await connection.execute("UPDATE chaos_pause SET seconds = $1", COMMIT_S)
            tell(f"slow: every commit takes {COMMIT_S:g} s")
            await asyncio.sleep(SLOW_S)
            to_s = time.monotonic()
            await connection.execute("UPDATE chaos_pause SET seconds = 0")
            await pressing
            rest = await settled(scene)
            ahead_s = wall_ahead_s()
            alone, together = [
                [row["lines"] for row in await connection.fetch(_BATCHES, start_s + ahead_s, end_s + ahead_s)]
                for start_s, end_s in ((calm_s, from_s), (from_s, to_s))
            ]
        finally:
            await connection.close()
        after = await look(scene)
        calm, meanwhile = after.ack_seconds(calm_s, from_s - COMMIT_S), after.ack_seconds(from_s, to_s - COMMIT_S)
        timed_out = scene.said(("lane_waits", "store_unavailable"), "receiver")
        timed_out += scene.said(("store_unavailable",), "escalation")
        figures = (
            f"{COMMIT_S:g} s a commit for {to_s - from_s:.0f} s  press to ack {seconds(meanwhile)} (before "
            f"{seconds(calm)})  alarms a commit {_mean(together):.1f} (before {_mean(alone):.1f})  "
            f"transactions given up {timed_out}  notices twice {after.twice}  steps late at most "
            f"{after.steps_late_s:.1f} s"
        )
        wanted = [
            Wanted("slow: worst press to ack, s", max(meanwhile, default=0.0), ACKED_WITHIN * COMMIT_S),
            Wanted("slow: transactions given up", timed_out, 0),
            Wanted("slow: notices received twice", after.twice, 0),
        ]
        return [Line("slow", figures, after.all_checks(rest), wanted)]


async def prepare(connection: asyncpg.Connection) -> None:
    """Teach a database to hold each commit up, for as long as its table chaos_pause says."""
    await connection.execute(_PAUSE)
    for row in await connection.fetch(_TABLES):
        await connection.execute(_AT_COMMIT.format(table=row["name"]))


def _mean(figures: list[int]) -> float:
    return sum(figures) / len(figures) if figures else 0.0
