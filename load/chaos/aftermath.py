"""What must hold after a fault has passed: nothing acked is lost, nothing is told twice under two names, no step is."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from load.afterwards import Check, broken_timelines
from load.chaos.scene import STEP_S, STEPS, Scene
from load.generator import PROTOCOL, Pressed, digest
from load.house import delivered
from load.profile import NOTICES_PER_ALARM

SETTLED_S: Final = 60.0
"""After the last ack, for the last notice and the last step."""
STEP_GRACE_S: Final = 5.0
"""Everything overdue fires so soon after the server can again: the promise of a restart."""

NOTICES_OWED: Final = NOTICES_PER_ALARM * STEPS
"""Until somebody takes it, every further step tells the first one's team again."""

LOST: Final = "acked presses lost"
NEVER: Final = "notices never received"

_SIGNALS: Final = """
SELECT account, raw, incident_id, attempts FROM signals
WHERE kind = 'panic' AND protocol = $1 AND account <> $2
"""
_SYNTHETIC: Final = "0000000001"
_NOTICES: Final = """
SELECT id, incident_id, channel, state, tries, coalesce(point_id, id) AS point_id, round, step, attempt FROM notices
WHERE purpose <> 'test' AND channel <> 'console'
"""
_INCIDENTS: Final = """
SELECT i.id, i.account, i.opened_at, clock_timestamp() AS now,
    EXISTS (SELECT FROM deadlines d WHERE (d.organisation_id, d.incident_id) = (i.organisation_id, i.id)) AS armed,
    (SELECT count(DISTINCT t.detail ->> 'step') FROM timeline t
     WHERE (t.organisation_id, t.incident_id) = (i.organisation_id, i.id) AND t.kind = 'step_begun') AS steps
FROM incidents i WHERE i.purpose <> 'test'
"""
_UNSETTLED: Final = """
SELECT count(*) FROM notices WHERE state = 'pending' AND purpose <> 'test'
"""
_LATE: Final = """
SELECT incident_id, at, (detail ->> 'late_s')::double precision AS late_s FROM timeline
WHERE kind = 'fired_late' ORDER BY at, seq
"""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What the database and the push receivers say. repeats: signals that came again and were known. twice: receipts
    of a notice that had been received already, under the same id. steps_late_s: of steps that began late, the worst.
    out_of_order: late steps begun before one that had been due sooner. first_of: channel and incident of the first
    step's notices."""

    presses: Sequence[Pressed]
    incidents: int
    repeats: int
    received: int
    twice: int
    late: int
    steps_late_s: float
    out_of_order: int
    first_received_s: dict[UUID, float]
    first_of: dict[UUID, tuple[str, UUID]]
    account_of: dict[UUID, str]
    checks: Sequence[Check]

    @property
    def acked(self) -> Sequence[Pressed]:
        """The presses that were promised to be kept."""
        return [one for one in self.presses if one.acked_s is not None]

    @property
    def lost(self) -> int:
        """How many of these are not there with an incident."""
        return next(check.found for check in self.checks if check.what == LOST)

    @property
    def never_received(self) -> int:
        """How many notices no push receiver got."""
        return next(check.found for check in self.checks if check.what == NEVER)

    def all_checks(self, rest: bool) -> Sequence[Check]:
        """Return the facts. rest: the house came to rest before anybody looked."""
        return [Check("houses that did not come to rest", int(not rest), 0), *self.checks]

    def notice_seconds(self, channel: str, from_s: float, to_s: float) -> list[float]:
        """Return the seconds from intended press to receipt, of a channel's notices for presses due in a span."""
        intended = {one.account: one.intended_s for one in self.presses if from_s <= one.intended_s < to_s}
        found = []
        for notice_id, at_s in self.first_received_s.items():
            of_channel, incident_id = self.first_of.get(notice_id, ("", None))
            account = "" if incident_id is None else self.account_of[incident_id]
            if of_channel == channel and account in intended:
                found.append(at_s - intended[account])
        return found

    def acked_later(self, than_s: float) -> list[float]:
        """Return how long after a moment each press was acked that had waited at it."""
        return [
            one.acked_s - than_s
            for one in self.presses
            if one.acked_s is not None and one.intended_s < than_s < one.acked_s
        ]

    def ack_seconds(self, from_s: float, to_s: float) -> list[float]:
        """Return the seconds from intended press to ack, of presses due in a span."""
        return [
            one.acked_s - one.intended_s
            for one in self.presses
            if one.acked_s is not None and from_s <= one.intended_s < to_s
        ]


