"""Secrets that the server was given and must keep."""

from __future__ import annotations

from typing import Protocol

from protocols.conversation import Renewal


class KeepsSecrets(Protocol):
    """Sealed on disk; in clear only in memory."""

    async def kept(self, name: str) -> str | None:
        """Return the secret, or None if there is none. Raises StoreUnavailable."""
        ...

    async def keep(self, name: str, secret: str) -> None:
        """Keep it in the place of the one before; on disk when this returns. Raises StoreUnavailable."""
        ...


class RenewsSecrets(Protocol):
    """Devices' own secrets, as they change hands on the wire."""

    async def renew(self, protocol: str, renewal: Renewal) -> bool:
        """Do what a renewal says; on disk, and known to this process's receivers, when this returns.

        False: a fresh secret was not kept, for there is one already or the device is not ours. Raises StoreUnavailable.
        """
        ...
