"""An operator's place at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from escalation.events import Operator
from escalation.ids import CommitteeId, OrganisationId


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """Who sits there and for which committees. load: how many incidents he owns just now."""

    organisation_id: OrganisationId
    committees: frozenset[CommitteeId]
    operator: Operator
    name: str
    since: datetime
    seen_at: datetime
    load: int = 0
