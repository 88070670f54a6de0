"""How the ways out are set up, as the screens may show it: endpoints, senders, limits; never a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from escalation.chain import Channel
from larmcentral.api.settings import ChannelSetting
from larmcentral.config import Config
from larmcentral.config_channels import Channels
from larmcentral.config_section import Section

_PROVIDERS: Final = (
    # section of the settings, provider as figures and the board call it, channel
    ("apns", "apns", Channel.APNS),
    ("fcm", "fcm", Channel.FCM),
    ("web_push", "web_push", Channel.WEB_PUSH),
    ("sms", "46elks", Channel.SMS),
    ("smpp", "smpp", Channel.SMS),
    ("voice_46elks", "46elks_voice", Channel.VOICE),
    ("voice_twilio", "twilio", Channel.VOICE),
    ("mail", "mail", Channel.MAIL),
    ("teams", "teams", Channel.TEAMS),
    ("webhooks", "webhooks", Channel.WEBHOOK),
    ("pager", "pager", Channel.PAGER),
)

_SHOWN: Final = frozenset(
    {
        *("host", "port", "endpoint", "topic", "key_id", "team_id", "subject", "sender", "number", "username"),
        *("system_id", "tls", "answer_url", "time_to_live_s", "per_second", "character_set", "text_limit"),
    }
)
"""Named one by one, so that a secret of tomorrow is not shown for having been forgotten."""


def channel_settings(config: Config) -> tuple[ChannelSetting, ...]:
    """Return the ways out that the settings name, within a channel in the order in which they are asked."""
    channels = config.channels
    order: dict[str, int] = {name: place for place, name in enumerate((*channels.sms_order, *channels.voice_order))}
    known = [
        (order.get(section, len(order)), ChannelSetting(provider, channel, tuple(_facts(channels, section))))
        for section, provider, channel in _PROVIDERS
        if getattr(channels, section) is not None
    ]
    places = {channel: place for place, channel in enumerate(Channel)}
    known.sort(key=lambda one: (places[one[1].channel], one[0]))
    return tuple(setting for _, setting in known)


def _facts(channels: Channels, section: str) -> Iterator[tuple[str, str]]:
    said: Section = getattr(channels, section)
    for name in type(said).model_fields:
        value = getattr(said, name)
        if name in _SHOWN and value is not None:
            yield name, str(value)
        elif name == "hooks":
            yield name, ", ".join(sorted(value))
