"""Names of things, so that one cannot be handed over for another."""

from typing import NewType
from uuid import UUID

OrganisationId = NewType("OrganisationId", UUID)
CommitteeId = NewType("CommitteeId", UUID)
TeamId = NewType("TeamId", UUID)
PersonId = NewType("PersonId", UUID)
ContactPointId = NewType("ContactPointId", UUID)
ChainId = NewType("ChainId", UUID)
IncidentId = NewType("IncidentId", UUID)
SignalId = NewType("SignalId", UUID)
NoticeId = NewType("NoticeId", UUID)
UserId = NewType("UserId", UUID)
