"""The rest of Älvmården: places, who manages and who is on call, the pool, chains by kind, and plans in a hurry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import (
    BuildingTarget,
    DeskTarget,
    EscalationChain,
    ManagerTarget,
    Medium,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    Risk,
    Step,
    TeamTarget,
)
from escalation.ids import ChainId, PersonId, PlaceId, RotaId, TeamId, UnitId
from escalation.plan import SafetyPlan
from escalation.rota import Layer, OnHolidays, Rota
from larmcentral.domain.place import Place
from larmcentral.domain.register import ChainChoice, Device, Home, PlaceFlag, PlanChoice
from larmcentral.store.register import Register

POOL_ACCOUNT: Final = "8660000090"
POOL_TAG: Final = "POOL-14"
HASTY: Final = SafetyPlan(
    # Whoever watches the demo waits for a minute and a half, and not for ten minutes.
    check_in_reminders=(timedelta(seconds=-20), timedelta(0), timedelta(seconds=10)),
    missed_after=timedelta(seconds=20),
    end_reminders=(timedelta(seconds=-30), timedelta(0)),
    overdue_after=timedelta(seconds=60),
)
"""The demo's plan for time alone; a real unit keeps the defaults of escalation/plan.py or settles its own."""


@dataclass(frozen=True, slots=True)
class Town:
    """Who and what the play already has. an_id: the play's own names to ids."""

    an_id: Callable[[str], UUID]
    care: Home
    unit: UnitId
    team: TeamId
    leader: PersonId
    on_call: tuple[PersonId, ...]
    guard: PersonId


async def furnish(register: Register, town: Town, now: datetime) -> None:
    """Enter it all; repeatable."""
    for place in _places(town):
        await register.place(town.care, place)
    flag = PlaceFlag(
        id=town.an_id("flagga Skogsstigen"),
        place_id=PlaceId(town.an_id("Skogsstigen 3")),
        risk=Risk.EVIDENT,
        owner_id=town.leader,
        ground="Hot mot personal vid två besök i höst",
        review_on=(now + timedelta(days=60)).date(),
    )
    await register.flag(town.care, flag, now)
    await register.managers(town.care, town.unit, (town.leader,))
    await register.rota(town.care, _rota(town), now)
    await register.safety_plan(town.care, PlanChoice(id=town.an_id("plan Nord"), plan=HASTY, unit_id=town.unit))
    pool = Device(
        id=town.an_id("Poolklocka 14"),
        protocol="watch",
        account=POOL_ACCOUNT,
        label="Poolklocka 14",
        tag=POOL_TAG,
        pool=True,
    )
    await register.device(town.care, pool, now)
    for choice in _choices(town):
        await register.chain(town.care, choice, now)


def _places(town: Town) -> tuple[Place, ...]:
    building = PlaceId(town.an_id("Solgården"))
    return (
        Place(id=building, name="Solgården", address="Solvägen 2", lat=59.3301, lon=18.0602, unit_id=town.unit),
        Place(
            id=PlaceId(town.an_id("Solgården reception")),
            name="Solgården, receptionen",
            address="Solvägen 2",
            floor="Plan 0",
            lat=59.3301,
            lon=18.0602,
            building_id=building,
            unit_id=town.unit,
        ),
        Place(
            id=PlaceId(town.an_id("Björkgatan 7")),
            name="Björkgatan 7, lägenhet 1203",
            address="Björkgatan 7",
            floor="Plan 2",
            door_code="1974",
            notes="Hund i hallen.",
            lat=59.3342,
            lon=18.0711,
            unit_id=town.unit,
        ),
        Place(
            id=PlaceId(town.an_id("Skogsstigen 3")),
            name="Skogsstigen 3",
            address="Skogsstigen 3",
            notes="Gå aldrig in ensam.",
            lat=59.3399,
            lon=18.0507,
            unit_id=town.unit,
        ),
    )


def _rota(town: Town) -> Rota:
    monday = date(2026, 1, 5)
    return Rota(
        id=RotaId(town.an_id("Beredskap Nord")),
        name="Beredskap Nord",
        layers=(
            Layer(
                name="Vardag",
                persons=town.on_call,
                starts_on=monday,
                weekdays=frozenset(range(5)),
                holidays=OnHolidays.NOT_HOLIDAYS,
            ),
            Layer(name="Helg", persons=tuple(reversed(town.on_call)), starts_on=monday, weekdays=frozenset({5, 6})),
            Layer(
                name="Röda dagar",
                persons=tuple(reversed(town.on_call)),
                starts_on=monday,
                holidays=OnHolidays.ONLY_HOLIDAYS,
            ),
        ),
    )


def _choices(town: Town) -> tuple[ChainChoice, ...]:
    team, desk, guard = TeamTarget(town.team), DeskTarget(), PersonTarget(town.guard)
    both = (Medium.PUSH, Medium.SMS)
    alone = _chain(
        town,
        "Ensamarbete",
        Step(
            targets=(desk, OnCallTarget(RotaId(town.an_id("Beredskap Nord")))),
            media=both,
            in_turn=True,
            turn_wait=timedelta(seconds=20),
            wait=timedelta(seconds=40),
        ),
        Step(targets=(NearestTarget(3, 5000), team), media=both, wait=timedelta(seconds=60)),
        Step(targets=(ManagerTarget(), guard, desk), media=both, wait=timedelta(seconds=60)),
    )
    group = _chain(
        town,
        "Bråklarm",
        Step(
            targets=(desk, BuildingTarget()),
            media=both,
            all_at_once=False,
            medium_wait=timedelta(seconds=10),
            wait=timedelta(seconds=45),
            responders_needed=2,
        ),
        Step(targets=(desk, team), media=both, wait=timedelta(seconds=60)),
        upgrade_to=AlarmKind.HOLD_UP,
    )
    technical = _chain(
        town,
        "Teknik",
        Step(targets=(desk,), media=(Medium.CONSOLE,), wait=timedelta(minutes=30)),
        Step(targets=(desk, ManagerTarget()), media=(Medium.PUSH, Medium.CONSOLE), wait=timedelta(minutes=30)),
    )
    by_kind = {AlarmKind.GROUP_ALARM: group}
    by_kind |= {kind: alone for kind in AlarmKind if kind.from_silence}
    by_kind |= {kind: technical for kind in AlarmKind if kind.technical}
    return tuple(
        ChainChoice(id=town.an_id(f"val {kind.value}"), chain=chain, kind=kind) for kind, chain in by_kind.items()
    )


def _chain(town: Town, name: str, *steps: Step, upgrade_to: AlarmKind | None = None) -> EscalationChain:
    return EscalationChain(
        id=ChainId(town.an_id(f"kedja {name}")), version=1, name=name, steps=steps, upgrade_to=upgrade_to
    )
