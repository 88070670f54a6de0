"""The words that committees chose for their alarms, as whoever sends them needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from larmcentral.domain.templates import KeptTemplate


class TemplateShelf(Protocol):
    """All templates of the house."""

    async def all(self) -> Sequence[KeptTemplate]:
        """Return them as they stand now, of every committee. Raises StoreUnavailable."""
        ...
