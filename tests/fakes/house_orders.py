"""Orders to devices for the tests of the API: commands that write down what they were asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from escalation.events import Operator
from escalation.ids import DeviceId, IncidentId, UserId
from larmcentral.api.commands import Sight
from larmcentral.domain.order import dialled
from protocols.orders import Commission
from tests.fakes.house_commands import Written


class WrittenOrders(Written):
    """api.commands_orders.OrderCommands. Numbers are looked at as the real flow does."""

    async def locate(self, incident_id: IncidentId, device_id: DeviceId, by: Operator, sight: Sight) -> UUID:
        self.ask("locate", incident_id, device_id, by, sight=sight)
        return self.made

    async def call_back(
        self, incident_id: IncidentId, device_id: DeviceId, number: str, by: Operator, sight: Sight
    ) -> UUID:
        self.ask("call_back", incident_id, device_id, dialled(number), by, sight=sight)
        return self.made

    async def keep_sheet(
        self, device_id: DeviceId, settings: Commission, note: str, by: UserId, sight: Sight, *, quiet_locate: bool
    ) -> None:
        for number in settings.sos_numbers or ():
            dialled(number)
        self.ask("keep_sheet", device_id, settings, note, by, quiet_locate, sight=sight)

    async def send_sheet(
        self, device_id: DeviceId, by: UserId, sight: Sight, *, good_for: timedelta | None = None
    ) -> UUID:
        self.ask("send_sheet", device_id, by, good_for, sight=sight)
        return self.made
