"""Contact points, tests and channels for people, read in the web's role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import PersonId
from larmcentral.domain.contact import OF_AN_APP, health, proof_by
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Reach, Scope, Viewer
from larmcentral.domain.views_points import ChannelView, PointView, ServiceMessageView
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("reading_points")

TROUBLED_LIMIT: Final = 500
"""Who has more of them reads the channels' counts first."""
TESTS_WITHIN: Final = timedelta(days=90)
"""An older test says nothing of a channel today."""


class Points:
    """Contact points and what was sent to try them."""

    def __init__(self, web: Pool, *, linked: bool) -> None:
        """linked: whether mail can carry a link of ours."""
        self._web, self._linked = web, linked

    async def own(self, viewer: Viewer) -> tuple[PointView, ...]:
        """Return the viewer's own, as they are tried; none for who is no person of the house."""
        if viewer.person_id is None:
            return ()
        async with looking(self._web, viewer.scope()) as connection:
            rows = await connection.fetch(_SQL["of_person"], viewer.organisation_id, viewer.person_id)
        return tuple(self._view(row) for row in rows)

    async def of_person(self, scope: Scope, person_id: PersonId) -> tuple[PointView, ...]:
        """Return a person's, as they are tried. Raises NotFound."""
        where = (scope.organisation_id, list(scope.committees))
        async with looking(self._web, scope) as connection:
            if not await connection.fetchval(_SQL["person"], *where, person_id):
                raise NotFound("person")
            rows = await connection.fetch(_SQL["of_person"], scope.organisation_id, person_id)
        return tuple(self._view(row) for row in rows)

    async def troubled(self, scope: Scope, *, now: datetime) -> tuple[PointView, ...]:
        """Return points in bad health or unproven; first those of persons who have no better one."""
        where = (scope.organisation_id, list(scope.committees))
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["troubled"], *where, now.date(), TROUBLED_LIMIT)
        return tuple(self._view(row) for row in rows)

    async def channels(self, scope: Scope, *, now: datetime) -> Mapping[str, ChannelView]:
        """Return each channel that has points or was tested, without what the settings say of it."""
        where = (scope.organisation_id, list(scope.committees))
        async with looking(self._web, scope) as connection:
            counts = {row["channel"]: row for row in await connection.fetch(_SQL["in_use"], *where)}
            tests = await connection.fetch(_SQL["last_tests"], *where, now - TESTS_WITHIN)
        last = {row["channel"]: _message(row) for row in tests}
        return {
            channel: ChannelView(
                channel=channel,
                providers=(),
                **{name: counts[channel][name] if channel in counts else 0 for name in _COUNTS},
                last_test=last.get(channel),
            )
            for channel in sorted(counts.keys() | last.keys())
        }

    async def message(self, viewer: Viewer, message_id: UUID) -> ServiceMessageView:
        """Return a test or proof that he asked for, or one of his committees where he sees all. Raises NotFound."""
        scope = viewer.scope()
        asked_by = None if scope.reach is Reach.ALL else viewer.user_id
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(
                _SQL["message"], scope.organisation_id, list(scope.committees), message_id, asked_by
            )
        if row is None:
            raise NotFound("service message")
        return _message(row)

    def _view(self, row: Any) -> PointView:
        channel = Channel(row["channel"])
        return PointView(
            id=row["id"],
            committee_id=row["committee_id"],
            person_id=row["person_id"],
            person=row["person"],
            channel=channel.value,
            address=None if channel in OF_AN_APP else row["address"],
            label=row["label"],
            rank=row["rank"],
            made_at=row["made_at"],
            proof=proof_by(channel, linked=self._linked).value,
            verified_at=row["verified_at"],
            health=health(
                retired_at=row["retired_at"],
                last_reached_at=row["last_reached_at"],
                last_failed_at=row["last_failed_at"],
            ).value,
            last_reached_at=row["last_reached_at"],
            last_failed_at=row["last_failed_at"],
            last_failed_why=row["last_failed_why"],
            retired_at=row["retired_at"],
            retired_why=row["retired_why"],
        )


_COUNTS: Final = ("proven", "unproven", "failing", "retired")


def _message(row: Any) -> ServiceMessageView:
    return ServiceMessageView(
        id=row["id"],
        kind=row["kind"],
        channel=row["channel"],
        point_id=row["point_id"],
        receiver=row["receiver"],
        asked_at=row["asked_at"],
        state=row["state"],
        settled_at=row["settled_at"],
        tries=row["tries"],
        provider=row["provider"],
        seconds=row["seconds"],
        reason=row["reason"] or "",
        answer=row["answer"] or "",
    )
