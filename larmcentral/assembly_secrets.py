"""The key that seals what the database must keep secret: from the settings, or made once beside the embedded one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import structlog

from larmcentral.assembly_files import make_secret, secret
from larmcentral.config import Config
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.store.pool import Pool
from larmcentral.store.sealed_secrets import seal_what_is_clear
from larmcentral.store.sealing import KEY_BYTES, OtherKey, SealBroken, Sealing, SealingKey

log = structlog.get_logger(__name__)

HOW_TO_MAKE_ONE: Final = "32 bytes as 64 hex digits, such as openssl rand -hex 32 prints"


class SealingUnusable(Exception):
    """The server cannot start: its sealing key is missing or is not the one. Says which setting, and what to do."""


def sealing_of(config: Config) -> Sealing:
    """Return what seals and opens. Raises SealingUnusable."""
    said = secret(config.secrets.sealing_key, config.secrets.sealing_key_file)
    if said is None:
        said = _kept_beside(config.database.data_dir)
    before = config.secrets.sealing_key_previous_file
    return Sealing(
        _key(said, "secrets.sealing_key"),
        None if before is None else _key(secret(None, before) or "", "secrets.sealing_key_previous_file"),
    )


async def seal_at_start(service: Pool, sealing: Sealing) -> None:
    """Bring every secret in the database under the current key. Raises SealingUnusable where that cannot be.

    Does nothing where the database is away; the next process that starts does it then.
    """
    try:
        await seal_what_is_clear(service, sealing)
    except StoreUnavailable as error:
        log.warning("secrets_not_sealed", why=str(error))
    except OtherKey as other:
        raise SealingUnusable(
            f"secrets.sealing_key: the database holds secrets sealed with key {other.key_id}, the settings give"
            f" {sealing.key_id.hex()}; give the right one, or the old one as secrets.sealing_key_previous_file"
        ) from None
    except SealBroken as broken:
        raise SealingUnusable(f"a sealed secret in the database cannot be opened: {broken}") from None


def _kept_beside(data_dir: Path | None) -> str:
    if data_dir is None:
        raise SealingUnusable(
            "secrets.sealing_key_file: is missing; with a database elsewhere all processes need the same one:"
            f" {HOW_TO_MAKE_ONE}"
        )
    path = data_dir.with_name(f"{data_dir.name}-sealing.key")
    if not path.exists():
        make_secret(path)
    return path.read_text("ascii").strip()


def _key(said: str, setting: str) -> SealingKey:
    try:
        return SealingKey(bytes.fromhex(said))
    except ValueError:
        raise SealingUnusable(f"{setting}: must be {KEY_BYTES} bytes: {HOW_TO_MAKE_ONE}") from None
