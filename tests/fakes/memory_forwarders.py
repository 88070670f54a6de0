"""What was agreed with centres, in memory: ports.ForwarderStore and ports.ForwarderDesk with the same promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.ids import OrganisationId, UserId
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_tests import (
    AgreedRow,
    ForwarderPicture,
    InTest,
    RowKey,
    RowTest,
    Signature,
)
from larmcentral.domain.roles import Scope
from larmcentral.ports import Clock
from larmcentral.ports.forwarders import Beat


@dataclass
class _House:
    rows: dict[RowKey, AgreedRow] = field(default_factory=dict)
    states: dict[str, InTest] = field(default_factory=dict)
    signatures: dict[UUID, Signature] = field(default_factory=dict)
    beats: dict[tuple[str, str], Beat] = field(default_factory=dict)
    keeper: tuple[UUID, datetime] | None = None


class MemoryForwarders:
    """Both sides in one. `available` False is a dead database. tests: what row_test() finds."""

    def __init__(self, clock: Clock) -> None:
        self.available = True
        self.tests: dict[UUID, RowTest] = {}
        self._clock = clock
        self._houses: dict[OrganisationId, _House] = {}

    async def forwarder_picture(self, organisation_id: OrganisationId) -> ForwarderPicture:
        house = self._house(organisation_id)
        return ForwarderPicture(dict(house.rows), dict(house.states))

    async def hold_beats(self, organisation_id: OrganisationId, owner: UUID, length: timedelta) -> bool:
        house, now = self._house(organisation_id), self._clock.now()
        if house.keeper is not None and house.keeper[0] != owner and house.keeper[1] > now:
            return False
        house.keeper = (owner, now + length)
        return True

    async def keep_beat(self, organisation_id: OrganisationId, beat: Beat) -> None:
        beats = self._house(organisation_id).beats
        before = beats.get((beat.receiver, beat.path))
        if before is None or before.tried_at <= beat.tried_at:
            heard_at = beat.heard_at or (before.heard_at if before else None)
            beats[beat.receiver, beat.path] = replace(beat, heard_at=heard_at)

    async def picture(self, scope: Scope) -> ForwarderPicture:
        house = self._house(scope.organisation_id)
        newest: dict[tuple[str, AlarmKind, bool, str], Signature] = {}
        for one in house.signatures.values():
            key = (one.receiver, one.kind, one.silent, one.fingerprint)
            if key not in newest or newest[key].signed_at < one.signed_at:
                newest[key] = one
        return ForwarderPicture(dict(house.rows), dict(house.states), tuple(newest.values()))

    async def beats(self, scope: Scope) -> Mapping[str, tuple[Beat, ...]]:
        found: dict[str, tuple[Beat, ...]] = {}
        for (receiver, _), beat in sorted(self._house(scope.organisation_id).beats.items()):
            found[receiver] = (*found.get(receiver, ()), beat)
        return found

    async def save_row(
        self, scope: Scope, receiver: str, row: MappingRow, *, version: int, by: UserId, now: datetime
    ) -> int:
        rows, key = self._house(scope.organisation_id).rows, (receiver, row.kind, row.silent)
        standing = rows[key].version if key in rows else 0
        if standing != version:
            raise Collision(f"row {row.kind.value} of {receiver}")
        rows[key] = AgreedRow(receiver=receiver, row=row, version=version + 1, made_at=now, made_by=by)
        return version + 1

    async def remove_row(self, scope: Scope, receiver: str, kind: AlarmKind, silent: bool) -> None:
        self._house(scope.organisation_id).rows.pop((receiver, kind, silent), None)

    async def set_test_state(
        self, scope: Scope, receiver: str, until: datetime | None, *, by: UserId, now: datetime
    ) -> None:
        state = InTest(receiver=receiver, until=until, changed_at=now, changed_by=by)
        self._house(scope.organisation_id).states[receiver] = state

    async def row_test(self, scope: Scope, test_id: UUID) -> RowTest | None:
        self._house(scope.organisation_id)
        return self.tests.get(test_id)

    async def sign(self, scope: Scope, signature: Signature) -> None:
        self._house(scope.organisation_id).signatures.setdefault(signature.id, signature)

    def _house(self, organisation_id: OrganisationId) -> _House:
        if not self.available:
            raise StoreUnavailable("switched off")
        return self._houses.setdefault(organisation_id, _House())
