"""Notices to send, and ways to wait for facts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid5

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, IncidentId, NoticeId, OrganisationId, PersonId
from escalation.purpose import Purpose
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import InHouse, NoticeText, Outward, ServiceMessage

PATIENT = timedelta(seconds=20)  # for tests that expect an answer on a busy machine
SHORT = timedelta(milliseconds=200)  # for tests that expect silence
MODERATE = timedelta(seconds=1.5)  # for tests that expect both
OPENED_AT = datetime(2026, 11, 22, 13, 2, 3, 450_000, tzinfo=UTC)
PHONE = "ab" * 32
OTHER_PHONE = "cd" * 32
NUMBER = "+46700000017"
WORDING = Wording("Europe/Stockholm")


class Running(Protocol):
    async def start(self) -> None: ...
    async def stop(self) -> None: ...


C = TypeVar("C", bound=Running)


def some_id(name: str) -> UUID:
    """The same name gives the same id."""
    return uuid5(UUID(int=0), name)


def text(**changes: Any) -> NoticeText:
    words: dict[str, Any] = {
        "kind": AlarmKind.PANIC,
        "silent": False,
        "subject": "Anna K",
        "opened_at": OPENED_AT,
        "place": "Storgatan 5",
    }
    return NoticeText(**words | changes)


def in_house(
    name: str = "notice",
    *,
    address: str = PHONE,
    purpose: Purpose = Purpose.REAL,
    channel: Channel = Channel.APNS,
    words: NoticeText | None = None,
) -> InHouse:
    return InHouse(
        id=NoticeId(some_id(name)),
        organisation_id=OrganisationId(some_id("organisation")),
        committee_id=CommitteeId(some_id("committee")),
        incident_id=IncidentId(some_id("incident")),
        purpose=purpose,
        channel=channel,
        person_id=PersonId(some_id("person")),
        point_id=ContactPointId(some_id("point")),
        address=address,
        attempt=1,
        tries=0,
        filed_at=OPENED_AT,
        text=words or text(),
    )


def outward(
    name: str = "notice",
    *,
    address: str = NUMBER,
    channel: Channel = Channel.SMS,
    words: NoticeText | None = None,
) -> Outward:
    return Outward(
        id=NoticeId(some_id(name)),
        organisation_id=OrganisationId(some_id("organisation")),
        committee_id=CommitteeId(some_id("committee")),
        incident_id=IncidentId(some_id("incident")),
        purpose=Purpose.REAL,
        channel=channel,
        person_id=PersonId(some_id("person")),
        point_id=ContactPointId(some_id("point")),
        address=address,
        attempt=1,
        tries=0,
        filed_at=OPENED_AT,
        text=words or text(),
    )


def about_ourselves(channel: Channel, address: str, **changes: Any) -> ServiceMessage:
    words: dict[str, Any] = {
        "id": some_id("service"),
        "language": "sv",
        "title": "Prov från larmcentralen",
        "body": "PROV. Koden är 417730.",
    }
    return ServiceMessage(channel=channel, address=address, **words | changes)


@asynccontextmanager
async def running(channel: C) -> AsyncIterator[C]:
    """Start a channel for a while."""
    await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


async def until(fact: Callable[[], bool], within_s: float = 10.0) -> None:
    """Let the loop run until something is so. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not fact():
            await asyncio.sleep(0)
