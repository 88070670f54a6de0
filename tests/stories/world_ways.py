"""The ways out of a story's town: one provider a channel, a centre, and whoever stands in for a provider."""

from __future__ import annotations

from collections.abc import Mapping

from escalation.chain import Channel
from larmcentral.domain.notice import Forward, OutgoingNotice
from larmcentral.flows.ways_out import WayOut
from tests.fakes.channel import FakeChannel
from tests.world import ANNA, BO, CECILIA, DAVID, GUARD

NAMES = {ANNA: "anna", BO: "bo", CECILIA: "cecilia", DAVID: "david", GUARD: "guard", None: "desk"}
CENTRE = "nord"
"""The one contracted alarm receiving centre."""
PROVIDERS = {
    Channel.SMS: "46elks",
    Channel.VOICE: "46elks_voice",
    Channel.WEBHOOK: "webhooks",
    Channel.RECEIVER: f"receiver:{CENTRE}",
}
"""Names of providers where they are not their channel's."""
AT_ONCE = 16


def ways_of(
    channels: Mapping[Channel, FakeChannel],
    stand_ins: Mapping[str, FakeChannel],
    channel_of: Mapping[str, Channel],
    per_second: Mapping[str, float],
) -> list[WayOut]:
    """Every channel's own provider, and then those that stand in. channel_of: theirs. per_second: by provider."""
    named = [(PROVIDERS.get(channel, channel.value), channel, port) for channel, port in channels.items()]
    named += [(name, channel_of[name], port) for name, port in stand_ins.items()]
    return [
        WayOut(
            provider=provider,
            channel=channel,
            port=port,
            at_once=AT_ONCE,
            per_second=per_second.get(provider),
            receiver=CENTRE if channel is Channel.RECEIVER else None,
        )
        for provider, channel, port in named
    ]


def name_of(notice: OutgoingNotice) -> str:
    """Whom a notice is for, as stories call him."""
    return notice.receiver if isinstance(notice, Forward) else NAMES.get(notice.person_id, "somebody")
