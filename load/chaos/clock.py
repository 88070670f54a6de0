"""One role's wall clock goes wrong by an hour, forward and back, while alarms run; the machine's own never does."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Final

from load.afterwards import Check
from load.chaos.aftermath import look, settled
from load.chaos.desk import ChaosDesk
from load.chaos.line import Line, Wanted, seconds
from load.chaos.promises import judged, walks
from load.chaos.scene import Plan, Scene, Tell
from load.chaos.supervised import a_supervised_scene
from load.machine import wall_ahead_s

HOUR_S: Final = 3600
STEPPED_S: Final = 9.0
"""With a wrong clock: long enough that a case of then takes all its steps."""
CALM_S: Final = 4.0
PLAN: Final = Plan(per_s=8.0, seconds=2 * CALM_S + 2 * STEPPED_S)
NOTICE_WANTED_S: Final = 1.0
ROLES: Final = ("receiver", "escalation", "web")

_WRITTEN_OFF: Final = r"""
SELECT
    (SELECT count(*) FROM signals s JOIN incidents i
        ON (i.organisation_id, i.id) = (s.organisation_id, s.incident_id)
     WHERE s.kind = 'panic' AND abs(extract(epoch FROM s.received_at - i.opened_at)) > 600) AS signals,
    (SELECT count(*) FROM incidents WHERE abs(extract(epoch FROM clock_timestamp() - opened_at)) > 600) AS incidents,
    (SELECT count(*) FROM timeline WHERE abs(extract(epoch FROM clock_timestamp() - at)) > 600
     AND kind NOT LIKE 'notice\_%' AND kind <> 'path_tried') AS lines,
    (SELECT count(*) FROM timeline WHERE abs(extract(epoch FROM clock_timestamp() - at)) > 600
     AND (kind LIKE 'notice\_%' OR kind = 'path_tried')) AS results,
    (SELECT count(*) FROM deadlines d JOIN incidents i
        ON (i.organisation_id, i.id) = (d.organisation_id, d.incident_id)
     WHERE d.due_at < i.opened_at OR d.due_at > clock_timestamp() + interval '90 minutes') AS deadlines,
    (SELECT count(*) FROM system_alarms WHERE fault <> 'chain_used_up') AS faults
"""
"""What became of a notice is told by the clock of the process that sent it, all else by the database's.

The last step of the scene's chain waits for an hour: a deadline within an hour and a half is a right one.
"""


async def clock(tell: Tell) -> list[Line]:
    """Let each role's clock step in turn, each on a house of its own."""
    return [await _step(role, tell) for role in ROLES]


async def _step(role: str, tell: Tell) -> Line:
    name = f"clock of {role} +1 h, -1 h"
    with tempfile.TemporaryDirectory(prefix="larm-clock-") as folder:
        offset_file = Path(folder) / "offset_s"
        offset_file.write_text("0")
        launched = {role: ("-m", "load.chaos.launched", "--offset-file", str(offset_file))}
        async with a_supervised_scene(name, PLAN, tell, launched=launched) as (scene, kept):
            desk = ChaosDesk(scene.house)
            try:
                await desk.log_in()
                pressing = asyncio.create_task(scene.wearers.press(PLAN.per_s, PLAN.seconds))
                ended = []
                spans = []
                for offset_s, for_s in ((0, CALM_S), (HOUR_S, STEPPED_S), (-HOUR_S, STEPPED_S), (0, CALM_S)):
                    tell(f"{name}: {offset_s:+d} s")
                    offset_file.write_text(str(offset_s))
                    from_s = time.monotonic()
                    await asyncio.sleep(for_s)
                    spans.append((from_s, time.monotonic()))
                    ended.append(not await desk.serves())
                await pressing
                rest = await settled(scene)
                again = await _logs_in_again(desk)
            finally:
                await desk.close()
            return await _line(name, scene, rest, spans, ended, again, len(kept.ends))


async def _logs_in_again(desk: ChaosDesk) -> bool:
    await desk.log_in()
    return await desk.serves()


async def _line(
    name: str,
    scene: Scene,
    rest: bool,
    spans: list[tuple[float, float]],
    ended: list[bool],
    again: bool,
    fallen: int,
) -> Line:
    after, ahead_s = await look(scene), wall_ahead_s()
    connection = await scene.connection()
    try:
        verdict = judged(await walks(connection, 0.0, ahead_s), (), time.monotonic())
        off = await connection.fetchrow(_WRITTEN_OFF)
    finally:
        await connection.close()
    assert off is not None, "one row always comes"
    calm, forward, back, right = (after.ack_seconds(*span) for span in spans)
    wrong_s = spans[1][0], spans[2][1]
    told = [after.notice_seconds(channel, *wrong_s) for channel in ("apns", "fcm")]
    figures = (
        f"presses {len(after.presses)} acked {len(after.acked)} lost {after.lost}  "
        f"press to ack: right {seconds(calm)}, +1 h {seconds(forward)}, -1 h {seconds(back)}, "
        f"right again {seconds(right)}  press to notice while wrong: "
        f"APNs {seconds(told[0])}, FCM {seconds(told[1])}  steps {verdict.begun} early {verdict.early} late "
        f"{len(verdict.late_s) + len(verdict.missing)}  notices twice {after.twice}  session ended after "
        f"{_when(ended)}, log-in {'works' if again else 'does not work'}  written an hour off: signals "
        f"{off['signals']}, cases {off['incidents']}, lines {off['lines']}, results {off['results']}, deadlines "
        f"{off['deadlines']}  faults raised {off['faults']}"
    )
    own = [
        Check("steps early", verdict.early, 0),
        Check("steps late or lost", len(verdict.late_s) + len(verdict.missing), 0),
        Check("cases and their lines an hour off", off["incidents"] + off["lines"] + off["deadlines"], 0),
        Check("processes that ended", fallen, 0),
        Check("log-ins that do not work once the clock is right again", int(not again), 0),
    ]
    wanted = [
        Wanted(f"{name}: sessions ended", sum(ended), 0),
        Wanted(f"{name}: results an hour off on the timeline", off["results"], 0),
        Wanted(f"{name}: worst press to notice, s", max((*told[0], *told[1]), default=0.0), NOTICE_WANTED_S),
    ]
    return Line(name, figures, [*after.all_checks(rest), *own], wanted)


def _when(ended: list[bool]) -> str:
    names = ("the calm", "+1 h", "-1 h", "all was right again")
    return ", ".join(name for name, over in zip(names, ended, strict=True) if over) or "nothing"