async def settled(scene: Scene) -> bool:
    """Return when all presses are answered and all notices are settled; False if they do not come to rest."""
    await scene.wearers.answered()
    until_s = time.monotonic() + SETTLED_S
    connection = await scene.connection()
    try:
        while time.monotonic() < until_s:
            if not await connection.fetchval(_UNSETTLED):
                # Steps of the last press are still to come.
                await asyncio.sleep((STEPS - 1) * STEP_S + STEP_GRACE_S)
                return True
            await asyncio.sleep(0.2)
    finally:
        await connection.close()
    return False


async def look(scene: Scene, *, every_notice: bool = True) -> Aftermath:
    """Compare what was promised with what is there. every_notice: each case was told to all of its team by push."""
    connection = await scene.connection()
    try:
        return await _look(scene, connection, every_notice=every_notice)
    finally:
        await connection.close()


async def _look(scene: Scene, connection: asyncpg.Connection, *, every_notice: bool) -> Aftermath:
    presses = scene.wearers.pressed
    signals = await connection.fetch(_SIGNALS, PROTOCOL, _SYNTHETIC)
    notices = await connection.fetch(_NOTICES)
    incidents = await connection.fetch(_INCIDENTS)
    late = await connection.fetch(_LATE)
    broken, looked_at = await broken_timelines(connection)
    filed = Counter((row["account"], digest(row["raw"])) for row in signals)
    with_incident = {(row["account"], digest(row["raw"])) for row in signals if row["incident_id"] is not None}
    acked = [one for one in presses if one.acked_s is not None]
    first: dict[UUID, float] = {}
    known = {row["id"] for row in notices}
    received = Counter[UUID]()
    strangers = 0
    for receipt in sorted(await delivered(scene.house), key=lambda one: one.at_s):
        notice_id = _uuid(receipt.notice_id)
        if receipt.status != 200:
            continue
        if notice_id not in known:
            strangers += 1
            continue
        received[notice_id] += 1
        first.setdefault(notice_id, receipt.at_s)
    of_incident = Counter(row["incident_id"] for row in notices)
    names = Counter(
        (row["incident_id"], row["channel"], row["point_id"], row["round"], row["step"], row["attempt"])
        for row in notices
    )
    behind = [row["id"] for row in incidents if row["steps"] < _steps_owed(row)]
    checks = [
        Check("presses not acked in the end", len(presses) - len(acked), 0),
        Check(LOST, sum((one.account, one.frame) not in with_incident for one in acked), 0),
        Check("presses filed twice", sum(times > 1 for times in filed.values()), 0),
        Check("wearers with two incidents", sum(n > 1 for n in Counter(r["account"] for r in incidents).values()), 0),
        Check("incidents nobody pressed for", len({r["account"] for r in incidents} - {p.account for p in presses}), 0),
        Check("notices filed under two names", sum(times > 1 for times in names.values()), 0),
        Check(NEVER, sum(notice_id not in first for notice_id in known), 0),
        Check("notices received that are not on disk", strangers, 0),
        Check("notices not sent in the end", sum(row["state"] not in {"sent", "delivered"} for row in notices), 0),
        Check("open incidents without a deadline", sum(not row["armed"] for row in incidents), 0),
        Check("incidents behind their steps", len(behind), 0),
        Check(f"broken timelines among {looked_at}", broken, 0),
    ]
    if every_notice:
        short = sum(of_incident[row["id"]] != NOTICES_OWED for row in incidents)
        checks.append(Check(f"incidents without their {NOTICES_OWED} notices", short, 0))
    order = [row["at"].timestamp() - row["late_s"] for row in late]
    return Aftermath(
        presses=presses,
        incidents=len(incidents),
        repeats=sum(row["attempts"] > 1 for row in signals),
        received=len(first),
        twice=sum(times - 1 for times in received.values()),
        late=len(late),
        steps_late_s=max((row["late_s"] for row in late), default=0.0),
        out_of_order=overtaken(order, [row["at"].timestamp() for row in late]),
        first_received_s=first,
        first_of={row["id"]: (row["channel"], row["incident_id"]) for row in notices if row["attempt"] == 1},
        account_of={row["id"]: row["account"] for row in incidents},
        checks=checks,
    )


def overtaken(due: Sequence[float], fired: Sequence[float]) -> int:
    """Return how many fired, in a later moment than another, although they had been due sooner. Both in order fired."""
    overtaken, latest_before, latest_here, here = 0, float("-inf"), float("-inf"), float("-inf")
    for due_at, fired_at in zip(due, fired, strict=True):
        if fired_at > here:
            latest_before, here = max(latest_before, latest_here), fired_at
        overtaken += due_at < latest_before
        latest_here = max(latest_here, due_at)
    return overtaken


def _steps_owed(row: asyncpg.Record) -> int:
    age_s = (row["now"] - row["opened_at"]).total_seconds() - STEP_GRACE_S
    return min(STEPS, 1 + max(0, int(age_s // STEP_S)))


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        return UUID(int=0)
