"""A drill cannot leave the house: not in the types, and not when somebody works around them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from mypy import api

from devices.peers.sms_server import SmsServer
from escalation.purpose import Purpose
from larmcentral.channels.sms_46elks import SmsChannel
from tests.larmcentral.channels.support import in_house, outward

SNIPPET = """
from escalation.purpose import Purpose
from larmcentral.channels.apns import ApnsChannel
from larmcentral.channels.console import ConsoleChannel
from larmcentral.channels.fcm import FcmChannel
from larmcentral.channels.sms_46elks import SmsChannel
from larmcentral.channels.teams import TeamsChannel
from larmcentral.channels.voice_46elks import Voice46elksChannel
from larmcentral.channels.voice_twilio import VoiceTwilioChannel
from larmcentral.channels.web_push import WebPushChannel
from larmcentral.channels.webhooks import WebhookChannel
from larmcentral.domain.notice import InHouse, Outward, ServiceMessage
from larmcentral.ports import Channel


def stays(apns: ApnsChannel, fcm: FcmChannel, push: WebPushChannel, console: ConsoleChannel) -> None:
    in_house: tuple[Channel[InHouse], ...] = (apns, fcm, push, console)


def fits(sms: SmsChannel, elks: Voice46elksChannel, twilio: VoiceTwilioChannel) -> None:
    outward: tuple[Channel[Outward], ...] = (sms, elks, twilio)


def hooks(teams: TeamsChannel, webhooks: WebhookChannel) -> tuple[Channel[Outward], ...]:
    return teams, webhooks


async def leaves(sms: SmsChannel, elks: Voice46elksChannel, drill: InHouse) -> None:
    await sms.send(drill)
    await elks.send(drill)


async def is_told(teams: TeamsChannel, alarm: Outward) -> None:
    await teams.post(alarm)


async def is_said(twilio: VoiceTwilioChannel, drill: InHouse, words: ServiceMessage) -> None:
    await twilio.tell_centre(drill)
    await twilio.send(words)


def rides_along(sms: SmsChannel) -> Channel[InHouse]:
    return sms


def is_made(drill: Purpose) -> None:
    Outward(purpose=drill)
"""


def test_mypy_does_not_let_a_drill_out(tmp_path: Path) -> None:
    file = tmp_path / "drill_goes_out.py"
    file.write_text(SNIPPET)

    out, _, code = api.run([str(file), "--no-error-summary", "--hide-error-context", "--cache-dir", ".mypy_cache"])

    errors = [line.split(": ", 1) for line in out.splitlines() if ": error: " in line and file.name in line]
    lines = SNIPPET.splitlines()
    wrong = {lines[int(where.rsplit(":", 1)[1]) - 1].strip() for where, _ in errors}
    assert code == 1
    assert wrong == {
        "await sms.send(drill)",
        "await elks.send(drill)",
        "await teams.post(alarm)",
        "await twilio.tell_centre(drill)",
        "await twilio.send(words)",
        "return sms",
        "Outward(purpose=drill)",
    }
    assert any('"InHouse"; expected "Outward"' in what for _, what in errors)


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
async def test_nor_does_the_running_program(sms: SmsChannel, sms_server: SmsServer, purpose: Purpose) -> None:
    with pytest.raises(TypeError, match="outward notices only"):
        await sms.send(in_house(purpose=purpose))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot leave the house"):
        replace(outward(), purpose=purpose)  # type: ignore[arg-type]

    assert sms_server.record.count == 0
