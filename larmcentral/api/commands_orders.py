"""What people can ask of devices. flows/orders.py keeps this; the API decides who may ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol
from uuid import UUID

from escalation.events import Operator
from escalation.ids import DeviceId, IncidentId, UserId
from larmcentral.api.commands import Sight
from protocols.orders import Commission


class OrderCommands(Protocol):
    """All raise escalation.incident.Refused, domain.errors.NotFound and StoreUnavailable."""

    async def locate(self, incident_id: IncidentId, device_id: DeviceId, by: Operator, sight: Sight) -> UUID:
        """Ask a device of an incident where it is; return the order's id."""
        ...

    async def call_back(
        self, incident_id: IncidentId, device_id: DeviceId, number: str, by: Operator, sight: Sight
    ) -> UUID:
        """Have a device of an incident ring a number. Raises domain.order.NumberRefused besides."""
        ...

    async def keep_sheet(
        self, device_id: DeviceId, settings: Commission, note: str, by: UserId, sight: Sight, *, quiet_locate: bool
    ) -> None:
        """Write a commissioning sheet. Raises domain.order.NumberRefused besides."""
        ...

    async def send_sheet(
        self, device_id: DeviceId, by: UserId, sight: Sight, *, good_for: timedelta | None = None
    ) -> UUID:
        """Have a device told what its sheet says; return the order's id."""
        ...
