"""Secrets that the server was given and must keep."""

from __future__ import annotations

from typing import Protocol


class KeepsSecrets(Protocol):
    """Sealed on disk; in clear only in memory."""

    async def kept(self, name: str) -> str | None:
        """Return the secret, or None if there is none. Raises StoreUnavailable."""
        ...

    async def keep(self, name: str, secret: str) -> None:
        """Keep it in the place of the one before; on disk when this returns. Raises StoreUnavailable."""
        ...
