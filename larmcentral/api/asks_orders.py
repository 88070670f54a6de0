"""What the API asks about words down to devices. store/reading_orders.py keeps this."""

from __future__ import annotations

from typing import Protocol

from escalation.ids import DeviceId, IncidentId
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_orders import DeviceOrdersView, SheetView


class OrderReads(Protocol):
    """As a scope may see them."""

    async def of_incident(self, scope: Scope, incident_id: IncidentId) -> tuple[DeviceOrdersView, ...]:
        """Return the devices of an incident and what they were told. Raises NotFound."""
        ...

    async def sheet(self, scope: Scope, device_id: DeviceId) -> SheetView:
        """Return a device's commissioning sheet, empty where none was written. Raises NotFound."""
        ...
