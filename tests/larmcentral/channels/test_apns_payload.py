"""What a phone is told, and how loudly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.apns_payload import message
from larmcentral.channels.push_kind import CRITICAL_KINDS
from larmcentral.domain.notice import InHouse
from tests.larmcentral.channels.support import WORDING, in_house, some_id, text


def _message(notice: InHouse, answer: str | None = None) -> dict[str, Any]:
    return message(
        notice, sound="larm.caf", volume=0.9, silent_sound="tyst.caf", category="ALARM", wording=WORDING, answer=answer
    )


def test_the_whole_payload_of_a_panic_alarm() -> None:
    assert _message(in_house(words=text(lateness_s=720.0))) == {
        "aps": {
            "alert": {
                "title": "Nödlarm",
                "body": "Anna K – Storgatan 5\nkl. 14:02, 12 min gammalt när det kom",
            },
            "interruption-level": "critical",
            "sound": {"critical": 1, "name": "larm.caf", "volume": 0.9},
            "thread-id": str(some_id("incident")),
            "category": "ALARM",
        },
        "notice_id": str(some_id("notice")),
        "incident_id": str(some_id("incident")),
        "about": "alarm",
        "kind": "panic",
        "purpose": "real",
        "silent": False,
        "opened_at": "2026-11-22T13:02:03.450Z",
        "lateness_s": 720.0,
    }


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_threats_are_critical_and_the_rest_time_sensitive(kind: AlarmKind) -> None:
    aps = _message(in_house(words=text(kind=kind)))["aps"]

    if kind in {AlarmKind.PANIC, AlarmKind.DURESS, AlarmKind.HOLD_UP}:
        assert aps["interruption-level"] == "critical"
        assert aps["sound"] == {"critical": 1, "name": "larm.caf", "volume": 0.9}
    else:
        assert (aps["interruption-level"], aps["sound"]) == ("time-sensitive", "larm.caf")


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_a_silent_alarm_cannot_be_heard_and_says_that_it_is_one(kind: AlarmKind) -> None:
    aps = _message(in_house(words=text(kind=kind, silent=True)))["aps"]

    expected = {"critical": 1, "name": "tyst.caf", "volume": 0} if kind in CRITICAL_KINDS else None
    assert aps.get("sound") == expected
    assert aps["alert"]["title"].startswith("TYST LARM: ")
    assert "Ring inte" in aps["alert"]["body"]


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_a_test_makes_no_noise(kind: AlarmKind) -> None:
    aps = _message(in_house(purpose=Purpose.TEST, words=text(kind=kind)))["aps"]

    assert aps["interruption-level"] == "passive"
    assert "sound" not in aps
    assert aps["alert"]["title"].startswith("PROV: ")


def test_a_drill_sounds_like_the_real_thing_and_says_what_it_is() -> None:
    aps = _message(in_house(purpose=Purpose.DRILL))["aps"]

    assert aps["alert"]["title"] == "ÖVNING: Nödlarm"
    assert aps["sound"]["volume"] == 0.9


@pytest.mark.parametrize("sign", ["x", "å", "漢", "👩‍👩‍👧‍👦", "\x00", '"', "\\"])
def test_whatever_is_said_apple_takes_the_length(sign: str) -> None:
    words = text(subject=sign * 5000, place=sign * 5000, silent=True, lateness_s=1e9)

    payload = json.dumps(_message(in_house(words=words)), ensure_ascii=False).encode()

    assert len(payload) <= 4096


def test_an_alarm_carries_the_key_of_its_buttons() -> None:
    payload = _message(in_house(), answer="key")

    assert payload["answer"] == "key"
    assert payload["actions"] == ["going", "cannot", "on_site"]
    assert payload["aps"]["category"] == "ALARM"


def test_news_sounds_like_any_message_and_has_no_buttons() -> None:
    for about in (About.GOING, About.RELEASED, About.OVER):
        payload = _message(in_house(words=text(about=about)))
        assert payload["about"] == about.value
        assert payload["aps"]["sound"] == "default"
        assert payload["aps"]["interruption-level"] == "time-sensitive"
        assert "category" not in payload["aps"]
        quiet = _message(in_house(words=text(about=about, silent=True)))
        assert "sound" not in quiet["aps"]
        assert quiet["aps"]["alert"]["title"].startswith("TYST LARM")


def test_a_reminder_belongs_to_no_incident_and_says_when() -> None:
    due_at = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    words = text(kind=None, about=About.CHECK_IN_DUE, due_at=due_at)

    payload = _message(replace(in_house(words=words), incident_id=None))

    assert (payload["incident_id"], payload["kind"], payload["due_at"]) == (None, None, "2026-11-22T14:00:00.000Z")
    assert payload["aps"]["thread-id"] == "check_in_due"


def test_the_wearer_of_a_silent_alarm_is_told_without_a_word_or_a_sound() -> None:
    payload = _message(in_house(words=text(about=About.TAKEN, silent=True)))

    assert payload == {
        "aps": {"content-available": 1},
        "notice_id": str(some_id("notice")),
        "incident_id": str(some_id("incident")),
        "about": "taken",
    }
