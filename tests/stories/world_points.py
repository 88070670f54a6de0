"""Contact points in a story: what people do with them, and what goes out because of it."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Awaitable
from typing import Final, TypeVar
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import ContactPointId, PersonId, UserId
from larmcentral.domain.contact import KnownPoint, PointAsker, PointDraft
from larmcentral.domain.notice import ServiceMessage
from larmcentral.domain.service import ServiceRecord
from larmcentral.flows.contact_points import ContactPoints
from larmcentral.flows.service_asks import ServiceAsks
from larmcentral.flows.service_messages import ServiceMessages
from tests.stories.world import World
from tests.world import CARE, an_id

T = TypeVar("T")

SECRET: Final = b"s" * 32
ORIGIN: Final = "https://larm.example"
MANAGER: Final = PointAsker(user_id=UserId(an_id("manager")), sight=frozenset({CARE}))


def own(person_id: PersonId) -> PointAsker:
    """Somebody with his own points."""
    return PointAsker(user_id=UserId(an_id(f"user of {person_id}")), own=person_id)


class PointDesk:
    """The flows about contact points in a world's process. linked: whether the house has an address for links."""

    def __init__(self, world: World, *, linked: bool = True) -> None:
        self.world = world
        means, numbers = world.server.means, itertools.count()
        self.points = ContactPoints(
            means, SECRET, lambda length: hashlib.sha512(str(next(numbers)).encode()).digest()[:length], linked=linked
        )
        self.asks = ServiceAsks(means)
        self.sender = ServiceMessages(means, world.server.ways, SECRET, ORIGIN if linked else None)
        means.hints.listen(self.sender.wake)

    def start(self) -> None:
        """Send what is asked for."""

        async def begin() -> None:
            self.sender.start()

        self.world.do(begin())

    def do(self, work: Awaitable[T]) -> T:
        return self.world.do(work)

    def add(
        self, person_id: PersonId, channel: Channel, address: str, *, name: str = "new", by: PointAsker | None = None
    ) -> ContactPointId:
        draft = PointDraft(id=ContactPointId(an_id(name)), channel=channel, address=address)
        return self.do(self.points.add(person_id, draft, by or own(person_id)))

    def send(self) -> int:
        """Send what is due, now."""
        return self.do(self.sender.send_due())

    def known(self, point_id: UUID) -> KnownPoint:
        async def look() -> KnownPoint:
            async with self.world.store.transaction() as tx:
                found = await tx.point(ContactPointId(point_id))
            assert found is not None
            return found

        return self.do(look())

    def record(self, message_id: UUID) -> ServiceRecord:
        async def look() -> ServiceRecord:
            async with self.world.store.transaction() as tx:
                found = await tx.service_message(message_id)
            assert found is not None
            return found

        return self.do(look())

    def posted(self, channel: Channel) -> list[ServiceMessage]:
        """What went out by a channel about the house itself."""
        posted: list[ServiceMessage] = self.world.channels[channel].posted
        return posted

    def code(self, channel: Channel = Channel.SMS) -> str:
        """The code in the newest message there."""
        found = re.search(r"[0-9]{6}", self.posted(channel)[-1].body)
        assert found is not None
        return found[0]

    def key(self, channel: Channel) -> str:
        """The key in the link of the newest message there."""
        link = self.posted(channel)[-1].link
        assert link is not None
        return link.rpartition("/")[2]
