"""Read the settings: one TOML file, then LARM_SECTION__NAME from the environment, which wins.

A key that nobody knows is an error, said in words with its path. Secrets come from files or the environment; in
the TOML file itself they are refused. Relative paths count from the file's folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsError,
)

from larmcentral.config import DELIMITER, PREFIX, Config

SECRET_NAMES: Final = frozenset({"password", "receipt_secret", "token", "secret", "key", "sealing_key"})
"""Settings that hold a secret itself; each has a sibling that names a file."""


class ConfigError(Exception):
    """The settings cannot be used. complaints: one sentence each, with the setting's path."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


def load_config(path: Path | None) -> Config:
    """Read the file, then the environment. path None: the environment alone. Raises ConfigError."""
    if strangers := tuple(_strangers()):
        raise ConfigError(strangers)
    in_file = {} if path is None else _read(path)

    class FromFile(Config):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return EnvSettingsSource(settings_cls), InitSettingsSource(settings_cls, init_kwargs=in_file)

    try:
        return FromFile()  # type: ignore[call-arg]  # the sources give what is required
    except ValidationError as error:
        raise ConfigError(tuple(_sentence(each) for each in error.errors(include_input=False))) from None
    except SettingsError as error:
        raise ConfigError((str(error),)) from None


def _strangers() -> Iterator[str]:
    for variable in sorted(os.environ):
        section, more, _ = variable.removeprefix(PREFIX).partition(DELIMITER)
        if variable.startswith(PREFIX) and more and section.lower() not in Config.model_fields:
            yield f"{variable}: there is no section {section.lower()}"


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            said = tomllib.load(file)
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read: {error.strerror}",)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError((f"{path}: is not TOML: {error}",)) from None
    if secrets := tuple(_secrets_in(said)):
        raise ConfigError(secrets)
    return _anchored(said, path.resolve().parent)


def _secrets_in(said: Mapping[str, Any], above: str = "", *, in_list: bool = False) -> list[str]:
    """Name every secret that stands in the file itself, also inside lists of tables ([[forwarders.nord.paths]]).

    in_list: no variable of the environment reaches into a list, so only the file that holds the secret can be named.
    """
    found: list[str] = []
    for name, value in said.items():
        path = f"{above}{name}"
        if name in SECRET_NAMES:
            variable = "" if in_list else f" or {PREFIX}{path.replace('.', DELIMITER).upper()}"
            found.append(f"{path}: a secret does not belong into this file; use {name}_file{variable}")
        elif path == "database.dsns" and isinstance(value, list) and any(_has_password(str(dsn)) for dsn in value):
            found.append(f"{path}: a DSN with a password does not belong into this file; use dsns_file")
        elif isinstance(value, dict):
            found += _secrets_in(value, f"{path}.", in_list=in_list)
        elif isinstance(value, list):
            tables = ((number, one) for number, one in enumerate(value) if isinstance(one, dict))
            found += [
                secret for number, one in tables for secret in _secrets_in(one, f"{path}.{number}.", in_list=True)
            ]
    return found


def _has_password(dsn: str) -> bool:
    try:
        return "password=" in dsn or urlsplit(dsn).password is not None
    except ValueError:
        return False


def _anchored(said: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {name: _anchored_value(name, value, folder) for name, value in said.items()}


def _anchored_value(name: str, value: Any, folder: Path) -> Any:
    match value:
        case dict():
            return _anchored(value, folder)
        case list():
            return [_anchored(one, folder) if isinstance(one, dict) else one for one in value]
        case str() if name.endswith(("_file", "_dir")):
            return os.path.normpath(folder / value)
        case _:
            return value


def _sentence(error: Any) -> str:
    path = ".".join(str(part) for part in error["loc"]) or "settings"
    match error["type"]:
        case "missing":
            return f"{path}: is missing"
        case "extra_forbidden" | "unexpected_keyword_argument":
            return f"{path}: is no setting of ours; see ops/larmcentral.example.toml"
        case "string_pattern_mismatch" if path.startswith("receivers.") and path.endswith("[key]"):
            return f"{path}: a receiver's name has small letters, digits and _, up to 32"
        case _:
            return f"{path}: {error['msg'].removeprefix('Value error, ')}"
