"""What the screens may show of the settings: enough to recognise a provider, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation.chain import Channel
from larmcentral.assembly_facts import channel_settings
from larmcentral.config_file import load_config

SETTINGS = """
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
[database]
data_dir = "database"
[channels]
sms_order = ["smpp", "sms"]
[channels.sms]
username = "u0123"
password_file = "elks"
sender = "Larm"
delivered_url = "https://larm.example/api/receipts/46elks/hemligt-i-adressen"
[channels.smpp]
host = "smsc.example"
port = 2776
system_id = "larm"
password_file = "smsc"
sender = "Larm"
[channels.teams.hooks.nord]
url_file = "teams"
[channels.webhooks.hooks.drift]
url = "https://drift.example/hemlig-adress"
secret_file = "hook"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    for name in ("elks", "smsc", "teams", "hook"):
        (tmp_path / name).write_text("hemligt")
    file = tmp_path / "larmcentral.toml"
    file.write_text(SETTINGS)
    return file


def test_providers_come_by_channel_in_the_order_in_which_they_are_asked(settings: Path) -> None:
    shown = channel_settings(load_config(settings))
    assert [(one.provider, one.channel) for one in shown] == [
        ("smpp", Channel.SMS),
        ("46elks", Channel.SMS),
        ("teams", Channel.TEAMS),
        ("webhooks", Channel.WEBHOOK),
    ]


def test_what_identifies_a_provider_is_shown(settings: Path) -> None:
    smpp, elks, teams, _ = channel_settings(load_config(settings))
    assert ("host", "smsc.example") in smpp.facts
    assert ("sender", "Larm") in elks.facts
    assert teams.facts == (("hooks", "nord"),)


def test_no_secret_and_no_address_that_holds_one_is_shown(settings: Path) -> None:
    assert "hemlig" not in repr(channel_settings(load_config(settings)))


def test_a_secret_from_the_environment_is_not_shown_either(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = settings.read_text().replace('password_file = "elks"\n', "")
    settings.write_text(text)
    monkeypatch.setenv("LARM_CHANNELS__SMS__PASSWORD", "hemligt-ord")
    assert "hemlig" not in repr(channel_settings(load_config(settings)))
