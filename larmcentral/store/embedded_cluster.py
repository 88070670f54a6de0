"""The folder that an embedded PostgreSQL lives in, and what can be read there about a running server.

<root>/data           the cluster; mode 0700, owned by the account that runs the server
<root>/run            the socket, where the path is short enough for one
<root>/server.log     what the server says
<root>/start.lock     held while somebody looks for the server or starts it
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from larmcentral.store.embedded_account import ServerAccount
from larmcentral.store.embedded_binaries import ServerBinaries
from larmcentral.store.embedded_errors import ClusterNotOurs, InitialisationFailed

SUPERUSER: Final = "larm"
PORT: Final = 5432
"""Only names the socket; nothing listens on the network."""

SOCKET_PATH_LIMIT_BYTES: Final = 107
"""sockaddr_un.sun_path without its closing zero (unix(7))."""

PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/._-]+")
"""A comma or a blank in a path means several folders to PostgreSQL, and to its clients."""

SHORT_ROOT: Final = Path("/tmp")  # TMPDIR may itself be too deep
SHORT_PREFIX: Final = "larm-"

LOG_LIMIT_BYTES: Final = 16 * 1024 * 1024
"""A larger log is put aside, once, when the server starts."""

LOG_TAIL_BYTES: Final = 4000

INITDB_LIMIT_S: Final = 300.0
"""One second on our machines; a slow disk may need a hundred times that."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What the pid file says. socket_folder: None while the server is still opening its socket."""

    pid: int
    port: int
    socket_folder: Path | None


class ClusterFolder:
    """One embedded server's place on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()  # one folder, one name: runs_here() compares it
        self.data = self.root / "data"
        self.log = self.root / "server.log"
        self._fresh = self.root / "data.new"
        self._run = self.root / "run"
        self._lock = self.root / "start.lock"
        self._pid_file = self.data / "postmaster.pid"

    def create(self) -> None:
        """Make the folder that holds all the others; one that stands is left as it is.

        Raises ClusterNotOurs where we may not write.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.touch()
        except PermissionError as error:
            standing = next(folder for folder in (self.root, *self.root.parents) if folder.exists())
            owner_uid = standing.stat().st_uid
            raise ClusterNotOurs(folder=standing, owner_uid=owner_uid, our_uid=os.geteuid()) from error

    @contextmanager
    def lock_file(self) -> Iterator[IO[bytes]]:
        """The open file that starters lock; closing it gives the lock back."""
        with self._lock.open("ab") as file:
            yield file

    def major(self) -> int | None:
        """The version that wrote the data, None where there is none."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def initialise(self, binaries: ServerBinaries, account: ServerAccount) -> None:
        """Make an empty cluster with checksums. It appears whole under its name, or not at all."""
        shutil.rmtree(self._fresh, ignore_errors=True)  # of a start that was cut off
        self._fresh.mkdir(mode=0o700)
        # The builtin provider's order never changes with the C library; it came with version 17.
        provider = "builtin" if binaries.major >= 17 else "libc"
        options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "-k", "--no-instructions"]
        locale = [f"--locale-provider={provider}", "--locale=C.UTF-8"]
        command = [*account.prefix, str(binaries.initdb), "-D", str(self._fresh), *options, *locale]
        try:
            os.chown(self._fresh, account.uid, account.gid)
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=INITDB_LIMIT_S, check=False, cwd="/", env=environment()
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InitialisationFailed(folder=self.data, said=str(error)) from error
        if done.returncode != 0:
            raise InitialisationFailed(folder=self.data, said=(done.stderr or done.stdout).strip())
        self._fresh.rename(self.data)
        _sync(self.root)

    def postmaster(self) -> Postmaster | None:
        """The server that the pid file names, which may be long gone; None without a readable file."""
        try:
            lines = self._pid_file.read_text().splitlines()
            # pid, data folder, start time, port, socket folder, ... (PostgreSQL's miscadmin.h)
            socket_folder = Path(lines[4]) if len(lines) > 4 and lines[4] else None
            return Postmaster(int(lines[0]), int(lines[3]), socket_folder)
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def pid_file_is_empty(self) -> bool:
        """A power cut can leave the file without a word in it; PostgreSQL then refuses to start for ever."""
        try:
            return self._pid_file.stat().st_size == 0
        except FileNotFoundError:
            return False

    def drop_pid_file(self) -> None:
        """Take away an empty pid file. One with content stays: it guards against a second server on the data."""
        self._pid_file.unlink(missing_ok=True)

    def runs_here(self, pid: int) -> bool:
        """Is this process a PostgreSQL on our data, not a zombie and not somebody who got the number later?"""
        command_line = Path(f"/proc/{pid}/cmdline")
        if not command_line.parent.parent.joinpath("self").exists():
            return _exists(pid)  # no /proc: believe the pid file, PostgreSQL looks for itself
        try:
            words = command_line.read_bytes().split(b"\0")  # a zombie has none
        except OSError:
            return False
        return os.fsencode(self.data) in words and any(word.endswith(b"postgres") for word in words)

    def socket_folder(self, account: ServerAccount) -> Path:
        """A private folder for the socket: beside the data, or under a short path where that is too long or odd.

        A short one outlives a crash, so that the server's address stays what it was.
        """
        socket_bytes = len(os.fsencode(self._run / f".s.PGSQL.{PORT}"))
        last = self.postmaster()
        if socket_bytes <= SOCKET_PATH_LIMIT_BYTES and PLAIN_PATH.fullmatch(str(self._run)):
            self._run.mkdir(mode=0o700, exist_ok=True)
            folder = self._run
        elif last is not None and last.socket_folder is not None and _is_private(last.socket_folder, account):
            return last.socket_folder
        else:
            folder = Path(tempfile.mkdtemp(prefix=SHORT_PREFIX, dir=SHORT_ROOT))
        os.chown(folder, account.uid, account.gid)
        return folder

    def drop_socket_folder(self, folder: Path) -> None:
        """Take away a short folder of ours whose server is gone; any other folder is left alone."""
        if folder.parent != SHORT_ROOT or not folder.name.startswith(SHORT_PREFIX):
            return
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # not ours, or not empty: nothing depends on it
            folder.rmdir()

    def open_log(self) -> IO[bytes]:
        """The server's log, to append to."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")

    def log_since(self, position_bytes: int) -> str:
        """What the server has said from a position on, at most the last LOG_TAIL_BYTES of it."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(position_bytes, log.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
            return log.read().decode(errors="replace").strip()


def environment() -> dict[str, str]:
    """What a server program is told by its surroundings: nothing of PG*, and English messages that we can read."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def try_lock(file: IO[bytes]) -> bool:
    """Take the start lock if it is free."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_private(folder: Path, account: ServerAccount) -> bool:
    """Is it still the short folder that we made, and not one that somebody laid in its place?"""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    named_by_us = folder.parent == SHORT_ROOT and folder.name.startswith(SHORT_PREFIX)
    return named_by_us and stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and found.st_mode & 0o077 == 0


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
