"""Names of things, so that one cannot be handed over for another."""

from typing import NewType
from uuid import UUID

OrganisationId = NewType("OrganisationId", UUID)
CommitteeId = NewType("CommitteeId", UUID)
UnitId = NewType("UnitId", UUID)
TeamId = NewType("TeamId", UUID)
PersonId = NewType("PersonId", UUID)
ContactPointId = NewType("ContactPointId", UUID)
ChainId = NewType("ChainId", UUID)
RotaId = NewType("RotaId", UUID)
PlaceId = NewType("PlaceId", UUID)
DeviceId = NewType("DeviceId", UUID)
IncidentId = NewType("IncidentId", UUID)
VigilId = NewType("VigilId", UUID)
SignalId = NewType("SignalId", UUID)
NoticeId = NewType("NoticeId", UUID)
UserId = NewType("UserId", UUID)
