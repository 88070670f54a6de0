"""From settings to ways out: all of them, in the order wished, and nobody is called where no secret is shared."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.peers.town import Town
from escalation.chain import Channel
from larmcentral.assembly_ways import AT_ONCE, Shared, ways_out
from larmcentral.channels.wording import Wording
from larmcentral.clock import SystemClock
from larmcentral.config import Config
from larmcentral.config_file import load_config
from larmcentral.demo import USUAL_PORTS
from larmcentral.demo_settings import write_settings
from larmcentral.domain.notice import Delivery, InHouse


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    """The demo's settings: every way out there is, at local stand-ins."""
    town = Town(tmp_path / "peers", quiet=True)
    await town.start()
    try:
        return write_settings(tmp_path, USUAL_PORTS, town.describe())
    finally:
        await town.stop()


async def nothing(notice: InHouse) -> None:
    raise AssertionError("no notice goes out here")


async def no_receipt(provider_id: str, delivery: Delivery) -> None:
    raise AssertionError("no receipt comes in here")


async def no_text(number: str, text: str) -> str | None:
    raise AssertionError("no text comes in here")


def shared(*, secret: bool = True) -> Shared:
    return Shared(
        clock=SystemClock(),
        wording=Wording("Europe/Stockholm"),
        publish=nothing,
        token_of=None,
        seal_call=(lambda script: "sealed") if secret else None,
        on_receipt=no_receipt,
        on_text=no_text,
    )


async def test_every_way_out_of_the_settings_is_built_once_with_a_bound_of_its_own(config: Config) -> None:
    ways = ways_out(config, shared())
    assert sorted(way.provider for way in ways) == sorted(AT_ONCE)
    assert {way.channel for way in ways} == set(Channel) - {Channel.RECEIVER}
    assert all(way.at_once == AT_ONCE[way.provider] and way.receiver is None for way in ways)


async def test_providers_of_one_channel_stand_in_the_order_wished(config: Config) -> None:
    def order(settings: Config, channel: Channel) -> list[str]:
        return [way.provider for way in ways_out(settings, shared()) if way.channel is channel]

    assert order(config, Channel.SMS) == ["46elks", "smpp"]
    assert order(config, Channel.VOICE) == ["twilio", "46elks_voice"]
    swapped = config.channels.model_copy(update={"sms_order": ("smpp",)})
    assert order(config.model_copy(update={"channels": swapped}), Channel.SMS) == ["smpp", "46elks"]


async def test_without_a_secret_that_all_share_nobody_is_called(config: Config) -> None:
    assert Channel.VOICE not in {way.channel for way in ways_out(config, shared(secret=False))}


async def test_the_rate_agreed_with_a_provider_reaches_its_way(config: Config) -> None:
    sms = config.channels.sms
    assert sms is not None
    paced = config.channels.model_copy(update={"sms": sms.model_copy(update={"per_second": 2.5})})
    ways = ways_out(config.model_copy(update={"channels": paced}), shared())
    assert {way.provider: way.per_second for way in ways if way.per_second is not None} == {"46elks": 2.5}


def test_without_settings_the_console_is_the_only_way(tmp_path: Path) -> None:
    file = tmp_path / "larmcentral.toml"
    file.write_text("""
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
[database]
data_dir = "database"
""")
    assert [way.provider for way in ways_out(load_config(file), shared())] == ["console"]
