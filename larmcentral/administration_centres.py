"""What an administrator does about a contracted alarm receiving centre from the command line."""

from __future__ import annotations

from escalation.ids import OrganisationId
from larmcentral.administration import open_pool
from larmcentral.assembly_forwarders import first_sos_access
from larmcentral.assembly_secrets import sealing_of
from larmcentral.channels.receiver_path import PathResult
from larmcentral.clock import SystemClock
from larmcentral.config import Config
from larmcentral.store.sealed_secrets import SealedSecrets


async def renew_centre_password(config: Config, name: str) -> tuple[bool, str]:
    """Exchange the password that the installer was given for one that nobody has seen; once, after first contact.

    It is sealed in the database before it is used, and running processes find it there. Return whether it was done,
    and the centre's words. Raises LookupError for a forwarder that has no SOS Access, SealingUnusable.
    """
    clock = SystemClock()
    sealing = sealing_of(config)
    async with open_pool(config, "larm_service") as pool:
        keeper = SealedSecrets(pool, sealing, clock, OrganisationId(config.organisation.id))
        path = first_sos_access(config, name, clock, keeper)
        await path.start()
        try:
            answer = await path.renew_authentication()
        finally:
            await path.stop()
    return answer.result is PathResult.TOOK, answer.words
