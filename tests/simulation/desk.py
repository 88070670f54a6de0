"""The operators: they take what sounds, work it well or badly, hold drills, and go for a coffee."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from escalation.alarm import AlarmKind
from escalation.chain import DeskTarget, PersonTarget, Target, TeamTarget
from escalation.events import MessageTo, Operator
from escalation.ids import CommitteeId, IncidentId, PersonId, VigilId
from escalation.incident import State
from larmcentral.domain.desk import AtDesk
from tests.simulation.responders import stand_down
from tests.simulation.town import ORGANISATION, Committee

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.server import Server
    from tests.simulation.world import World

Sight = frozenset[CommitteeId]
Do = Callable[[str, "Callable[[Server], Awaitable[Any]]"], Awaitable[str]]


class Desk:
    """Everybody at the consoles of all committees."""

    def __init__(self, world: World, people: People) -> None:
        self._world, self._people = world, people
        self._busy: Counter[IncidentId] = Counter()

    def begin(self) -> None:
        """Plan the week's drills."""
        for c in self._world.town.committees:
            rng = self._world.dice("drill", c.id)
            for _ in range(rng.randint(0, 2)):
                self._world.spawn(self._drill(c, rng.uniform(0, self._world.seconds), rng))
            for number in range(rng.randint(0, 4)):
                at, dice = rng.uniform(0, self._world.seconds), self._world.dice("shift", c.id, number)
                self._world.spawn(self._shift_change(c, at, dice))
            if c.tag:
                self._world.spawn(self._lend(c, c.tag, self._world.dice("pool", c.id)))

    async def sounds(self, c: Committee, incident_id: IncidentId, rng: Random) -> None:
        """The consoles sound: does somebody look?"""
        if self._busy[incident_id] >= 2 or rng.random() >= (0.9 if self._world.healed else 0.6):
            return
        self._busy[incident_id] += 1
        try:
            await self._world.pause(rng.uniform(2, 90))
            await self._handle(c, rng.choice(c.operators), incident_id, rng)
        finally:
            self._busy[incident_id] -= 1

    async def _drill(self, c: Committee, at: float, rng: Random) -> None:
        await self._world.until(at)
        op, about = rng.choice(c.operators), rng.choice(c.workers)
        kind = rng.choice((AlarmKind.PANIC, AlarmKind.FALL, AlarmKind.GROUP_ALARM))
        await self._people.order(
            "operator",
            "start a drill",
            None,
            rng,
            lambda s: s.escalate.start_drill(about.id, kind, op, frozenset({c.id})),
        )

    async def _shift_change(self, c: Committee, at: float, rng: Random) -> None:
        """The list is made, and signed by both, by one or by nobody for an hour."""
        world, sight, order = self._world, frozenset({c.id}), self._people.order
        leaves, comes = rng.choice(c.operators), rng.choice(c.operators)
        lists: list[VigilId] = []

        async def make(server: Server) -> None:
            lists.append(await server.desk.make_handover(leaves, None, sight))

        await world.until(at)
        if await order("operator", "make a list", None, rng, make) != "done":
            return
        for op in (leaves, comes):
            await world.pause(rng.choice((20, 200, 3600)))
            await order("operator", "sign", None, rng, functools.partial(_sign, lists[-1], op, sight))

    async def _lend(self, c: Committee, tag: str, rng: Random) -> None:
        """A device of the pool goes out in the morning and comes back in the evening, or later."""
        world, sight, order = self._world, frozenset({c.id}), self._people.order
        op = rng.choice(c.operators)
        while True:
            await world.pause(rng.uniform(3600, 86_400))
            who = rng.choice(c.responders).id
            due = world.clock.now() + timedelta(hours=8)
            await order("operator", "lend", who, rng, functools.partial(_check_out, tag, who, op, due, sight))
            await world.pause(rng.choice((6, 8, 8.2, 12, 40)) * 3600)
            await order("operator", "take back", who, rng, lambda s: s.pool.check_in(tag, op, sight))

    async def _handle(self, c: Committee, op: Operator, incident_id: IncidentId, rng: Random) -> None:
        """An operator works an incident, well or badly."""
        world, sight = self._world, frozenset({c.id})

        async def do(what: str, make: Callable[[Server], Awaitable[Any]]) -> str:
            return await self._people.order("operator", what, None, rng, make)

        now = world.clock.now()
        seat = AtDesk(organisation_id=ORGANISATION, committees=sight, operator=op, name="Karin", since=now, seen_at=now)
        await do("sit down", lambda s: s.desk.sit_down(seat))
        await do("look", lambda s: s.escalate.shown(incident_id, op, sight))
        if rng.random() < 0.15:
            wait = timedelta(seconds=rng.choice((30, 120, 600)))
            await do("hold", lambda s: s.escalate.hold(incident_id, op, wait, sight))
        if await do("acknowledge", lambda s: s.escalate.acknowledge(incident_id, op, sight)) != "done":
            return
        if rng.random() < 0.15 and not world.healed:
            return  # and goes for a coffee
        for _ in range(rng.randint(0, 3)):
            await world.pause(rng.uniform(5, 200))
            await self._act(c, op, incident_id, rng, do)
        if rng.random() < 0.2 and not world.healed:
            await do("leave", lambda s: s.desk.leave(op.user_id))
            return
        await world.pause(rng.uniform(5, 900))
        incident = world.store.tables.incidents[incident_id].incident
        worker = incident.subject
        if incident.silence_only and worker is not None and rng.random() < 0.9:
            # He has the worker on the phone, who has forgotten to end his session.
            await do("end for", lambda s: s.lone_work.end(worker, op, how="phone"))
        await stand_down(world, incident_id, op, sight, rng)

    async def _act(
        self,
        c: Committee,
        op: Operator,
        incident_id: IncidentId,
        rng: Random,
        do: Do,
    ) -> None:
        sight = frozenset({c.id})
        match rng.choice(("note", "message", "escalate", "jump", "add", "hand over", "put back", "merge")):
            case "note":
                await do("note", lambda s: s.escalate.note(incident_id, op, "ringer", sight))
            case "message":
                to = rng.choice(tuple(MessageTo))
                await do("send words", lambda s: s.escalate.send_message(incident_id, op, to, "vi kommer", sight))
            case "escalate":
                await do("escalate", lambda s: s.escalate.escalate_now(incident_id, op, sight))
            case "jump":
                step = rng.randint(0, 4)
                await do("jump", lambda s: s.escalate.jump(incident_id, op, step, sight))
            case "add":
                whom: list[Target] = [PersonTarget(rng.choice(c.responders).id), TeamTarget(c.team_id), DeskTarget()]
                targets = rng.sample(whom, rng.randint(1, 2))
                await do("add people", lambda s: s.escalate.add_people(incident_id, op, targets, sight))
            case "hand over":
                whose = rng.choice(c.operators).user_id
                await do("hand over", lambda s: s.escalate.hand_over(incident_id, op, whose, sight))
            case "put back":
                await do("put back", lambda s: s.escalate.put_back(incident_id, op, sight))
            case "merge":
                subject = self._world.store.tables.incidents[incident_id].incident.subject
                others = [
                    i
                    for i, r in self._world.store.tables.incidents.items()
                    if i != incident_id and r.incident.subject == subject and r.incident.state is not State.STOOD_DOWN
                ]
                if subject is not None and others:
                    await do("merge", lambda s: s.escalate.merge(others[0], incident_id, op, sight))


async def _sign(list_id: VigilId, op: Operator, sight: Sight, server: Server) -> None:
    await server.desk.sign_handover(list_id, op, sight)


async def _check_out(tag: str, who: PersonId, op: Operator, due: datetime, sight: Sight, server: Server) -> None:
    await server.pool.check_out(tag, who, op, due, sight)
