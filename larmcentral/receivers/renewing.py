"""A renewed secret is known to this process's receivers before the device is told of it: it may use it at once."""

from __future__ import annotations

from larmcentral.ports import RenewsSecrets
from larmcentral.receivers.enrolled import EnrolledDevices
from protocols.conversation import Renewal


class Renewing:
    """ports.RenewsSecrets, with the receivers' snapshot read anew. Other processes see it with their next reading."""

    def __init__(self, kept: RenewsSecrets, devices: EnrolledDevices) -> None:
        self._kept, self._devices = kept, devices

    async def renew(self, protocol: str, renewal: Renewal) -> bool:
        """See ports.RenewsSecrets."""
        done = await self._kept.renew(protocol, renewal)
        await self._devices.refresh()
        return done
