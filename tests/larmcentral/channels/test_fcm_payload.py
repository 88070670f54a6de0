"""What an Android phone is told beside alarms, and what it is told without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation.chain import Channel
from escalation.effects import About
from larmcentral.channels.fcm_payload import AndroidChannels, parameters
from larmcentral.domain.notice import InHouse
from tests.larmcentral.channels.support import WORDING, in_house, some_id, text


def _told(notice: InHouse, answer: str | None = None) -> dict[str, Any]:
    return parameters(
        notice, channels=AndroidChannels(), time_to_live=timedelta(hours=1), wording=WORDING, answer=answer
    )


def _android(**words: Any) -> InHouse:
    return in_house(channel=Channel.FCM, words=text(**words))


def test_an_alarm_carries_the_key_of_its_buttons() -> None:
    data = _told(_android(), answer="key")["data_payload"]

    assert (data["answer"], data["actions"]) == ("key", "going,cannot,on_site")


def test_news_has_a_channel_of_its_own_and_no_buttons() -> None:
    told = _told(_android(about=About.GOING))

    assert told["android_config"]["notification"]["channel_id"] == "larm_news"
    assert "answer" not in told["data_payload"]
    quiet = _told(_android(about=About.GOING, silent=True))
    assert quiet["android_config"]["notification"]["channel_id"] == "larm_silent"


def test_a_reminder_belongs_to_no_incident_and_says_when() -> None:
    words = {"kind": None, "about": About.CHECK_IN_DUE, "due_at": datetime(2026, 11, 22, 14, 0, tzinfo=UTC)}

    told = _told(replace(_android(**words), incident_id=None))

    data = told["data_payload"]
    assert (data["incident_id"], data["kind"], data["due_at"]) == ("", "", "2026-11-22T14:00:00.000Z")
    assert all(isinstance(value, str) for value in data.values())


def test_the_wearer_of_a_silent_alarm_is_told_without_a_word_or_a_sound() -> None:
    assert _told(_android(about=About.TAKEN, silent=True)) == {
        "fcm_token": "ab" * 32,
        "data_payload": {
            "notice_id": str(some_id("notice")),
            "incident_id": str(some_id("incident")),
            "about": "taken",
        },
        "android_config": {"priority": "HIGH", "ttl": "3600s"},
    }
