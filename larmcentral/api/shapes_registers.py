"""What crosses HTTP about registers: devices and how they are, persons to choose from, bytes nobody understood."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from larmcentral.api.shapes import DeviceView, PersonView, Shape


class DeviceHealth(Shape):
    """One row of GET /api/devices. silent: unheard for longer than its class allows. low_battery: below 20 per cent.

    tested_at: the newest test alarm that reached the desk; test_due: none within 30 days.
    """

    device: DeviceView
    person: PersonView | None
    charging: bool | None
    supervised: bool
    silent: bool = False
    low_battery: bool = False
    tested_at: datetime | None = None
    test_due: bool = False
    pool: bool = False
    supervision: str = ""
    """Its class, such as wearable or dp3."""


class UnknownInput(Shape):
    """One row of GET /api/unknown-input: bytes nobody understood, kept and counted."""

    receiver: str
    reason: str
    first_at: datetime
    last_at: datetime
    times: int
    sample_hex: str


class PersonChoice(Shape):
    """One row of GET /api/persons."""

    id: UUID
    name: str
    committee_id: UUID
    unit: str | None
