"""What the API asks about rotas and chains: who is on call, who is told, and by which version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from escalation.chain import EscalationChain, Roster
from escalation.ids import ChainId, CommitteeId, PersonId, RotaId, UserId
from escalation.rota import Override, Rota
from escalation.rota_shifts import Shift
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_house import ChainRow, ChainUse, RotaRow


class Rotas(Protocol):
    """Rotas of a scope's committees. All raise NotFound for one that is elsewhere."""

    async def rotas(self, scope: Scope) -> tuple[RotaRow, ...]:
        """Return all, by name."""
        ...

    async def rota(self, scope: Scope, rota_id: RotaId) -> tuple[CommitteeId, Rota]:
        """Return the newest version of one, and whose it is."""
        ...

    async def save(self, scope: Scope, committee_id: CommitteeId, rota: Rota, *, by: UserId, now: datetime) -> int:
        """Keep the next version and return its number. rota.version: the one it was made from, 0 for a new rota.

        Raises Collision if that one is not the newest any more.
        """
        ...

    async def names(self, scope: Scope, person_ids: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return the names of those whom the scope may know."""
        ...


class Chains(Protocol):
    """Chains of a scope's committees. All raise NotFound for one that is elsewhere."""

    async def chains(self, scope: Scope) -> tuple[ChainRow, ...]:
        """Return all, by name."""
        ...

    async def chain(self, scope: Scope, chain_id: ChainId) -> tuple[CommitteeId, EscalationChain]:
        """Return the newest version of one, and whose it is."""
        ...

    async def save(
        self,
        scope: Scope,
        committee_id: CommitteeId,
        chain: EscalationChain,
        uses: tuple[ChainUse, ...],
        *,
        by: UserId,
        now: datetime,
    ) -> int:
        """Let the next version go live for these alarms and return its number; versions and Collision as for rotas."""
        ...

    async def usual_roster(self, scope: Scope, committee_id: CommitteeId, chain: EscalationChain) -> Roster:
        """Return everybody who may stand behind the chain's targets at a usual time, not only who does just now."""
        ...


class RotaCalendar(Protocol):
    """Rotas as other calendars write them down; larmcentral.calendars.ical is the real one."""

    def export(self, rota: Rota, shifts: Sequence[Shift], names: Mapping[PersonId, str]) -> bytes:
        """Return shifts as an iCalendar file."""
        ...

    def overrides(
        self, rota: Rota, text: bytes, names: Mapping[PersonId, str], *, layer: int | None, made_by: UserId
    ) -> tuple[Override, ...]:
        """Read overrides from an iCalendar file. Raises Refused, saying why it cannot be read or who is unknown."""
        ...
