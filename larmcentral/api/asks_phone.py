"""What the API asks for a worker's own phone, beside his session. store/reading_phone.py keeps this."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from larmcentral.domain.roles import Viewer
from larmcentral.domain.views_phone import Colleague, OwnDevice, OwnMessage, OwnRead


class OwnPhone(Protocol):
    """Always about the viewer's own person. What is silent about him is in none of it, by no gap, count or order."""

    async def devices(self, viewer: Viewer, *, now: datetime) -> tuple[OwnDevice, ...]:
        """Return the devices that he wears, by label."""
        ...

    async def reads(self, viewer: Viewer, *, now: datetime) -> tuple[OwnRead, ...]:
        """Return who was shown what about him, newest first, at most 200; of a silent alarm a day after its end."""
        ...

    async def colleagues(self, viewer: Viewer, *, now: datetime) -> tuple[Colleague, ...]:
        """Return persons of his unit and teams, by name, without himself."""
        ...

    async def messages(self, viewer: Viewer, *, now: datetime) -> tuple[OwnMessage, ...]:
        """Return the desk's words to him, newest first, at most 50 of the last days."""
        ...
