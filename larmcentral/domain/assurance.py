"""What the house promises at this moment: chains and rotas that apply, as the assurance loop looks at them."""

from __future__ import annotations

from dataclasses import dataclass

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain
from escalation.ids import CommitteeId, OrganisationId, UnitId
from escalation.rota import Rota


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainInUse:
    """A chain that an alarm would take now. unit_id, kind: for which it was chosen; None for all of them."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    unit_id: UnitId | None
    kind: AlarmKind | None
    chain: EscalationChain


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaInUse:
    """A rota in its newest version."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    rota: Rota
