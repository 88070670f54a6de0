"""Contact points for the tests of the API: what is known of them, and commands that write down what they were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, PersonId
from larmcentral.domain.contact import PointAsker, PointDraft, ProofBy
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Reach, Scope, Viewer
from larmcentral.domain.views_points import ChannelView, PointView, ServiceMessageView
from tests.builders import NOON
from tests.fakes.house_commands import Written


@dataclass(frozen=True)
class Asked:
    """api.commands_points.AskedProof."""

    message_id: UUID
    by: ProofBy = ProofBy.CODE
    expires_at: datetime = NOON + timedelta(minutes=10)


class WrittenPoints(Written):
    """api.commands_points.PointCommands and ServiceAsking. key: the one that proves something."""

    def __init__(self, home: UUID, made: UUID, persons: Sequence[UUID]) -> None:
        super().__init__(home, made)
        self.persons = set(persons)
        self.key = "the-right-key"
        self.left = 1

    async def add(self, person_id: PersonId, draft: PointDraft, asker: PointAsker) -> ContactPointId:
        self._by(asker, "add", person_id, draft)
        return draft.id

    async def remove(self, point_id: ContactPointId, asker: PointAsker) -> int:
        self._by(asker, "remove", point_id)
        return self.left

    async def order(self, person_id: PersonId, point_ids: Sequence[ContactPointId], asker: PointAsker) -> None:
        self._by(asker, "order", person_id, list(point_ids))

    async def ask_proof(self, point_id: ContactPointId, asker: PointAsker) -> Asked:
        self._by(asker, "ask_proof", point_id)
        return Asked(self.made)

    async def give_code(self, point_id: ContactPointId, code: str, asker: PointAsker) -> None:
        self._by(asker, "give_code", point_id, code)

    async def give_key(self, key: str) -> None:
        self.ask("give_key", key)
        if key != self.key:
            raise NotFound("proof")

    async def seen(self, point_id: ContactPointId, message_id: UUID, asker: PointAsker) -> None:
        self._by(asker, "seen", point_id, message_id)

    async def ask_test(self, point_id: ContactPointId, asker: PointAsker, *, channel: Channel | None = None) -> UUID:
        self._by(asker, "ask_test", point_id, channel)
        return self.made

    def _by(self, asker: PointAsker, *what: object) -> None:
        if asker.own is not None and asker.own not in self.persons:
            raise NotFound("elsewhere")
        self.ask(*what, asker, sight=asker.sight)


class KnownPoints:
    """api.asks_points.Points of one committee. message: the one there is, asked for by the persons who have points."""

    def __init__(self, home: UUID, points: Sequence[PointView], message: ServiceMessageView) -> None:
        self.home, self.points, self.one = CommitteeId(home), tuple(points), message
        self.used: dict[str, ChannelView] = {}

    async def own(self, viewer: Viewer) -> tuple[PointView, ...]:
        return tuple(one for one in self.points if one.person_id == viewer.person_id)

    async def of_person(self, scope: Scope, person_id: PersonId) -> tuple[PointView, ...]:
        if self.home not in scope.committees:
            raise NotFound("person")
        return tuple(one for one in self.points if one.person_id == person_id)

    async def troubled(self, scope: Scope, *, now: datetime) -> tuple[PointView, ...]:
        return self.points if self.home in scope.committees else ()

    async def channels(self, scope: Scope, *, now: datetime) -> Mapping[str, ChannelView]:
        return self.used if self.home in scope.committees else {}

    async def message(self, viewer: Viewer, message_id: UUID) -> ServiceMessageView:
        scope = viewer.scope()
        if self.home not in scope.committees or message_id != self.one.id:
            raise NotFound("message")
        if scope.reach is not Reach.ALL and not await self.own(viewer):
            raise NotFound("message")
        return self.one
