"""Every way out over HTTP/1.1, each before a server that a test may spoil."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from devices.peers.fcm_server import FcmServer
from devices.peers.web_push_server import WebPushServer
from escalation.chain import Channel
from larmcentral.channels.fcm import FcmChannel, FcmSettings
from larmcentral.channels.hooks import HookTarget
from larmcentral.channels.sms_46elks import SmsChannel, SmsSettings
from larmcentral.channels.teams import TeamsChannel, TeamsSettings
from larmcentral.channels.voice_46elks import Voice46elksChannel, Voice46elksSettings
from larmcentral.channels.voice_twilio import VoiceTwilioChannel, VoiceTwilioSettings
from larmcentral.channels.web_push import WebPushChannel, WebPushSettings
from larmcentral.channels.webhooks import WebhookChannel, WebhookSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import Delivery, Probe, ServiceMessage
from larmcentral.flows.call_scripts import CallScripts
from tests.larmcentral.channels.support import NUMBER, WORDING, about_ourselves, in_house, outward

NAMES: Final = ("fcm", "web_push", "46elks", "46elks_voice", "twilio", "teams", "webhooks")
SCRIPTS: Final = CallScripts(b"sixteen bytes or more of secret", SystemClock())
ANSWER_URL: Final = "https://larm.example/api"
HOOK_SECRET: Final = "sixteen characters or more"


class Port(Protocol):
    """What a test needs of a channel beside send()."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def post(self, message: ServiceMessage) -> Delivery: ...
    async def probe(self) -> Probe: ...


@dataclass(frozen=True, slots=True)
class Case:
    """A channel that talks to one base URL. good: what a well server answers. account: what it says to a probe."""

    channel: Port
    send: Callable[[str], Awaitable[Delivery]]
    post: Callable[[], Awaitable[Delivery]]
    good: bytes


@dataclass(frozen=True, slots=True)
class Peers:
    """Who stands behind some of them: Google's token server, and a browser."""

    fcm: FcmServer
    push: WebPushServer
    ca_file: str


