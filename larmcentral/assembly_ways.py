"""From settings to the ways out to people, in the order of preference within a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from escalation.chain import Channel
from larmcentral.assembly_files import secret
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.channels.console import ConsoleChannel, ConsoleSettings
from larmcentral.channels.fcm import FcmChannel, FcmSettings
from larmcentral.channels.hooks import HookTarget
from larmcentral.channels.mail import MailChannel, MailSettings
from larmcentral.channels.pager import PagerChannel, PagerSettings
from larmcentral.channels.push_kind import TokenOf
from larmcentral.channels.sms_46elks import SmsChannel, SmsSettings
from larmcentral.channels.sms_smpp import OnReceipt, OnText, SmppChannel, SmppSettings
from larmcentral.channels.teams import TeamsChannel, TeamsSettings
from larmcentral.channels.voice import SealOf
from larmcentral.channels.voice_46elks import Voice46elksChannel, Voice46elksSettings
from larmcentral.channels.voice_twilio import VoiceTwilioChannel, VoiceTwilioSettings
from larmcentral.channels.web_push import WebPushChannel, WebPushSettings
from larmcentral.channels.webhooks import WebhookChannel, WebhookSettings
from larmcentral.channels.wording import Wording
from larmcentral.config import Config
from larmcentral.config_channels import Channels, Hook
from larmcentral.domain.notice import InHouse
from larmcentral.flows.ways_out import WayOut
from larmcentral.ports import Clock
from protocols.espa444_text import CharacterSet

AT_ONCE: Final[Mapping[str, int]] = {
    "console": 100,
    "apns": 100,  # streams of one HTTP/2 connection
    "fcm": 64,
    "web_push": 64,
    "46elks": 16,
    "smpp": 10,  # the window that an SMSC usually grants
    "46elks_voice": 16,
    "twilio": 16,
    "mail": 8,
    "teams": 16,
    "webhooks": 16,
    "pager": 1,  # one line
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the channels of one process share.

    publish: puts a notice before the desk. token_of: what a notice's answers carry, None where they are not offered.
    seal_call: hides what a call says in its own address; None where no secret is shared, and then nobody is called.
    on_receipt, on_text: where an SMSC's reports and people's answers go.
    """

    clock: Clock
    wording: Wording
    publish: Callable[[InHouse], Awaitable[None]]
    token_of: TokenOf | None
    seal_call: SealOf | None
    on_receipt: OnReceipt
    on_text: OnText


def ways_out(config: Config, shared: Shared) -> list[WayOut]:
    """Build the ways out to people that the settings name; the console is always one."""
    channels = config.channels
    ways = [_way("console", Channel.CONSOLE, ConsoleChannel(ConsoleSettings(), shared.publish))]
    ways += _push(channels, shared)
    ways += _ordered(dict(_texts(channels, shared)), channels.sms_order)
    if shared.seal_call is not None:
        ways += _ordered(dict(_voices(channels, shared, shared.seal_call)), channels.voice_order)
    ways += _written(channels, shared)
    return ways


def _push(channels: Channels, shared: Shared) -> Iterator[WayOut]:
    if (apns := channels.apns) is not None:
        of_apns = ApnsSettings(
            key_pem=apns.key_file.read_text("ascii"),
            key_id=apns.key_id,
            team_id=apns.team_id,
            topic=apns.topic,
            host=apns.host,
            port=apns.port,
            ca_file=_path(apns.ca_file),
            sound=apns.sound,
            silent_sound=apns.silent_sound,
            time_to_live=timedelta(seconds=apns.time_to_live_s),
        )
        channel = ApnsChannel(of_apns, shared.clock, shared.wording, shared.token_of)
        yield _way("apns", Channel.APNS, channel, apns.per_second)
    if (fcm := channels.fcm) is not None:
        of_fcm = FcmSettings(
            service_account_json=fcm.service_account_file.read_text("utf-8"),
            endpoint=fcm.endpoint,
            ca_file=_path(fcm.ca_file),
            time_to_live=timedelta(seconds=fcm.time_to_live_s),
        )
        yield _way(
            "fcm", Channel.FCM, FcmChannel(of_fcm, shared.clock, shared.wording, shared.token_of), fcm.per_second
        )
    if (web := channels.web_push) is not None:
        of_web = WebPushSettings(
            key_pem=web.key_file.read_text("ascii"),
            subject=web.subject,
            allow_hosts=web.allow_hosts,
            ca_file=_path(web.ca_file),
            time_to_live=timedelta(seconds=web.time_to_live_s),
        )
        browsers = WebPushChannel(of_web, shared.clock, shared.wording, shared.token_of)
        yield _way("web_push", Channel.WEB_PUSH, browsers, web.per_second)


