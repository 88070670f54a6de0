"""Settings of the contracted alarm receiving centres: which paths lead there, in the order of trying."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from larmcentral.config_section import Name, Port, Seconds, Section, one_secret


class SosAccessPath(Section):
    """One receiver that speaks SOS Access v4. All of it is told by the centre.

    transmitter_type, password: exactly 5 and 15 signs. receiver: which centre behind it. level: the agreed service
    level of the heartbeat (1: 25 h, 2: 5 h, 3: 180 s, 4: 90 s); None where no heartbeat was ordered. position: how
    it is written in `pos`. verify: certificate and name are checked; False only where the centre refused in writing.
    """

    protocol: Literal["sos_access"]
    name: Name
    host: str
    port: Port
    tls: bool = True
    verify: bool = True
    ca_file: Path | None = None
    receiver: Annotated[str, Field(min_length=1, max_length=20)]
    transmitter_code: Annotated[str, Field(min_length=1, max_length=15)]
    transmitter_type: Annotated[str, Field(min_length=5, max_length=5)]
    password: SecretStr | None = None
    password_file: Path | None = None
    level: Annotated[int, Field(ge=1, le=4)] | None = None
    position: Literal["ddmmmm", "dd.dddd", "rt90", "none"] = "none"
    deadline_s: Seconds = 5.0

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        one_secret(self.password, self.password_file, "password")
        return self


class Dc09Path(Section):
    """One receiver that speaks SIA DC-09. account: 3 to 16 hex digits, leading zeros count.

    key_form: whether the key is written as hex digits or its signs are the bytes (the field uses both). payload: which
    codes. character_set: as agreed; some receivers drop what is beyond ASCII before they compute the checksum, and
    would never take a report with an å in it. supervision_s: the agreed time within which we must be heard; a link
    test goes out at a third of it.
    """

    protocol: Literal["dc09"]
    name: Name
    host: str
    port: Port
    transport: Literal["tcp", "udp"] = "tcp"
    account: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{3,16}$")]
    receiver: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{1,6}$")] | None = "0"
    line: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{1,6}$")] = "0"
    key: SecretStr | None = None
    key_file: Path | None = None
    key_form: Literal["hex", "ascii"] = "hex"
    payload: Literal["sia", "cid"] = "sia"
    character_set: Literal["ascii", "cp1252", "utf-8"] = "ascii"
    supervision_s: Seconds | None = None
    deadline_s: Seconds = 5.0

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.key is not None and self.key_file is not None:
            raise ValueError("takes key_file or (from the environment) key, not both")
        return self


class NumberPath(Section):
    """The centre's telephone, for when nothing else leads there: a text message or a call with agreed words."""

    protocol: Literal["sms", "voice"]
    name: Name
    number: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{7,14}$")]
    deadline_s: Seconds = 5.0


Path_ = Annotated[SosAccessPath | Dc09Path | NumberPath, Field(discriminator="protocol")]


class Forwarder(Section):
    """A contracted alarm receiving centre. paths: in the order of trying; at least a primary and a secondary.

    single_receiver: the centre has one address only (their test receiver). duplicate_window_s: within it the same case
    of the same kind is not handed over again. telephone: whom the operator rings when nothing works; shown, never
    dialled by us.
    """

    label: Annotated[str, Field(min_length=1, max_length=80)]
    paths: Annotated[tuple[Path_, ...], Field(min_length=1, max_length=8)]
    single_receiver: bool = False
    duplicate_window_s: Seconds = 600.0
    telephone: str = ""

    @model_validator(mode="after")
    def _two_paths(self) -> Self:
        names = [path.name for path in self.paths]
        if len(set(names)) < len(names):
            raise ValueError("two paths have the same name")
        if len(self.paths) < 2 and not self.single_receiver:
            raise ValueError("needs a primary and a secondary path, or single_receiver = true")
        return self
