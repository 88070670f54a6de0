"""What is wrong with the settings beyond their grammar: files, ports, things that do not go together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from larmcentral.config import Config
from larmcentral.config_file import ConfigError, load_config
from larmcentral.endpoint import Endpoint
from larmcentral.flows.answers import SECRET_BYTES


def check_config(path: Path) -> tuple[str, ...]:
    """Read the file as the server would and return every complaint, in words with the setting's path."""
    try:
        return complaints(load_config(path))
    except ConfigError as error:
        return error.complaints


def complaints(config: Config) -> tuple[str, ...]:
    """Return what would keep the server from doing its work on this machine; empty if nothing."""
    return (
        *_zone(config),
        *_files(config),
        *_answers(config),
        *_ports(config),
        *_web(config),
        *_folder(config),
    )


def _zone(config: Config) -> Iterator[str]:
    try:
        ZoneInfo(config.organisation.zone)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        yield f"organisation.zone: {config.organisation.zone} is no time zone that this machine knows"


def _files(config: Config) -> Iterator[str]:
    apns, fcm, sms = config.channels.apns, config.channels.fcm, config.channels.sms
    named: list[tuple[str, Path | None]] = [("database.dsns_file", config.database.dsns_file)]
    if apns is not None:
        named += [("channels.apns.key_file", apns.key_file), ("channels.apns.ca_file", apns.ca_file)]
    if fcm is not None:
        named += [
            ("channels.fcm.service_account_file", fcm.service_account_file),
            ("channels.fcm.ca_file", fcm.ca_file),
        ]
    if sms is not None:
        named += [
            ("channels.sms.password_file", sms.password_file),
            ("channels.sms.receipt_secret_file", sms.receipt_secret_file),
            ("channels.sms.ca_file", sms.ca_file),
        ]
    named.append(("answers.secret_file", config.answers.secret_file))
    for name, receiver in config.receivers.items():
        named += [(f"receivers.{name}.listen", Path(file)) for file in receiver.listen.files]
    for setting, path in named:
        if path is not None and (why := _unreadable(path)) is not None:
            yield f"{setting}: {path} {why}"


def _answers(config: Config) -> Iterator[str]:
    said, path = config.answers.secret, config.answers.secret_file
    if said is not None and path is not None:
        yield "answers: takes secret_file or secret, not both"
    if said is not None and len(said.get_secret_value().encode()) < SECRET_BYTES:
        yield f"answers.secret: has fewer than {SECRET_BYTES} bytes"
    if path is not None and path.is_file() and len(path.read_bytes().strip()) < SECRET_BYTES:
        yield f"answers.secret_file: {path} holds fewer than {SECRET_BYTES} bytes"


def _unreadable(path: Path) -> str | None:
    if not path.is_file():
        return "is not there" if not path.exists() else "is no file"
    if not os.access(path, os.R_OK):
        return "cannot be read by this user"
    return "is empty" if path.stat().st_size == 0 else None


def _ports(config: Config) -> Iterator[str]:
    taken = [(f"receivers.{name}.listen", receiver.listen) for name, receiver in config.receivers.items()]
    taken.append(("http.port", Endpoint("tcp", config.http.port, config.http.host)))
    if config.metrics.enabled:
        taken.append(("metrics.port", Endpoint("tcp", config.metrics.port, config.metrics.host)))
    for (one, at), (other, also_at) in combinations(taken, 2):
        if at.collides(also_at):
            yield f"{one} and {other}: both ask for {at.family.upper()} port {at.port}"
    if not config.receivers:
        yield "receivers: there is none, so no device can reach this centre"


def _web(config: Config) -> Iterator[str]:
    origin, sms = config.http.origin, config.channels.sms
    if origin is not None and not origin.startswith(("http://", "https://")):
        yield "http.origin: begins with https:// (or http:// on this machine)"
    if config.http.secure_cookies and origin is not None and origin.startswith("http://"):
        yield "http.secure_cookies: no browser sends them to an http:// origin; nobody could log in"
    if sms is not None and sms.delivered_url is not None and not (sms.receipt_secret or sms.receipt_secret_file):
        yield "channels.sms.receipt_secret_file: is needed with delivered_url, or anyone could report deliveries"


def _folder(config: Config) -> Iterator[str]:
    folder = config.database.data_dir
    if folder is None:
        return
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not nearest.is_dir():
        yield f"database.data_dir: {nearest} is no folder"
    elif not os.access(nearest, os.W_OK | os.X_OK):
        yield f"database.data_dir: this user cannot write to {nearest}"
