"""The settings of the server, frozen. config_file.py reads them, check_config.py looks at what they point to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from larmcentral.api.limits import WebLimits
from larmcentral.config_channels import Channels
from larmcentral.config_forwarders import Forwarder
from larmcentral.config_map import Map
from larmcentral.config_section import Count, Name, Port, Seconds, Section
from larmcentral.endpoint import Broker, Endpoint, parse_broker, parse_endpoint
from larmcentral.receivers.limits import Limits
from protocols.registry import PROTOCOLS, BrokerProtocol, HttpProtocol

PREFIX: Final = "LARM_"
DELIMITER: Final = "__"


class Organisation(Section):
    """Whose centre this is. committee_id: owner of what comes from unknown devices. zone: for words to people.

    call_back: the number on which the emergency services reach the desk again; it stands on the operator's card.
    """

    id: UUID
    name: Annotated[str, Field(min_length=1)]
    committee_id: UUID
    zone: str = "Europe/Stockholm"
    call_back: Annotated[str, Field(pattern=r"^[+0-9][0-9 ()/-]{4,30}$")] | None = None


class Database(Section):
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


class Http(Section):
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
    limits: WebLimits = WebLimits()


def _known(protocol: str) -> str:
    if protocol not in PROTOCOLS:
        raise ValueError(f"no such protocol; there are {', '.join(sorted(PROTOCOLS))}")
    return protocol


def _endpoint(said: object) -> object:
    return parse_endpoint(said) if isinstance(said, str) else said


def _broker(said: object) -> object:
    return parse_broker(said) if isinstance(said, str) else said


Topic = Annotated[str, Field(pattern=r"^[^$\x00][^\x00]{0,255}$")]
TOPICS: Final = (
    "application/+/device/+/event/up",
    "application/+/device/+/event/status",
    "v3/+/devices/+/up",
    "owntracks/#",
)
"""ChirpStack v4, The Things Stack v3, OwnTracks."""


class Receiver(Section):
    """One listener, or one subscription at a broker. committee_id: owner of its unknown devices, if not the house's.

    listen: for protocols that call us. broker, topics, client_id, user, password, ca_file: for mqtt, where we call:
    mqtt://host:port, or mqtts:// with TLS, checked by ca_file or else by the system's certificates. client_id: the
    broker keeps messages under it while we are away: one of its own for each process; without one it is made of the
    house's id and the receiver's name.
    """

    protocol: Annotated[str, AfterValidator(_known)]
    listen: Annotated[Endpoint, BeforeValidator(_endpoint)] | None = None
    broker: Annotated[Broker, BeforeValidator(_broker)] | None = None
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=64)] = TOPICS
    client_id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_.-]{1,64}$")] | None = None
    user: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    committee_id: UUID | None = None
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _transport_fits(self) -> Self:
        known = PROTOCOLS[self.protocol]
        if isinstance(known, BrokerProtocol):
            if self.broker is None or self.listen is not None:
                raise ValueError(f"{self.protocol} is subscribed to: give broker, and no listen")
            if self.password is not None and self.password_file is not None:
                raise ValueError("takes password_file or (from the environment) password, not both")
            return self
        if self.listen is None:
            raise ValueError("listen is missing, as in tcp:port=5093")
        if self.model_fields_set & {"broker", "topics", "client_id", "user", "password", "password_file", "ca_file"}:
            raise ValueError(f"{self.protocol} is listened to: broker, topics, user and the like are for mqtt")
        if self.listen.transport == "udp" and isinstance(known, HttpProtocol):
            raise ValueError(f"{self.protocol} is spoken over HTTP: listen on tcp or ssl")
        return self


class Answers(Section):
    """What signs the answers that a notice's own buttons send ("I'm going"); all processes need the same one.

    Without either the embedded database's folder keeps one; with a database elsewhere such buttons are left out.
    """

    secret: SecretStr | None = None
    secret_file: Path | None = None


class Secrets(Section):
    """The key that seals what the database must keep secret: 32 bytes as 64 hex digits, the same in all processes.

    Without it the embedded database's folder keeps one; with a database elsewhere it is required.
    sealing_key_previous_file: the key before this one, for as long as anything is sealed with it: whatever is, a
    process seals anew when it starts.
    """

    sealing_key: SecretStr | None = None
    sealing_key_file: Path | None = None
    sealing_key_previous_file: Path | None = None


class Synthetic(Section):
    """The panic that we press ourselves, all the way to a notice, to know that the road is whole."""

    enabled: bool = True
    interval_s: Seconds = 60.0


class MetricsEndpoint(Section):
    """Metrics and health of a role without web; port 0 takes any free one."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 9464


class Log(Section):
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
    forwarders: dict[Name, Forwarder] = {}
    answers: Answers = Answers()
    secrets: Secrets = Secrets()
    map: Map = Map()
    synthetic: Synthetic = Synthetic()
    metrics: MetricsEndpoint = MetricsEndpoint()
    log: Log = Log()
