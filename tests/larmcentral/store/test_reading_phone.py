"""A worker's own phone: what it is told of him, and that whoever else holds it learns nothing of a silent alarm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from msgspec.json import encode

from escalation.ids import OrganisationId, UserId
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.roles import Role, Viewer
from larmcentral.domain.views_phone import Colleague, OwnDevice, OwnMessage, OwnRead
from larmcentral.store.access import SILENCE_KEPT, look_id
from larmcentral.store.reading_phone import READ_LIMIT, OwnPhone
from larmcentral.store.telemetry import fold
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import viewer_of

LATER = NOON + timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


class Phone:
    """Anna's phone, in care, with an operator at the desk."""

    def __init__(self, made: Rooms, care: UUID, anna: UUID, karin: UUID) -> None:
        self.made, self.town, self.care, self.anna, self.karin = made, made.town, care, anna, karin
        self.own = OwnPhone(made.web, made.service)
        self.viewer: Viewer = viewer_of(made.town, care, role=Role.WORKER, person=anna)

    @classmethod
    async def of(cls, made: Rooms) -> Phone:
        care = await made.town.committee("Omsorg")
        unit = await made.town.unit(care)
        anna = await made.town.person(care, "Anna", unit_id=unit)
        return cls(made, care, anna, await made.town.user("karin", "operator", care, name="Karin"))

    async def looked(
        self,
        at: datetime,
        incident: UUID | None = None,
        *,
        action: str = "position_shown",
        ground: str = "incident",
        of: UUID | None = None,
    ) -> None:
        """The operator was shown something of her, or of somebody else."""
        about = incident or self.anna
        await self.town.insert(
            "access_log",
            organisation_id=self.town.organisation,
            committee_id=self.care,
            id=look_id(UserId(self.karin), about, at, action),
            at=at,
            user_id=self.karin,
            action=action,
            person_id=of or self.anna,
            incident_id=incident,
            ground=ground,
        )

    async def covert(self, **values: object) -> UUID:
        return await self.town.incident(
            self.care,
            person=self.anna,
            subject=f"covert/person:{self.anna}",
            silent=True,
            **values,  # type: ignore[arg-type]
        )

    async def shows(self, now: datetime) -> bytes:
        """All that the phone shows, as bytes."""
        parts = (self.own.devices, self.own.reads, self.own.colleagues, self.own.messages)
        return b"\n".join([encode(await part(self.viewer, now=now)) for part in parts])


async def said(phone: Phone, incident: UUID, to: str, text: str, at: datetime = LATER) -> None:
    by = {"kind": "operator", "user_id": str(phone.karin)}
    await phone.town.line(incident, "message_sent", by=by, at=at, to=to, text=text, persons="1")


async def test_who_read_what_about_oneself_is_told_newest_first_and_of_others_nothing(made: Rooms) -> None:
    phone = await Phone.of(made)
    alarm = await made.town.incident(phone.care, person=phone.anna)
    bo = await made.town.person(phone.care, "Bo")
    await phone.looked(NOON, action="place_shown", ground="session")
    await phone.looked(LATER, alarm)
    await phone.looked(LATER, action="dossier_shown", ground="register", of=bo)
    assert await phone.own.reads(phone.viewer, now=LATER) == (
        OwnRead(at=LATER, by="Karin", role="operator", action="position_shown", ground="incident", kind="panic"),
        OwnRead(at=NOON, by="Karin", role="operator", action="place_shown", ground="session", kind=None),
    )


async def test_with_a_silent_alarm_and_all_that_is_done_about_it_the_phone_shows_the_same_bytes(made: Rooms) -> None:
    phone = await Phone.of(made)
    town = made.town
    watch = await town.device(phone.care, "1", worn_by=phone.anna)
    visible = await town.incident(phone.care, person=phone.anna)
    for number in range(READ_LIMIT + 5):  # the list is full, so that one more would push out the last
        await phone.looked(NOON + timedelta(seconds=number), visible, action=f"shown_{number}")
    await said(phone, visible, "wearer", "Vi kommer")
    heard = DeviceState(
        organisation_id=OrganisationId(town.organisation),
        protocol="watch",
        account="1",
        receiver="watch",
        last_seen_at=NOON,
        battery_pct=70,
    )
    await fold(town.connection, [heard], NOON)
    before = await phone.shows(LATER + DAY)
    alarm = await phone.covert(opened_at=NOON + timedelta(seconds=30), device=watch)
    pressed = DeviceState(
        organisation_id=heard.organisation_id,
        protocol="watch",
        account="1",
        receiver="watch",
        last_seen_at=LATER,
        battery_pct=12,
        charging=True,
        covert=True,
    )
    await fold(town.connection, [pressed], LATER)
    for action in ("position_shown", "place_shown", "dossier_shown", "taken_out"):
        await phone.looked(LATER, alarm, action=action)
    await phone.looked(LATER, action="recording_played", ground="session")
    await said(phone, alarm, "responders", "Tyst larm, gå sakta")
    assert await town.connection.fetchval("SELECT battery_pct FROM device_states") == 12
    assert await phone.shows(LATER + DAY) == before
    ended_at = LATER + timedelta(minutes=5)
    await town.connection.execute(
        "UPDATE incidents SET state = 'stood_down', stood_down_at = $2, outcome = 'real' WHERE id = $1", alarm, ended_at
    )
    assert await phone.shows(ended_at + SILENCE_KEPT - timedelta(seconds=1)) == before
    told = await phone.own.reads(phone.viewer, now=ended_at + SILENCE_KEPT)
    assert {one.action for one in told} >= {"position_shown", "dossier_shown", "recording_played", "taken_out"}
    assert len(told) == READ_LIMIT


