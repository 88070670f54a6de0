"""Why the embedded PostgreSQL cannot serve, each with the next step to take."""

from __future__ import annotations

from pathlib import Path


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot do what was asked of it; the text says why and what to do."""


class NoServerBinaries(EmbeddedServerError):
    """No PostgreSQL server programs that fit were found on this machine."""

    def __init__(self, *, needed_major: int | None, refused: tuple[str, ...]) -> None:
        wanted = "PostgreSQL" if needed_major is None else f"PostgreSQL {needed_major} (it wrote the data folder)"
        tried = "; ".join(refused) or "nothing was installed"
        super().__init__(
            f"no server programs of {wanted} were found ({tried}). Run ./dev setup, or install Debian's "
            "postgresql package, or set the DSN of a server that already runs"
        )
        self.needed_major, self.refused = needed_major, refused


class AccountUnsuitable(EmbeddedServerError):
    """PostgreSQL cannot run under the account that this process has."""


class ClusterNotOurs(EmbeddedServerError):
    """The data folder belongs to somebody else."""

    def __init__(self, *, folder: Path, owner_uid: int, our_uid: int) -> None:
        super().__init__(
            f"{folder} belongs to uid {owner_uid} and this process runs as uid {our_uid}: "
            "start it as the owner or as root, or choose another data folder"
        )
        self.folder, self.owner_uid, self.our_uid = folder, owner_uid, our_uid


class SettingRefused(EmbeddedServerError):
    """A caller asked for a setting that the supervisor keeps for safety's sake."""

    def __init__(self, *, name: str) -> None:
        super().__init__(f"the setting {name} is kept by the embedded server's supervisor and cannot be chosen")
        self.name = name


class InitialisationFailed(EmbeddedServerError):
    """initdb did not make a cluster."""

    def __init__(self, *, folder: Path, said: str) -> None:
        super().__init__(f"initdb could not make {folder}: {said}")
        self.folder, self.said = folder, said


class StartFailed(EmbeddedServerError):
    """The server process ended, or did not answer in time."""

    def __init__(self, *, reason: str, log: Path, said: str) -> None:
        super().__init__(f"{reason}; the end of {log}:\n{said}")
        self.reason, self.log, self.said = reason, log, said


class StopFailed(EmbeddedServerError):
    """The server lives on although it was told to stop."""

    def __init__(self, *, pid: int, log: Path) -> None:
        super().__init__(f"PostgreSQL (pid {pid}) ended neither by fast nor by immediate shutdown: see {log}")
        self.pid, self.log = pid, log
