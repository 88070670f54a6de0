"""Who lives in the town: what they ask of the server, and what their phones and consoles bring them to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random
from typing import TYPE_CHECKING, Any, Final

from escalation.effects import About
from escalation.ids import PersonId
from escalation.incident import Refused
from escalation.purpose import Purpose
from larmcentral.domain.errors import NotFound, StoreUnavailable
from larmcentral.domain.notice import Forward, OutgoingNotice
from tests.simulation.desk import Desk
from tests.simulation.faults import Unreachable
from tests.simulation.journal import Order
from tests.simulation.responders import Responders
from tests.simulation.workers import Devices, Workers

if TYPE_CHECKING:
    from tests.simulation.server import Server
    from tests.simulation.world import World

PERSON_TRIES: Final = 100
"""Somebody whose phone says "try again" does so, every few seconds, for longer than anything stays broken here."""


class People:
    """Everybody outside the server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_id = {one.id: one for one in world.town.people}
        self.committee = {c.id: c for c in world.town.committees}
        self.workers = Workers(world, self)
        self.devices = Devices(world)
        self._responders = Responders(world, self)
        self._desk = Desk(world, self)
        self._rings: Counter[tuple[object, ...]] = Counter()
        self._heard: set[object] = set()

    def begin(self) -> None:
        """Everybody gets up."""
        self.workers.begin()
        self._desk.begin()

    async def order(
        self,
        who: str,
        what: str,
        about: PersonId | None,
        rng: Random,
        make: Callable[[Server], Awaitable[Any]],
        *,
        duress: bool = False,
    ) -> str:
        """Somebody wants something of the server and does not let go; the answer in a word."""
        world = self.world
        record = Order(who, what, about, world.clock.now(), duress=duress)
        world.journal.orders.append(record)
        for _ in range(PERSON_TRIES):
            try:
                await world.ask(make)
                record.answer = "done"
                break
            except Unreachable:
                await world.server_back()
            except StoreUnavailable:
                pass
            except Refused as refused:
                record.answer = f"refused: {refused.reason}"
                break
            except NotFound:
                record.answer = "refused: not found"
                break
            await world.pause(rng.uniform(1, 8))
        record.ended_at = world.clock.now()
        world.journal.tell(record.ended_at, who, what, record.answer)
        return record.answer

    def hear(self, notice: OutgoingNotice) -> None:
        """A notice came through; a phone shows each once."""
        if notice.id in self._heard:
            return
        self._heard.add(notice.id)
        if isinstance(notice, Forward):
            return  # a centre's receiver; what its people do with it nobody here sees
        incident_id, text, world = notice.incident_id, notice.text, self.world
        name = (notice.person_id, text.subject, text.kind, text.opened_at, text.about, text.silent)
        self._rings[name] += 1
        rng = world.dice("ring", *name, self._rings[name])
        if notice.person_id is None:
            if incident_id is not None and text.about is About.ALARM and notice.purpose is not Purpose.TEST:
                world.spawn(self._desk.sounds(self.committee[notice.committee_id], incident_id, rng))
            return
        one = self.by_id[notice.person_id]
        self.workers.phone_says(one, notice)
        if text.about is About.ALARM and incident_id is not None:
            world.spawn(self._responders.rung(one, incident_id, notice.id, rng))
        else:
            world.spawn(self.workers.reminded(one, text.about, rng))
