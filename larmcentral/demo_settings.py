"""The settings of the demo: a file as an administrator would write it, with every way out at a local stand-in."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from larmcentral import seed as play
from larmcentral.config import Config
from larmcentral.config_file import load_config
from larmcentral.seed_wearables import UNITS, WEARABLES

SETTINGS: Final = "larmcentral.toml"


def write_settings(data_dir: Path, ports: Mapping[str, int], peers: Mapping[str, Any]) -> Config:
    """Write the settings and the files of their secrets, and read them. peers: what devices.peers printed."""
    folder = _Folder(data_dir)
    api = f"http://127.0.0.1:{ports['web']}/api"
    lines = [
        "[organisation]",
        f'id = "{play.ORGANISATION}"',
        f'name = "{play.NAME}"',
        f'committee_id = "{play.CARE}"',
        f'call_back = "{play.CALL_BACK}"',
        "[database]",
        f'data_dir = "{data_dir / "database"}"',
        "[http]",
        f"port = {ports['web']}",
        f'origin = "http://127.0.0.1:{ports["web"]}"',
        "secure_cookies = false",
        *_receiver("watch", "watch", f"tcp:port={ports['watch']}:interface=127.0.0.1"),
        *_receiver("phones", "osmand", f"tcp:port={ports['osmand']}:interface=127.0.0.1"),
        *_receiver("owntracks", "owntracks", f"tcp:port={ports['owntracks']}:interface=127.0.0.1"),
        *_receiver("panels", "dc09", f"tcp:port={ports['dc09']}:interface=127.0.0.1"),
        *_receiver("panels_udp", "dc09", f"udp:port={ports['dc09']}:interface=127.0.0.1"),
        *(line for one in (*WEARABLES, *UNITS) for line in _wearable(one.protocol, ports)),
        *_receiver("scaip_udp", "scaip", f"udp:port={ports['scaip']}:interface=127.0.0.1"),
        *_push(folder, peers),
        *_texts(folder, peers, api),
        *_voice(folder, peers, api),
        *_written(folder, peers),
        *_sos_access(folder, peers),
        *_dc09(folder, peers),
    ]
    path = data_dir / SETTINGS
    path.write_text("\n".join(lines) + "\n")
    return load_config(path)


class _Folder:
    """Where the secrets of the settings lie, one a file."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def secret(self, name: str, text: str) -> Path:
        """Write a secret that nobody else may read; return its file."""
        path = self._data_dir / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return path


def _receiver(name: str, protocol: str, listen: str) -> list[str]:
    return [f"[receivers.{name}]", f'protocol = "{protocol}"', f'listen = "{listen}"']


def _wearable(protocol: str, ports: Mapping[str, int]) -> list[str]:
    return _receiver(protocol, protocol, f"tcp:port={ports[protocol]}:interface=127.0.0.1")


def _push(folder: _Folder, peers: Mapping[str, Any]) -> list[str]:
    apns, fcm, web = peers["apns"], peers["fcm"], peers["web_push"]
    return [
        "[channels.apns]",
        *(f'{name} = "{apns[name]}"' for name in ("key_file", "key_id", "team_id", "topic", "host")),
        f"port = {apns['port']}",
        _ca(peers),
        "[channels.fcm]",
        f'service_account_file = "{fcm["service_account_file"]}"',
        f'endpoint = "{fcm["endpoint"]}"',
        _ca(peers),
        "[channels.web_push]",
        f'key_file = "{folder.secret("vapid.pem", web["vapid_pem"])}"',
        'subject = "mailto:larm@alvmarden.example"',
        f'allow_hosts = ["{web["host"]}"]',
        _ca(peers),
    ]


def _texts(folder: _Folder, peers: Mapping[str, Any], api: str) -> list[str]:
    sms, smsc = peers["sms"], peers["smsc"]
    receipts = secrets.token_hex(16)
    return [
        "[channels.sms]",
        f'username = "{sms["username"]}"',
        f'password_file = "{folder.secret("sms-password", sms["password"])}"',
        'sender = "Larm"',
        f'delivered_url = "{api}/receipts/46elks/{receipts}"',
        f'receipt_secret_file = "{folder.secret("sms-receipts", receipts)}"',
        f'endpoint = "{sms["endpoint"]}"',
        _ca(peers),
        "[channels.smpp]",
        f'host = "{smsc["host"]}"',
        f"port = {smsc['port']}",
        f'system_id = "{smsc["system_id"]}"',
        f'password_file = "{folder.secret("smpp-password", smsc["password"])}"',
        'sender = "Larm"',
        _ca(peers),
    ]


