"""A small made-up municipality, entered through the register; for contracts and stories alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID, uuid5

from escalation.action_plan import ActionPlan
from escalation.chain import Channel, DeskTarget, EscalationChain, Medium, PersonTarget, Step, TeamTarget
from escalation.ids import (
    ChainId,
    CommitteeId,
    ContactPointId,
    OrganisationId,
    PersonId,
    PlaceId,
    SignalId,
    TeamId,
    UnitId,
)
from escalation.rota import Rota
from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.place import Place
from larmcentral.domain.record import NewSignal
from larmcentral.domain.register import ChainChoice, ContactPoint, Device, Home, Person, PlaceFlag, PlanChoice
from protocols.signal import AccountId, Position, Signal, SignalKind

T0: Final = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
_SPACE: Final = UUID("0198f000-0000-7000-8000-000000000000")


def an_id(name: str) -> UUID:
    """The same name is the same id everywhere."""
    return uuid5(_SPACE, name)


ORGANISATION: Final = OrganisationId(an_id("organisation"))
CARE: Final = CommitteeId(an_id("care"))
SOCIAL: Final = CommitteeId(an_id("social"))
HOME: Final = Home(ORGANISATION, CARE)
SECTOR: Final = an_id("sector")
UNIT: Final = UnitId(an_id("unit nord"))
NIGHT: Final = TeamId(an_id("team night"))

ANNA: Final = PersonId(an_id("anna"))
"""Wears the watch."""
BO: Final = PersonId(an_id("bo"))
CECILIA: Final = PersonId(an_id("cecilia"))
DAVID: Final = PersonId(an_id("david"))
"""On his own in the second step, by push and then by text message."""
GUARD: Final = PersonId(an_id("guard"))
"""Of another employer, in the third step."""
WATCH: Final = "8660000001"
RECEIVER: Final = ReceiverName(name="watch", protocol="watch", organisation_id=ORGANISATION, committee_id=CARE)


def chain(*, version: int = 1, needed: int = 1) -> EscalationChain:
    """Night team and desk; David; the guard."""
    return EscalationChain(
        id=ChainId(an_id("chain")),
        version=version,
        name="Natt",
        steps=(
            Step(
                targets=(TeamTarget(NIGHT), DeskTarget()),
                media=(Medium.PUSH,),
                wait=timedelta(seconds=30),
                responders_needed=needed,
            ),
            Step(
                targets=(PersonTarget(DAVID),),
                media=(Medium.PUSH, Medium.SMS),
                all_at_once=False,
                medium_wait=timedelta(seconds=20),
                wait=timedelta(seconds=60),
            ),
            Step(targets=(PersonTarget(GUARD),), media=(Medium.SMS,), wait=timedelta(seconds=60)),
        ),
    )


class Registers(Protocol):
    """What register.Register and its double have in common."""

    async def organisation(self, organisation_id: OrganisationId, name: str) -> None: ...
    async def committee(self, organisation_id: OrganisationId, committee_id: CommitteeId, name: str) -> None: ...
    async def sector(self, home: Home, sector_id: UUID, name: str) -> None: ...
    async def unit(self, home: Home, unit_id: UUID, sector_id: UUID, name: str) -> None: ...
    async def team(self, home: Home, team_id: UUID, unit_id: UUID, name: str) -> None: ...
    async def person(self, home: Home, person: Person) -> None: ...
    async def device(self, home: Home, device: Device, now: datetime) -> None: ...
    async def chain(self, home: Home, choice: ChainChoice, now: datetime, made_by: UUID | None = None) -> None: ...
    async def place(self, home: Home, place: Place) -> None: ...
    async def flag(self, home: Home, flag: PlaceFlag, now: datetime) -> None: ...
    async def lift_flag(self, home: Home, place_id: PlaceId, now: datetime) -> None: ...
    async def rota(self, home: Home, rota: Rota, now: datetime, made_by: UUID | None = None) -> None: ...
    async def managers(self, home: Home, unit_id: UnitId, person_ids: Sequence[PersonId]) -> None: ...
    async def safety_plan(self, home: Home, choice: PlanChoice) -> None: ...
    async def action_plan(self, home: Home, plan: ActionPlan, now: datetime) -> None: ...


async def settle_in(register: Registers, *, a_chain: EscalationChain | None = None) -> None:
    """Enter everybody."""
    await register.organisation(ORGANISATION, "Älvmården")
    await register.committee(ORGANISATION, CARE, "Omsorgsnämnden")
    await register.committee(ORGANISATION, SOCIAL, "Socialnämnden")
    await register.sector(HOME, SECTOR, "Hemtjänst")
    await register.unit(HOME, UNIT, SECTOR, "Nord")
    await register.team(HOME, NIGHT, UNIT, "Natt")
    for person in (
        _person(ANNA, "Anna", push("anna", Channel.APNS), teams=(NIGHT,)),
        _person(BO, "Bo", push("bo", Channel.APNS), sms("bo", "+46701740605"), teams=(NIGHT,)),
        _person(CECILIA, "Cecilia", push("cecilia", Channel.FCM), teams=(NIGHT,)),
        _person(DAVID, "David", push("david", Channel.FCM), sms("david", "+46701740606")),
        Person(
            id=GUARD,
            name="Väktaren",
            employer="Vakt AB",
            external=True,
            contact_points=(sms("guard", "+46701740607"),),
        ),
    ):
        await register.person(HOME, person)
    await register.device(HOME, Device(id=an_id("watch"), protocol="watch", account=WATCH, worn_by=ANNA), T0)
    await register.device(HOME, Device(id=an_id("spare"), protocol="watch", account="8660000002", label="Reserv"), T0)
    await register.chain(HOME, ChainChoice(id=an_id("choice"), chain=a_chain or chain()), T0)


def push(whose: str, channel: Channel) -> ContactPoint:
    """A phone with our app."""
    return ContactPoint(id=ContactPointId(an_id(f"{whose} app")), channel=channel, address=f"{whose}-token")


def sms(whose: str, number: str) -> ContactPoint:
    """A phone without."""
    return ContactPoint(id=ContactPointId(an_id(f"{whose} sms")), channel=Channel.SMS, address=number, rank=1)


def _person(person_id: PersonId, name: str, *points: ContactPoint, teams: tuple[TeamId, ...] = ()) -> Person:
    return Person(id=person_id, name=name, unit_id=UNIT, contact_points=points, teams=teams)


def press(
    signal_id: UUID,
    *,
    at: datetime = T0,
    kind: SignalKind = SignalKind.PANIC,
    account: str = WATCH,
    key: str = "press 1",
    event_at: datetime | None = None,
    window: timedelta | None = None,
    authentic: bool = True,
    position: Position | None = None,
) -> NewSignal:
    """A signal as intake hands it to the store."""
    return NewSignal(
        id=SignalId(signal_id),
        organisation_id=ORGANISATION,
        fallback_committee_id=SOCIAL,
        receiver="watch",
        protocol="watch",
        authentic=authentic,
        received_at=at,
        raw=b"[3G*8660000001*0002*AL]",
        signal=Signal(
            kind=kind,
            device=AccountId(account),
            repeat_key=key,
            repeat_window=window,
            event_at=event_at,
            position=position,
        ),
    )