async def test_the_first_word_of_a_device_may_be_a_silent_alarm_and_its_wearer_is_told_none(made: Rooms) -> None:
    phone = await Phone.of(made)
    watch = await made.town.device(phone.care, "1", worn_by=phone.anna)
    state = DeviceState(
        organisation_id=OrganisationId(made.town.organisation),
        protocol="watch",
        account="1",
        receiver="watch",
        last_seen_at=LATER,
        battery_pct=50,
        covert=True,
    )
    await fold(made.town.connection, [state], LATER)
    [device] = await phone.own.devices(phone.viewer, now=LATER)
    assert (device.id, device.last_seen_at, device.battery_pct) == (watch, None, None)


async def test_a_device_that_one_wears_says_how_it_is_and_one_that_was_given_back_is_not_there(made: Rooms) -> None:
    phone = await Phone.of(made)
    town = made.town
    watch = await town.device(phone.care, "1", worn_by=phone.anna)
    back = await town.device(phone.care, "2", worn_by=phone.anna)
    await town.connection.execute("UPDATE device_assignments SET until_at = $2 WHERE device_id = $1", back, NOON)
    await town.device(phone.care, "3")
    await town.insert(
        "test_alarms",
        organisation_id=town.organisation,
        committee_id=phone.care,
        signal_id=town.new_id(),
        incident_id=town.new_id(),
        device_id=watch,
        received_at=NOON,
        reached_desk_at=LATER,
    )
    assert await phone.own.devices(phone.viewer, now=NOON + 2 * DAY) == (
        OwnDevice(
            id=watch,
            label="Klocka 1",
            protocol="watch",
            model=None,
            battery_pct=None,
            charging=None,
            last_seen_at=None,
            tested_at=NOON,
            silent=True,
        ),
    )


async def test_colleagues_are_those_of_ones_unit_and_teams(made: Rooms) -> None:
    phone = await Phone.of(made)
    town = made.town
    unit = await town.connection.fetchval("SELECT unit_id FROM persons WHERE id = $1", phone.anna)
    bo = await town.person(phone.care, "Bo", unit_id=unit)
    await town.person(phone.care, "Slutat", unit_id=unit, ends_on=(NOON - DAY).date())
    cia = await town.person(phone.care, "Cia")
    await town.team(phone.care, "Natt", phone.anna, cia)
    await town.person(phone.care, "Främling")
    assert await phone.own.colleagues(phone.viewer, now=NOON) == (
        Colleague(id=bo, name="Bo"),
        Colleague(id=cia, name="Cia"),
    )


async def test_words_reach_the_wearer_or_those_who_were_told_and_nobody_else(made: Rooms) -> None:
    phone = await Phone.of(made)
    town = made.town
    bo = await town.person(phone.care, "Bo")
    own = await town.incident(phone.care, person=phone.anna)
    bos = await town.incident(phone.care, person=bo, responders={phone.anna: "notified"}, kind="fall")
    silent = await phone.covert(opened_at=LATER, responders={bo: "notified"})
    foreign = await town.incident(phone.care, person=await town.person(phone.care, "Cia"))
    await said(phone, own, "wearer", "Hjälp kommer")
    await said(phone, own, "responders", "Portkod 1947")
    await said(phone, bos, "responders", "Hund i huset", at=LATER + timedelta(seconds=1))
    await said(phone, bos, "wearer", "Vi kommer, Bo")
    await said(phone, silent, "wearer", "Kan inte sägas")
    await said(phone, foreign, "responders", "Någon annans")
    assert await phone.own.messages(phone.viewer, now=LATER) == (
        OwnMessage(incident_id=bos, at=LATER + timedelta(seconds=1), to="responders", by="Karin", text="Hund i huset"),
        OwnMessage(incident_id=own, at=LATER, to="wearer", by="Karin", text="Hjälp kommer"),
    )
    assert await phone.own.messages(phone.viewer, now=LATER + 8 * DAY) == ()
