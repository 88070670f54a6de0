"""From settings and the files they name to the ways out. Secrets are read here and go nowhere else."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from escalation.chain import Channel
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.channels.console import ConsoleChannel, ConsoleSettings
from larmcentral.channels.fcm import FcmChannel, FcmSettings
from larmcentral.channels.push_kind import TokenOf
from larmcentral.channels.sms_46elks import SmsChannel, SmsSettings
from larmcentral.config import Config
from larmcentral.domain.notice import InHouse
from larmcentral.ports import Channel as ChannelPort
from larmcentral.ports import Clock

SECRET_BYTES: Final = 32


def channel_ports(
    config: Config, clock: Clock, publish: Callable[[InHouse], Awaitable[None]], token_of: TokenOf | None
) -> dict[Channel, ChannelPort[Any]]:
    """Build the ways out that the settings name; the console is always one. token_of: what a notice's answers carry."""
    ports: dict[Channel, ChannelPort[Any]] = {Channel.CONSOLE: ConsoleChannel(ConsoleSettings(), publish)}
    zone = config.organisation.zone
    if (apns := config.channels.apns) is not None:
        ports[Channel.APNS] = ApnsChannel(
            ApnsSettings(
                key_pem=apns.key_file.read_text("ascii"),
                key_id=apns.key_id,
                team_id=apns.team_id,
                topic=apns.topic,
                host=apns.host,
                port=apns.port,
                ca_file=_path(apns.ca_file),
                sound=apns.sound,
                silent_sound=apns.silent_sound,
                zone=zone,
                time_to_live=timedelta(seconds=apns.time_to_live_s),
            ),
            clock,
            token_of,
        )
    if (fcm := config.channels.fcm) is not None:
        ports[Channel.FCM] = FcmChannel(
            FcmSettings(
                service_account_json=fcm.service_account_file.read_text("utf-8"),
                endpoint=fcm.endpoint,
                ca_file=_path(fcm.ca_file),
                zone=zone,
                time_to_live=timedelta(seconds=fcm.time_to_live_s),
            ),
            clock,
            token_of,
        )
    if (sms := config.channels.sms) is not None:
        ports[Channel.SMS] = SmsChannel(
            SmsSettings(
                username=sms.username,
                password=secret(sms.password, sms.password_file) or "",
                sender=sms.sender,
                endpoint=sms.endpoint,
                delivered_url=sms.delivered_url,
                receipt_secret=secret(sms.receipt_secret, sms.receipt_secret_file) or "",
                ca_file=_path(sms.ca_file),
                zone=zone,
            ),
            clock,
        )
    return ports


def answers_secret(config: Config) -> bytes | None:
    """Return what signs answers; made once and kept beside an embedded database. None: answers are not offered."""
    said = secret(config.answers.secret, config.answers.secret_file)
    if said is not None:
        return said.encode()
    folder = config.database.data_dir
    if folder is None:
        return None
    path = folder.with_name(f"{folder.name}-answers.key")
    if not path.exists():
        _make_secret(path)
    return path.read_bytes().strip()


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(os.urandom(SECRET_BYTES).hex())
            file.flush()
            os.fsync(descriptor)  # a power cut must not leave an empty secret under the name that counts
        with suppress(FileExistsError):  # another process was first: its secret counts
            os.link(made, path)
    finally:
        os.unlink(made)


def secret(said: SecretStr | None, file: Path | None) -> str | None:
    """Return a secret from the environment or from its file, without the line's end; None if there is neither."""
    if said is not None:
        return said.get_secret_value()
    return None if file is None else file.read_text("utf-8").strip()


def secret_text(said: SecretStr) -> str:
    """Return the text of a secret setting."""
    return said.get_secret_value()


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)
