"""What the contracts of sessions, places and the pool need beside everybody in tests/world.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from escalation.chain import Channel
from escalation.effects import About, InHouseNotice
from escalation.ids import ContactPointId, DeviceId, NoticeId, PersonId, PlaceId, VigilId
from escalation.plan import SafetyPlan
from escalation.purpose import Purpose
from escalation.session import Session
from escalation.session_course import start_session
from escalation.session_rules import Allowed, StartRequest
from escalation.supervision import SupervisionClass
from escalation.vigil import VigilDecision, VigilKind
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.place import Place
from larmcentral.domain.record import Subject
from larmcentral.domain.register import Device
from larmcentral.domain.vigil import VigilChange, VigilCore, VigilRecord, Word
from larmcentral.ports import Transaction
from tests.contracts.conftest import Kept
from tests.world import ANNA, CARE, HOME, ORGANISATION, T0, UNIT, an_id

TOWN_HALL: Final = PlaceId(an_id("town hall"))
RECEPTION: Final = PlaceId(an_id("reception"))
COTTAGE: Final = PlaceId(an_id("cottage"))
WATCH_ID: Final = DeviceId(an_id("watch"))
POOL_ID: Final = DeviceId(an_id("pool 14"))
BUTTON_ID: Final = DeviceId(an_id("button"))

ANNA_ALONE: Final = Subject(
    organisation_id=ORGANISATION,
    committee_id=CARE,
    protocol="session",
    account=str(ANNA),
    person_id=ANNA,
    unit_id=UNIT,
    label="Anna",
)


async def settle_places(kept: Kept) -> None:
    """A town hall with a reception that has a fixed button, a cottage, and a device of the pool."""
    await kept.register.place(HOME, Place(id=TOWN_HALL, name="Stadshuset", lat=57.930, lon=12.530))
    await kept.register.place(
        HOME, Place(id=RECEPTION, name="Receptionen", building_id=TOWN_HALL, floor="0", door_code="1234")
    )
    await kept.register.place(HOME, Place(id=COTTAGE, name="Stugan", address="Skogsvägen 1", notes="hund"))
    button = Device(id=BUTTON_ID, protocol="dc09", account="1234", label="Larmknapp", place_id=RECEPTION)
    await kept.register.device(HOME, button, T0)
    lent = Device(
        id=POOL_ID,
        protocol="watch",
        account="8660000014",
        label="Larm 14",
        tag="P-14",
        pool=True,
        supervision=SupervisionClass.SP4,
    )
    await kept.register.device(HOME, lent, T0)


def alone(kept: Kept, place_id: PlaceId | None = None) -> VigilDecision[Session]:
    """A session of Anna's that begins now, with a check-in every quarter."""
    every = timedelta(minutes=15)
    request = StartRequest(person_id=ANNA, purpose="hembesök", place_id=place_id, check_in_every=every)
    allowed = Allowed(check_in_every=every, shortened=False, memo_wanted=False)
    return start_session(request, allowed, SafetyPlan(), kept.clock.now())


def begun(
    kept: Kept,
    kind: VigilKind,
    decision: VigilDecision[VigilCore],
    subject: Subject = ANNA_ALONE,
    notices: tuple[Word, ...] = (),
) -> VigilChange:
    """The change that begins a vigil."""
    record = VigilRecord(
        id=VigilId(kept.ids.new()),
        kind=kind,
        subject=subject,
        core=decision.core,
        version=1,
        entries=len(decision.entries),
    )
    return VigilChange(before=None, after=record, effects=decision.effects, log=decision.entries, notices=notices)


def reminder(
    name: str, person_id: PersonId = ANNA, point: str = "anna app", about: About = About.CHECK_IN_DUE
) -> InHouseNotice:
    """A notice to somebody's own app."""
    return InHouseNotice(
        id=NoticeId(an_id(name)),
        purpose=Purpose.REAL,
        channel=Channel.APNS,
        person_id=person_id,
        point_id=ContactPointId(an_id(point)),
        round=1,
        step=0,
        attempt=1,
        about=about,
    )


async def begin_session(kept: Kept, place_id: PlaceId | None = None) -> VigilRecord:
    """Anna works alone."""
    change = begun(kept, VigilKind.SESSION, alone(kept, place_id))
    async with kept.store.transaction() as tx:
        await tx.save_vigils([change], lease=kept.lease)
    return change.after


async def save(tx: Transaction, kept: Kept, *changes: VigilChange) -> list[OutgoingNotice]:
    return list(await tx.save_vigils(changes, lease=kept.lease))
