"""What is wrong with the settings beyond their grammar: files, ports, things that do not go together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from larmcentral.assembly_secrets import SealingUnusable, sealing_of
from larmcentral.channels.receiver_dc09 import key_of
from larmcentral.config import Config
from larmcentral.config_file import ConfigError, load_config
from larmcentral.config_forwarders import Dc09Path, NumberPath, SosAccessPath
from larmcentral.endpoint import Endpoint
from larmcentral.flows.answers import SECRET_BYTES

SOS_PASSWORD_SIGNS: Final = 15


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
        *_sealing(config),
        *_forwarders(config),
        *_ports(config),
        *_subscriptions(config),
        *_web(config),
        *_folder(config),
    )


def _zone(config: Config) -> Iterator[str]:
    try:
        ZoneInfo(config.organisation.zone)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        yield f"organisation.zone: {config.organisation.zone} is no time zone that this machine knows"


def _files(config: Config) -> Iterator[str]:
    """Every file that the settings name must be there, with something in it, and ours to read."""
    named = [*_named_files(config)]
    for name, receiver in config.receivers.items():
        if receiver.listen is not None:
            named += [(f"receivers.{name}.listen", Path(file)) for file in receiver.listen.files]
    for setting, path in named:
        if (why := _unreadable(path)) is not None:
            yield f"{setting}: {path} {why}"


def _named_files(section: BaseModel, above: str = "") -> Iterator[tuple[str, Path]]:
    """Every setting that ends in _file, with its path: in sections, in tables by name, in lists by number."""
    for name in type(section).model_fields:
        yield from _files_of(f"{above}{name}", getattr(section, name))


def _files_of(setting: str, value: object) -> Iterator[tuple[str, Path]]:
    match value:
        case BaseModel():
            yield from _named_files(value, f"{setting}.")
        case dict():
            for name, one in value.items():
                yield from _files_of(f"{setting}.{name}", one)
        case tuple() | list():
            for number, one in enumerate(value):
                yield from _files_of(f"{setting}.{number}", one)
        case Path() if setting.endswith("_file"):
            yield setting, value


def _answers(config: Config) -> Iterator[str]:
    said, path = config.answers.secret, config.answers.secret_file
    if said is not None and path is not None:
        yield "answers: takes secret_file or secret, not both"
    if said is not None and len(said.get_secret_value().encode()) < SECRET_BYTES:
        yield f"answers.secret: has fewer than {SECRET_BYTES} bytes"
    if path is not None and _unreadable(path) is None and len(path.read_bytes().strip()) < SECRET_BYTES:
        yield f"answers.secret_file: {path} holds fewer than {SECRET_BYTES} bytes"


def _forwarders(config: Config) -> Iterator[str]:
    channels = config.channels
    for name, forwarder in config.forwarders.items():
        for number, path in enumerate(forwarder.paths):
            setting = f"forwarders.{name}.paths.{number}"
            match path:
                case Dc09Path(key_file=Path() as file) if _unreadable(file) is None:
                    if (why := _no_key(file.read_text("utf-8", "replace").strip(), path.key_form)) is not None:
                        yield f"{setting}.key_file: {file} {why}"
                case SosAccessPath(password_file=Path() as file) if _unreadable(file) is None:
                    if len(file.read_text("utf-8", "replace").strip()) != SOS_PASSWORD_SIGNS:
                        yield f"{setting}.password_file: {file} does not hold exactly {SOS_PASSWORD_SIGNS} signs"
                case NumberPath(protocol="sms") if channels.sms is None and channels.smpp is None:
                    yield f"{setting}: there is no channels.sms and no channels.smpp that it could go by"
                case NumberPath(protocol="voice") if channels.voice_46elks is None and channels.voice_twilio is None:
                    yield f"{setting}: there is no channels.voice_46elks and no channels.voice_twilio for it"


def _no_key(text: str, form: Literal["hex", "ascii"]) -> str | None:
    try:
        key_of(text, form)
    except ValueError:
        return f"holds no key of 16, 24 or 32 bytes written in {form}"
    return None


def _sealing(config: Config) -> Iterator[str]:
    secrets = config.secrets
    if secrets.sealing_key is not None and secrets.sealing_key_file is not None:
        yield "secrets: takes sealing_key_file or sealing_key, not both"
    missing = secrets.sealing_key is None and secrets.sealing_key_file is None
    if missing and config.database.data_dir is not None:
        return  # it is made when the server starts
    try:
        sealing_of(config)
    except SealingUnusable as unusable:
        yield str(unusable)
    except (OSError, UnicodeDecodeError):
        return  # said of the file itself, or it is no text


def _unreadable(path: Path) -> str | None:
    if not path.is_file():
        return "is not there" if not path.exists() else "is no file"
    if not os.access(path, os.R_OK):
        return "cannot be read by this user"
    return "is empty" if path.stat().st_size == 0 else None


def _ports(config: Config) -> Iterator[str]:
    taken = [
        (f"receivers.{name}.listen", receiver.listen)
        for name, receiver in config.receivers.items()
        if receiver.listen is not None
    ]
    taken.append(("http.port", Endpoint("tcp", config.http.port, config.http.host)))
    if config.metrics.enabled:
        taken.append(("metrics.port", Endpoint("tcp", config.metrics.port, config.metrics.host)))
    for (one, at), (other, also_at) in combinations(taken, 2):
        if at.collides(also_at):
            yield f"{one} and {other}: both ask for {at.family.upper()} port {at.port}"
    if not config.receivers:
        yield "receivers: there is none, so no device can reach this centre"


def _subscriptions(config: Config) -> Iterator[str]:
    """Two of our own under one name at one broker throw each other out without end."""
    names: dict[tuple[object, str], str] = {}
    for name, receiver in config.receivers.items():
        if receiver.broker is None:
            continue
        if (receiver.password or receiver.password_file) and receiver.user is None:
            yield f"receivers.{name}.user: is missing beside its password"
        if receiver.ca_file is not None and not receiver.broker.tls:
            yield f"receivers.{name}.ca_file: is for mqtts:// only"
        if receiver.user is not None and not receiver.broker.tls and not _is_here(receiver.broker.host):
            yield f"receivers.{name}.broker: the password would go over the network in the clear; use mqtts://"
        if receiver.client_id is not None:
            other = names.setdefault((receiver.broker, receiver.client_id), name)
            if other != name:
                yield f"receivers.{name}.client_id: receivers.{other} has the same at that broker"


def _is_here(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


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
