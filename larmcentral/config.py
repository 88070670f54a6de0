"""The settings of the server, frozen. config_file.py reads them, check_config.py looks at what they point to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from larmcentral.endpoint import Endpoint, parse_endpoint
from larmcentral.receivers.limits import Limits
from protocols.registry import PROTOCOLS, HttpProtocol

PREFIX: Final = "LARM_"
DELIMITER: Final = "__"
Port = Annotated[int, Field(ge=0, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=1, le=100_000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Organisation(_Section):
    """Whose centre this is. committee_id: owner of what comes from unknown devices. zone: for words to people."""

    id: UUID
    name: Annotated[str, Field(min_length=1)]
    committee_id: UUID
    zone: str = "Europe/Stockholm"


class Database(_Section):
    """Either dsns (all hosts are asked at once) or data_dir (an embedded server).

    dsns_file: one DSN a line; the place for those with a password. service_connections: for intake and escalation.
    web_connections: for people's requests. deadline_s: for one transaction, then its connection is aborted.
    """

    dsns: tuple[SecretStr, ...] = ()
    dsns_file: Path | None = None
    data_dir: Path | None = None
    service_connections: Count = 8
    web_connections: Count = 8
    deadline_s: Seconds = 5.0

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if (bool(self.dsns), self.dsns_file is not None, self.data_dir is not None).count(True) != 1:
            raise ValueError("needs exactly one of dsns, dsns_file and data_dir")
        return self


class Http(_Section):
    """The web and its API. origin: as the browser sees it, for cookies and links, such as https://larm.example.

    trusted_proxies: addresses whose word on the caller's address counts. metrics_secret_file: bearer token for
    /metrics; without one anybody who reaches the port may read the figures.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    secure_cookies: bool = True
    origin: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    metrics_secret_file: Path | None = None


def _known(protocol: str) -> str:
    if protocol not in PROTOCOLS:
        raise ValueError(f"no such protocol; there are {', '.join(sorted(PROTOCOLS))}")
    return protocol


def _endpoint(said: object) -> object:
    return parse_endpoint(said) if isinstance(said, str) else said


class Receiver(_Section):
    """One listener. committee_id: owner of its unknown devices, if not the organisation's."""

    protocol: Annotated[str, AfterValidator(_known)]
    listen: Annotated[Endpoint, BeforeValidator(_endpoint)]
    committee_id: UUID | None = None
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _transport_fits(self) -> Self:
        if self.listen.transport == "udp" and isinstance(PROTOCOLS[self.protocol], HttpProtocol):
            raise ValueError(f"{self.protocol} is spoken over HTTP: listen on tcp or ssl")
        return self


class Apns(_Section):
    """Push to iPhones. key_file: Apple's .p8. topic: bundle id of the app."""

    key_file: Path
    key_id: str
    team_id: str
    topic: str
    host: str = "api.push.apple.com"
    port: Port = 443
    ca_file: Path | None = None
    sound: str = "default"
    silent_sound: str = "silence.caf"
    time_to_live_s: Seconds = 3600.0


class Fcm(_Section):
    """Push to Android phones. service_account_file: the key file from the Firebase console."""

    service_account_file: Path
    endpoint: str = "https://fcm.googleapis.com/v1/projects"
    ca_file: Path | None = None
    time_to_live_s: Seconds = 3600.0


class Sms(_Section):
    """Text messages by 46elks. sender: a name or number. delivered_url: where delivery reports come in."""

    username: str
    password: SecretStr | None = None
    password_file: Path | None = None
    sender: str
    endpoint: str = "https://api.46elks.com/a1/sms"
    delivered_url: str | None = None
    receipt_secret: SecretStr | None = None
    receipt_secret_file: Path | None = None
    ca_file: Path | None = None

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if (self.password is None) == (self.password_file is None):
            raise ValueError("needs exactly one of password_file and (from the environment) password")
        if self.receipt_secret is not None and self.receipt_secret_file is not None:
            raise ValueError("takes receipt_secret_file or receipt_secret, not both")
        return self


class Answers(_Section):
    """What signs the answers that a notice's own buttons send ("I'm going"); all processes need the same one.

    Without either the embedded database's folder keeps one; with a database elsewhere such buttons are left out.
    """

    secret: SecretStr | None = None
    secret_file: Path | None = None


class Channels(_Section):
    """The ways out; one that is not there is not used."""

    apns: Apns | None = None
    fcm: Fcm | None = None
    sms: Sms | None = None


class Synthetic(_Section):
    """The panic that we press ourselves, all the way to a notice, to know that the road is whole."""

    enabled: bool = True
    interval_s: Seconds = 60.0


class MetricsEndpoint(_Section):
    """Metrics and health of a role without web; port 0 takes any free one."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 9464


class Log(_Section):
    """form: json for machines, console for eyes."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["json", "console"] = "json"


class Config(BaseSettings):
    """All settings. Read them with load_config()."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
    )

    organisation: Organisation
    database: Database
    http: Http = Http()
    receivers: dict[Name, Receiver] = {}
    channels: Channels = Channels()
    answers: Answers = Answers()
    synthetic: Synthetic = Synthetic()
    metrics: MetricsEndpoint = MetricsEndpoint()
    log: Log = Log()
