"""Under whose account the embedded PostgreSQL runs: it refuses to run as root.

An ordinary user runs it as itself. Root hands it to the owner of the data folder, or to nobody, and lets it keep
one capability: to pass through the folders above it, so that nothing has to be opened to everyone and no user has
to be made. That is for demonstrations and tests; a service in production has an account of its own.
"""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from larmcentral.store.embedded_errors import AccountUnsuitable, ClusterNotOurs

NOBODY: Final = 65534

# linux/capability.h
CAP_DAC_OVERRIDE: Final = 1
CAP_DAC_READ_SEARCH: Final = 2

PROCESS_STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """prefix: the words before a server program's own command; empty where we are that account already."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()


def account_for(cluster: Path, postgres: Path) -> ServerAccount:
    """Choose the account that initdb and the server run under.

    cluster: the data folder, which may not exist yet.
    Raises AccountUnsuitable where PostgreSQL would refuse, ClusterNotOurs where an ordinary user meets a data
    folder of somebody else.
    """
    owner = cluster.stat() if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise ClusterNotOurs(folder=cluster, owner_uid=owner.st_uid, our_uid=os.geteuid())
        _require_name(os.geteuid())
        return ServerAccount(os.geteuid(), os.getegid())
    uid, gid = (owner.st_uid, owner.st_gid) if owner is not None and owner.st_uid != 0 else _nobody()
    _require_name(uid)
    return ServerAccount(uid, gid, _step_down(uid, gid, postgres))


def _nobody() -> tuple[int, int]:
    _require_name(NOBODY)
    return NOBODY, pwd.getpwuid(NOBODY).pw_gid


def _require_name(uid: int) -> None:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise AccountUnsuitable(
            f"uid {uid} has no entry in /etc/passwd, and PostgreSQL refuses to run without one: add the entry "
            "(containers with a made-up uid lack it), run as another user, or set the DSN of a server elsewhere"
        ) from None


def _step_down(uid: int, gid: int, postgres: Path) -> tuple[str, ...]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise AccountUnsuitable(
            "PostgreSQL does not run as root and setpriv, which would hand it to another user, is not installed: "
            "install util-linux, or start as an ordinary user"
        )
    kept = _capability(postgres)
    only = "-all" if kept is None else f"-all,+{kept}"
    capabilities = (f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}")
    return (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *capabilities)


def _capability(postgres: Path) -> str | None:
    """The least that lets the server through closed folders: Docker's default set has only dac_override."""
    held = _bounding_set()
    runnable_by_all = bool(postgres.stat().st_mode & 0o001)  # a checkout under umask 077 is not
    if runnable_by_all and held >> CAP_DAC_READ_SEARCH & 1:
        return "dac_read_search"
    if held >> CAP_DAC_OVERRIDE & 1:
        return "dac_override"
    return None


def _bounding_set() -> int:
    for line in PROCESS_STATUS.read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "CapBnd":
            return int(value, 16)
    return 0
