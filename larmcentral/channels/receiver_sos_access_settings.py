"""Where a centre's SOS Access receiver is, and as whom we speak there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from protocols.sos_access.codes import LEVELS
from protocols.sos_access.fields import PASSWORD_SIGNS, TRANSMITTER_TYPE_SIGNS
from protocols.sos_access.position import PositionForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SosAccessSettings:
    """One address of a centre; all of it is told by the centre.

    name: of the path. tls False and verify False only where the centre refused in writing: the one shows the password
    to the whole way there, the other to whoever stands in it. ca_file: PEM, None for the system's. receiver: which
    centre behind the address. password: the one that we were given; a renewed one is kept beside it. level: service
    level of the heartbeat, None where none was ordered. position: how `pos` is written. zone: of the wall times that
    we write. deadline: for one try, all in all. kept_as: under which name a renewed password is kept; empty for one
    made of receiver, type and code. Primary and secondary of one centre share it, for they share the password.
    """

    name: str
    host: str
    port: int
    tls: bool = True
    verify: bool = True
    ca_file: str | None = None
    receiver: str
    transmitter_code: str
    transmitter_type: str
    password: str = field(repr=False)
    level: int | None = None
    position: PositionForm = PositionForm.NONE
    zone: str = "Europe/Stockholm"
    deadline: timedelta = timedelta(seconds=5)
    kept_as: str = ""
    max_connections: int = 32

    def __post_init__(self) -> None:
        if len(self.password) != PASSWORD_SIGNS or not _latin(self.password):
            raise ValueError(f"the password of SOS Access has exactly {PASSWORD_SIGNS} signs of ISO-8859-1")
        if len(self.transmitter_type) != TRANSMITTER_TYPE_SIGNS or not _latin(self.transmitter_type):
            raise ValueError(f"transmitter_type has exactly {TRANSMITTER_TYPE_SIGNS} signs")
        if not 1 <= len(self.transmitter_code) <= 15 or not _latin(self.transmitter_code):
            raise ValueError("transmitter_code has 1 to 15 signs")
        if not 1 <= len(self.receiver) <= 20 or not _latin(self.receiver):
            raise ValueError("receiver has 1 to 20 signs")
        if self.level is not None and self.level not in LEVELS:
            raise ValueError("level is 1 to 4, or none")
        if self.deadline <= timedelta() or self.max_connections < 1:
            raise ValueError("deadline and max_connections must be positive")

    @property
    def secret_name(self) -> str:
        """Return under which name a renewed password is kept."""
        return self.kept_as or f"sos_access/{self.receiver}/{self.transmitter_type}/{self.transmitter_code}"


def _latin(text: str) -> bool:
    return all(" " <= sign <= "~" or "\xa1" <= sign <= "\xff" for sign in text)
