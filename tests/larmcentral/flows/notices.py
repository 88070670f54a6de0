"""Notices as the outbox has them in hand."""

from __future__ import annotations

from itertools import count
from typing import Any

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About
from escalation.ids import ContactPointId, IncidentId, NoticeId
from escalation.purpose import Purpose
from larmcentral.domain.notice import Case, Forward, InHouse, NoticeText, Outward
from tests.world import BO, CARE, ORGANISATION, T0, an_id

_numbers = count(1)


def text(about: About = About.ALARM) -> NoticeText:
    return NoticeText(kind=AlarmKind.PANIC, silent=False, subject="Anna", opened_at=T0, about=about)


def _common(about: About) -> dict[str, Any]:
    return {
        "id": NoticeId(an_id(f"notice {next(_numbers)}")),
        "organisation_id": ORGANISATION,
        "committee_id": CARE,
        "incident_id": IncidentId(an_id("incident")),
        "attempt": 1,
        "filed_at": T0,
        "text": text(about),
    }


def outward(
    channel: Channel = Channel.SMS, *, about: About = About.ALARM, address: str = "+46701740605", tries: int = 0
) -> Outward:
    """A text message to Bo."""
    return Outward(
        purpose=Purpose.REAL,
        channel=channel,
        person_id=BO,
        point_id=ContactPointId(an_id("bo sms")),
        address=address,
        tries=tries,
        **_common(about),
    )


def in_house(
    channel: Channel = Channel.APNS, *, purpose: Purpose = Purpose.REAL, about: About = About.ALARM, tries: int = 0
) -> InHouse:
    """A push to Bo's app."""
    return InHouse(
        purpose=purpose,
        channel=channel,
        person_id=BO,
        point_id=ContactPointId(an_id("bo app")),
        address="bo-token",
        tries=tries,
        **_common(about),
    )


def a_forward(receiver: str = "nord", *, tries: int = 0) -> Forward:
    """A case for a centre."""
    return Forward(
        purpose=Purpose.REAL,
        receiver=receiver,
        tries=tries,
        case=Case(number="7KQ2-M9XD"),
        **_common(About.ALARM),
    )
