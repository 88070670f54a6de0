"""All local stand-ins together: what they need of each other, and what a client must know of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Protocol

from devices.peers.apns_server import ApnsServer
from devices.peers.arc_dc09_server import ArcDc09Server
from devices.peers.credentials import Credentials, make_credentials, write_secret
from devices.peers.fcm_server import FcmServer
from devices.peers.hook_server import HookServer
from devices.peers.mail_server import MailServer
from devices.peers.pager_server import PagerServer
from devices.peers.sms_server import SmsServer
from devices.peers.smsc_server import SmscServer
from devices.peers.sos_access_server import SosAccessServer
from devices.peers.voice_server import VoiceServer
from devices.peers.web_push_server import WebPushServer

ACCOUNT: Final = "0A17"
CENTRE_KEY: Final = bytes(range(16))
"""Ours at the centre that speaks DC-09. It guards nothing: both ends are play."""


class Peer(Protocol):
    """One stand-in."""

    async def start(self) -> None:
        """Listen."""
        ...

    async def stop(self) -> None:
        """Stop listening."""
        ...


class Town:
    """Starts and stops all of them. ports: of those with a wished one, by name ("apns", "apns_side")."""

    def __init__(
        self,
        folder: Path,
        *,
        ports: Mapping[str, int] | None = None,
        plain_http: bool = False,
        quiet: bool = False,
        report: Literal["delivered", "failed"] | None = None,
    ) -> None:
        wished = ports or {}
        self._folder = folder
        self._credentials: Credentials = make_credentials()
        self._files = self._credentials.write(folder)
        tls = self._credentials.server_tls(folder)
        web = None if plain_http else tls
        self.apns = ApnsServer(
            self._credentials, tls, port=wished.get("apns", 0), side_port=wished.get("apns_side", 0), quiet=quiet
        )
        self.fcm = FcmServer(
            self._credentials, web, port=wished.get("fcm", 0), side_port=wished.get("fcm_side", 0), quiet=quiet
        )
        self.sms = SmsServer(
            self._credentials,
            web,
            port=wished.get("sms", 0),
            side_port=wished.get("sms_side", 0),
            quiet=quiet,
            report=report,
        )
        self.smsc = SmscServer(tls, quiet=quiet)
        self.web_push = WebPushServer(tls, quiet=quiet)
        self.voice = VoiceServer(web, quiet=quiet, keys="")
        self.mail = MailServer(tls, quiet=quiet)
        self.hooks = HookServer(tls, quiet=quiet)
        self.pager = PagerServer(quiet=quiet)
        self.sos_primary = SosAccessServer(tls, quiet=quiet)
        self.sos_secondary = SosAccessServer(tls, centre=self.sos_primary.centre, quiet=quiet)
        self.arc_primary = ArcDc09Server({ACCOUNT: CENTRE_KEY}, quiet=quiet)
        self.arc_secondary = ArcDc09Server({ACCOUNT: CENTRE_KEY}, quiet=quiet)
        self._peers: tuple[Peer, ...] = (
            *(self.apns, self.fcm, self.sms, self.smsc, self.web_push, self.voice, self.mail, self.hooks, self.pager),
            *(self.sos_primary, self.sos_secondary, self.arc_primary, self.arc_secondary),
        )

    async def start(self) -> None:
        """Listen, all of them."""
        for peer in self._peers:
            await peer.start()

    async def stop(self) -> None:
        """Stop, all of them."""
        for peer in self._peers:
            await peer.stop()

    def describe(self) -> dict[str, object]:
        """Return what a client must know: one entry a stand-in, and the CA that signed their certificates."""
        account = write_secret(self._folder / "service-account.json", self.fcm.service_account())
        return {
            "ca_file": self._files["ca"],
            "apns": {
                "host": "localhost",
                "port": self.apns.port,
                "key_file": self._files["apns_key"],
                "key_id": self._credentials.apns_key_id,
                "team_id": self._credentials.apns_team_id,
                "topic": self._credentials.apns_topic,
                "side": f"http://127.0.0.1:{self.apns.side.port}",
            },
            "fcm": {
                "endpoint": self.fcm.endpoint,
                "service_account_file": account,
                "side": f"http://127.0.0.1:{self.fcm.side.port}",
            },
            "sms": {
                "endpoint": self.sms.endpoint,
                "username": self._credentials.sms_username,
                "password": self._credentials.sms_password,
                "side": f"http://127.0.0.1:{self.sms.side.port}",
            },
            "smsc": self.smsc.describe(),
            "web_push": self.web_push.describe(),
            "voice": self.voice.describe(),
            "mail": self.mail.describe(),
            "hooks": self.hooks.describe(),
            "pager": self.pager.describe(),
            "sos_primary": self.sos_primary.describe(),
            "sos_secondary": self.sos_secondary.describe(),
            "arc_primary": self.arc_primary.describe(),
            "arc_secondary": self.arc_secondary.describe(),
        }