def _texts(channels: Channels, shared: Shared) -> Iterator[tuple[str, WayOut]]:
    """Text messages, by the name of the section."""
    if (elks := channels.sms) is not None:
        of_elks = SmsSettings(
            username=elks.username,
            password=secret(elks.password, elks.password_file) or "",
            sender=elks.sender,
            endpoint=elks.endpoint,
            delivered_url=elks.delivered_url,
            receipt_secret=secret(elks.receipt_secret, elks.receipt_secret_file) or "",
            ca_file=_path(elks.ca_file),
        )
        yield "sms", _way("46elks", Channel.SMS, SmsChannel(of_elks, shared.clock, shared.wording), elks.per_second)
    if (smpp := channels.smpp) is not None:
        of_smpp = SmppSettings(
            host=smpp.host,
            port=smpp.port,
            tls=smpp.tls,
            ca_file=_path(smpp.ca_file),
            system_id=smpp.system_id,
            password=secret(smpp.password, smpp.password_file) or "",
            system_type=smpp.system_type,
            sender=smpp.sender,
        )
        line = SmppChannel(of_smpp, shared.clock, shared.wording, on_receipt=shared.on_receipt, on_text=shared.on_text)
        yield "smpp", _way("smpp", Channel.SMS, line, smpp.per_second)


def _voices(channels: Channels, shared: Shared, seal: SealOf) -> Iterator[tuple[str, WayOut]]:
    """Calls, by the name of the section."""
    if (elks := channels.voice_46elks) is not None:
        of_elks = Voice46elksSettings(
            username=elks.username,
            password=secret(elks.password, elks.password_file) or "",
            number=elks.number,
            answer_url=elks.answer_url,
            endpoint=elks.endpoint,
            ca_file=_path(elks.ca_file),
            has_voice=bool(elks.speech_command),
        )
        caller = Voice46elksChannel(of_elks, shared.clock, shared.wording, seal)
        yield "voice_46elks", _way("46elks_voice", Channel.VOICE, caller, elks.per_second)
    if (twilio := channels.voice_twilio) is not None:
        of_twilio = VoiceTwilioSettings(
            account_sid=twilio.account_sid,
            token=secret(twilio.token, twilio.token_file) or "",
            number=twilio.number,
            answer_url=twilio.answer_url,
            endpoint=twilio.endpoint,
            ca_file=_path(twilio.ca_file),
        )
        other = VoiceTwilioChannel(of_twilio, shared.clock, shared.wording, seal)
        yield "voice_twilio", _way("twilio", Channel.VOICE, other, twilio.per_second)


def _written(channels: Channels, shared: Shared) -> Iterator[WayOut]:
    """Mail, chat, other systems, handsets."""
    clock, wording = shared.clock, shared.wording
    if (mail := channels.mail) is not None:
        of_mail = MailSettings(
            host=mail.host,
            port=mail.port,
            tls=mail.tls,
            ca_file=_path(mail.ca_file),
            username=mail.username,
            password=secret(mail.password, mail.password_file) or "",
            sender=mail.sender,
        )
        yield _way("mail", Channel.MAIL, MailChannel(of_mail, clock, wording), mail.per_second)
    if (teams := channels.teams) is not None:
        cards = TeamsChannel(TeamsSettings(hooks=_targets(teams.hooks)), clock, wording)
        yield _way("teams", Channel.TEAMS, cards, teams.per_second)
    if (hooks := channels.webhooks) is not None:
        told = WebhookChannel(WebhookSettings(hooks=_targets(hooks.hooks)), clock, wording)
        yield _way("webhooks", Channel.WEBHOOK, told, hooks.per_second)
    if (pager := channels.pager) is not None:
        of_pager = PagerSettings(
            host=pager.host,
            port=pager.port,
            beep=pager.beep,
            priority=pager.priority,
            call_type=pager.call_type,
            text_limit=pager.text_limit,
            characters=CharacterSet(pager.character_set),
            even_parity=pager.parity == "even",
        )
        yield _way("pager", Channel.PAGER, PagerChannel(of_pager, clock, wording), pager.per_second)


def _targets(hooks: Mapping[str, Hook]) -> dict[str, HookTarget]:
    return {
        name: HookTarget(
            url=hook.url or secret(None, hook.url_file) or "",
            secret=secret(hook.secret, hook.secret_file) or "",
            allow_private=hook.allow_private,
            ca_file=_path(hook.ca_file),
        )
        for name, hook in hooks.items()
    }


def _ordered(ways: Mapping[str, WayOut], order: Sequence[str]) -> list[WayOut]:
    """Return ways in the order that the settings wish; what they do not name comes last: it is a way too."""
    return [ways[name] for name in dict.fromkeys((*order, *ways)) if name in ways]


def _way(provider: str, channel: Channel, port: Any, per_second: float | None = None) -> WayOut:
    return WayOut(provider=provider, channel=channel, port=port, at_once=AT_ONCE[provider], per_second=per_second)


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)