def make_case(name: str, peers: Peers, base: str, deadline: timedelta, *, trusted: bool = True) -> Case:
    """Return the way out of this name before base ("https://localhost:4711"). trusted: whether it knows our CA."""
    ca_file = peers.ca_file if trusted else None
    clock = SystemClock()
    match name:
        case "fcm":
            account = json.loads(peers.fcm.service_account())
            settings = FcmSettings(
                service_account_json=json.dumps(account),
                endpoint=f"{base}/v1/projects",
                ca_file=ca_file,
                deadline=deadline,
            )
            fcm = FcmChannel(settings, clock, WORDING)
            return Case(
                fcm,
                lambda notice: fcm.send(in_house(notice, address="phone", channel=Channel.FCM)),
                lambda: fcm.post(about_ourselves(Channel.FCM, "phone")),
                answer(200, {"name": "projects/p/messages/1"}),
            )
        case "web_push":
            subscription = json.loads(peers.push.subscribe("browser"))
            subscription["endpoint"] = f"{base}/push/browser"
            address = json.dumps(subscription)
            push = WebPushChannel(
                WebPushSettings(
                    key_pem=peers.push.vapid_pem,
                    subject="mailto:larm@example.se",
                    allow_hosts=("localhost", "127.0.0.1", "no-such-host.invalid"),
                    ca_file=ca_file,
                    deadline=deadline,
                ),
                clock,
                WORDING,
            )
            return Case(
                push,
                lambda notice: push.send(in_house(notice, address=address, channel=Channel.WEB_PUSH)),
                lambda: push.post(about_ourselves(Channel.WEB_PUSH, address)),
                answer(201, None),
            )
        case "46elks":
            sms = SmsChannel(
                SmsSettings(
                    username="u1",
                    password="a secret password",
                    sender="Larmet",
                    endpoint=f"{base}/a1/sms",
                    ca_file=ca_file,
                    deadline=deadline,
                ),
                clock,
                WORDING,
            )
            return Case(
                sms,
                lambda notice: sms.send(outward(notice)),
                lambda: sms.post(about_ourselves(Channel.SMS, NUMBER)),
                answer(200, {"id": "s1", "status": "created"}),
            )
        case "46elks_voice":
            elks = Voice46elksChannel(
                Voice46elksSettings(
                    username="u1",
                    password="a secret password",
                    number="+46766860000",
                    answer_url=ANSWER_URL,
                    endpoint=f"{base}/a1/calls",
                    ca_file=ca_file,
                    deadline=deadline,
                ),
                clock,
                WORDING,
                SCRIPTS.seal,
            )
            return Case(
                elks,
                lambda notice: elks.send(outward(notice, channel=Channel.VOICE)),
                lambda: elks.post(about_ourselves(Channel.VOICE, NUMBER)),
                answer(200, {"id": "c1", "state": "ongoing"}),
            )
        case "twilio":
            twilio = VoiceTwilioChannel(
                VoiceTwilioSettings(
                    account_sid="AC1",
                    token="a secret password",
                    number="+46766860000",
                    answer_url=ANSWER_URL,
                    endpoint=f"{base}/2010-04-01",
                    ca_file=ca_file,
                    deadline=deadline,
                ),
                clock,
                WORDING,
                SCRIPTS.seal,
            )
            return Case(
                twilio,
                lambda notice: twilio.send(outward(notice, channel=Channel.VOICE)),
                lambda: twilio.post(about_ourselves(Channel.VOICE, NUMBER)),
                answer(201, {"sid": "CA1", "status": "queued"}),
            )
        case "teams":
            target = HookTarget(url=f"{base}/teams/a-secret-password", allow_private=True, ca_file=ca_file)
            teams = TeamsChannel(TeamsSettings(hooks={"ledning": target}, deadline=deadline), clock, WORDING)
            return Case(
                teams,
                lambda notice: teams.send(outward(notice, address="ledning", channel=Channel.TEAMS)),
                lambda: teams.post(about_ourselves(Channel.TEAMS, "ledning")),
                answer(202, None),
            )
        case "webhooks":
            hook = HookTarget(
                url=f"{base}/hook/a-secret-password", secret=HOOK_SECRET, allow_private=True, ca_file=ca_file
            )
            hooks = WebhookChannel(WebhookSettings(hooks={"vakt": hook}, deadline=deadline), clock, WORDING)
            return Case(
                hooks,
                lambda notice: hooks.send(outward(notice, address="vakt", channel=Channel.WEBHOOK)),
                lambda: hooks.post(about_ourselves(Channel.WEBHOOK, "vakt")),
                answer(204, None),
            )
        case other:
            raise ValueError(other)


def answer(status: int, body: Any, *headers: str) -> bytes:
    """Return a whole HTTP answer. body: JSON, or None for none."""
    raw = b"" if body is None else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Said", "Content-Type: application/json", *headers]
    if status != 204:
        lines.append(f"Content-Length: {len(raw)}")
    return "\r\n".join([*lines, "", ""]).encode() + raw


def answers_in_turn(answers: Sequence[bytes]) -> Callable[[bytes], bytes | None]:
    """Return what a BadServer answers with: the first to the first request on a connection, the last to all further."""

    def say(heard: bytes) -> bytes | None:
        whole = requests_in(heard)
        return None if whole is None else answers[min(whole, len(answers)) - 1]

    return say


def requests_in(heard: bytes) -> int | None:
    """Return how many whole requests this is, None while the last one is still coming."""
    count = 0
    while heard:
        head, divided, rest = heard.partition(b"\r\n\r\n")
        if not divided:
            return None
        lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        length = lengths[0] if lengths else 0
        if len(rest) < length:
            return None
        heard, count = rest[length:], count + 1
    return count or None


def ca_of(folder: Path) -> str:
    """Where Credentials.write() puts the CA."""
    return str(folder / "ca.pem")