def _voice(folder: _Folder, peers: Mapping[str, Any], api: str) -> list[str]:
    elks, twilio = peers["voice"]["elks"], peers["voice"]["twilio"]
    return [
        "[channels]",
        'voice_order = ["voice_twilio", "voice_46elks"]',
        "[channels.voice_twilio]",
        f'account_sid = "{twilio["account_sid"]}"',
        f'token_file = "{folder.secret("twilio-token", twilio["token"])}"',
        f'number = "{play.VOICE_NUMBER}"',
        f'answer_url = "{api}"',
        f'endpoint = "{twilio["endpoint"]}"',
        _ca(peers),
        "[channels.voice_46elks]",
        f'username = "{elks["username"]}"',
        f'password_file = "{folder.secret("46elks-voice-password", elks["password"])}"',
        f'number = "{play.VOICE_NUMBER}"',
        f'answer_url = "{api}"',
        f'endpoint = "{elks["endpoint"]}"',
        _ca(peers),
    ]


def _written(folder: _Folder, peers: Mapping[str, Any]) -> list[str]:
    mail, hooks, pager = peers["mail"], peers["hooks"], peers["pager"]
    return [
        "[channels.mail]",
        f'host = "{mail["host"]}"',
        f"port = {mail['port']}",
        f'tls = "{mail["tls"]}"',
        f'username = "{mail["username"]}"',
        f'password_file = "{folder.secret("mail-password", mail["password"])}"',
        'sender = "larm@alvmarden.example"',
        _ca(peers),
        "[channels.teams.hooks.nord]",
        f'url_file = "{folder.secret("teams-nord", hooks["teams_url"])}"',
        "allow_private = true",
        _ca(peers),
        "[channels.webhooks.hooks.drift]",
        f'url = "{hooks["webhook_url"]}"',
        f'secret_file = "{folder.secret("webhook-drift", hooks["secret"])}"',
        "allow_private = true",
        _ca(peers),
        "[channels.pager]",
        f'host = "{pager["host"]}"',
        f"port = {pager['port']}",
    ]


def _sos_access(folder: _Folder, peers: Mapping[str, Any]) -> list[str]:
    lines = [f"[forwarders.{play.CENTRE}]", 'label = "Larmbolaget"', 'telephone = "0980-319 201"']
    for name in ("primary", "secondary"):
        centre = peers[f"sos_{name}"]
        lines += [
            f"[[forwarders.{play.CENTRE}.paths]]",
            'protocol = "sos_access"',
            f'name = "{name}"',
            f'host = "{centre["host"]}"',
            f"port = {centre['port']}",
            _ca(peers),
            f'receiver = "{centre["receiver"]}"',
            f'transmitter_code = "{centre["transmitter_code"]}"',
            f'transmitter_type = "{centre["transmitter_type"]}"',
            f'password_file = "{folder.secret("sos-access-password", centre["password"])}"',
            f"level = {centre['level']}",
            'position = "dd.dddd"',
        ]
    return lines


def _dc09(folder: _Folder, peers: Mapping[str, Any]) -> list[str]:
    lines = [f"[forwarders.{play.GUARD_CENTRE}]", 'label = "Vaktbolaget"', 'telephone = "0980-319 202"']
    for name, transport in (("primary", "tcp"), ("secondary", "udp")):
        centre = peers[f"arc_{name}"]
        ((account, key),) = centre["accounts"].items()
        lines += [
            f"[[forwarders.{play.GUARD_CENTRE}.paths]]",
            'protocol = "dc09"',
            f'name = "{name}"',
            f'host = "{centre["host"]}"',
            f"port = {centre['port' if transport == 'tcp' else 'udp_port']}",
            f'transport = "{transport}"',
            f'account = "{account}"',
            f'key_file = "{folder.secret("dc09-centre-key", key)}"',
            "supervision_s = 180",
        ]
    return lines


def _ca(peers: Mapping[str, Any]) -> str:
    return f'ca_file = "{peers["ca_file"]}"'
