"""A municipality out of a seed: committees, workers and their habits, responders, rotas, places, devices, chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from escalation.alarm import AlarmKind
from escalation.chain import (
    ALWAYS,
    BuildingTarget,
    Channel,
    Condition,
    DeskTarget,
    EscalationChain,
    ManagerTarget,
    Medium,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    ReceiverTarget,
    Risk,
    Step,
    Target,
    TeamTarget,
)
from escalation.events import Operator
from escalation.ids import (
    ChainId,
    CommitteeId,
    ContactPointId,
    OrganisationId,
    PersonId,
    PlaceId,
    RotaId,
    TeamId,
    UnitId,
    UserId,
)
from escalation.rota import Layer, Override, Rota
from escalation.supervision import SupervisionClass
from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.place import Place
from larmcentral.domain.register import ChainChoice, ContactPoint, Device, Home, Person, PlaceFlag

_SPACE: Final = UUID("0198f000-0000-7000-8000-000000000001")


def named(*words: object) -> UUID:
    """The same words are the same id in every run."""
    return uuid5(_SPACE, "/".join(str(word) for word in words))


ORGANISATION: Final = OrganisationId(named("organisation"))
CENTRES: Final = ("nord", "syd")
"""The contracted alarm receiving centres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a worker or responder behaves; shares between 0 and 1.

    answers: of the alarms he is rung for. declines, vanishes: of those he answers. slow_s: how long he thinks at most.
    forgets: of the check-ins that come only after a reminder, or not at all. duress: of the PINs given under duress.
    """

    answers: float
    declines: float
    vanishes: float
    slow_s: float
    forgets: float
    sessions_a_day: float
    alarms_a_week: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """A person with his phone and, where he works alone, the device he wears."""

    person: Person
    committee_id: CommitteeId
    habits: Habits
    receiver: ReceiverName | None = None
    account: str = ""
    hears_every_s: float | None = None
    """How often his device says that it is there while he works; None: never of its own accord."""

    @property
    def id(self) -> PersonId:
        return self.person.id


@dataclass(slots=True)
class Committee:
    """One committee with all that is its own."""

    id: CommitteeId
    unit_id: UnitId
    team_id: TeamId
    workers: list[Someone] = field(default_factory=list)
    responders: list[Someone] = field(default_factory=list)
    manager: Someone | None = None
    operators: list[Operator] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    flags: list[PlaceFlag] = field(default_factory=list)
    rotas: list[Rota] = field(default_factory=list)
    chains: list[ChainChoice] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    tag: str | None = None
    """Of the one device that is lent out."""

    @property
    def home(self) -> Home:
        return Home(ORGANISATION, self.id)

    @property
    def people(self) -> list[Someone]:
        return [*self.workers, *self.responders, *([self.manager] if self.manager else [])]


@dataclass(slots=True)
class Town:
    """Everybody."""

    committees: list[Committee]

    @property
    def people(self) -> list[Someone]:
        return [one for committee in self.committees for one in committee.people]

    async def settle_in(self, register: Any, now: datetime) -> None:
        """Enter everybody, as an administrator does."""
        await register.organisation(ORGANISATION, "Älvmården")
        for c in self.committees:
            await register.committee(ORGANISATION, c.id, "Nämnden")
            sector = named(c.id, "sector")
            await register.sector(c.home, sector, "Sektorn")
            await register.unit(c.home, c.unit_id, sector, "Enheten")
            await register.team(c.home, c.team_id, c.unit_id, "Laget")
            for place in c.places:
                await register.place(c.home, place)
            for one in c.people:
                await register.person(c.home, one.person)
            for flag in c.flags:
                await register.flag(c.home, flag, now)
            if c.manager:
                await register.managers(c.home, c.unit_id, [c.manager.id])
            for rota in c.rotas:
                await register.rota(c.home, rota, now)
            for device in c.devices:
                await register.device(c.home, device, now)
            for choice in c.chains:
                await register.chain(c.home, choice, now)


def receiver_of(protocol: str, committee_id: CommitteeId) -> ReceiverName:
    """The listener of a protocol; whoever is unknown there is this committee's."""
    return ReceiverName(name=protocol, protocol=protocol, organisation_id=ORGANISATION, committee_id=committee_id)


def draw_town(rng: Random, today: date) -> Town:
    """Draw one or two committees, and then what else leads out of the house.

    Centres, further ways to people and orders of their own are drawn apart: the towns of old seeds stay as they were.
    """
    apart = Random(repr(rng.getstate()))
    town = Town([_committee(rng, number, today) for number in range(rng.choice((1, 1, 2)))])
    for c in town.committees:
        c.workers = [_with_further_ways(apart, one) for one in c.workers]
        c.responders = [_with_further_ways(apart, one) for one in c.responders]
        c.manager = None if c.manager is None else _with_further_ways(apart, c.manager)
        c.chains = [replace(one, chain=_led_out(apart, one.chain)) for one in c.chains]
    return town


def _with_further_ways(rng: Random, one: Someone) -> Someone:
    """Some have a telephone or a mail address as well, and some put what they have in an order of their own."""
    person, points = one.person, list(one.person.contact_points)
    for channel, address in ((Channel.VOICE, f"{person.name} telephone"), (Channel.MAIL, f"{person.name} mail")):
        if rng.random() < 0.25:
            point_id = ContactPointId(named(person.name, channel.value))
            points.append(ContactPoint(id=point_id, channel=channel, address=address, rank=2))
    if rng.random() < 0.5:
        ranks = rng.sample(range(len(points)), len(points))
        points = [replace(point, rank=rank) for point, rank in zip(points, ranks, strict=True)]
    return replace(one, person=replace(person, contact_points=tuple(points)))


def _led_out(rng: Random, chain: EscalationChain) -> EscalationChain:
    """Some steps tell a centre too, or one alone does; some ring and write as well, or keep to the author's order."""
    steps = [replace(step, own_order=rng.random() < 0.7) for step in chain.steps]
    for i, step in enumerate(steps):
        if rng.random() < 0.3:
            further = rng.sample((Medium.VOICE, Medium.MAIL), rng.randint(1, 2))
            steps[i] = replace(step, media=(*step.media, *further))
        if rng.random() < 0.2:
            steps[i] = replace(steps[i], targets=(*step.targets, ReceiverTarget(rng.choice(CENTRES))))
    if rng.random() < 0.3:
        wait = timedelta(seconds=rng.choice((30, 300)))
        alone = Step(targets=(ReceiverTarget(rng.choice(CENTRES)),), media=(), wait=wait, repeats=rng.choice((0, 0, 1)))
        steps.insert(rng.randint(0, len(steps)), alone)
    return replace(chain, steps=tuple(steps))


def _committee(rng: Random, number: int, today: date) -> Committee:
    c = Committee(CommitteeId(named("committee", number)), UnitId(named("unit", number)), TeamId(named("team", number)))
    c.operators = [Operator(UserId(named("operator", number, i))) for i in range(rng.randint(1, 3))]
    for i in range(rng.randint(2, 4)):
        c.places.append(
            Place(
                id=PlaceId(named("place", number, i)),
                name=f"Plats {i}",
                lat=57.9 + i / 100,
                lon=12.1 + number / 10,
                building_id=PlaceId(named("place", number, 0)) if i % 2 else None,
                unit_id=c.unit_id,
            )
        )
    for i in range(rng.randint(2, 4)):
        _add_worker(rng, c, number, i)
    for i in range(rng.randint(2, 5)):
        c.responders.append(_someone(rng, c, f"responder {number}.{i}", external=i > 1 and rng.random() < 0.3))
    c.manager = _someone(rng, c, f"manager {number}")
    if rng.random() < 0.7:
        c.flags.append(
            PlaceFlag(
                id=named("flag", number),
                place_id=c.places[-1].id,
                risk=rng.choice((Risk.RAISED, Risk.EVIDENT)),
                owner_id=c.manager.id,
                ground="hot",
                review_on=today + timedelta(days=60),
            )
        )
    if rng.random() < 0.5:
        c.tag = f"pool {number}"
        c.devices.append(
            Device(
                id=named("device", c.tag),
                protocol="watch",
                account=f"86700{number}0000",
                supervised=False,
                tag=c.tag,
                pool=True,
            )
        )
    for i in range(rng.randint(0, 2)):
        c.rotas.append(_rota(rng, c, number, i, today))
    c.chains = _chains(rng, c, number)
    return c


def _someone(rng: Random, c: Committee, name: str, *, external: bool = False) -> Someone:
    points = []
    if not external and rng.random() < 0.9:
        channel = rng.choice((Channel.APNS, Channel.FCM))
        points.append(ContactPoint(id=ContactPointId(named(name, "app")), channel=channel, address=f"{name} token"))
    if external or not points or rng.random() < 0.6:
        number = f"+4670{int(named(name)) % 10_000_000:07}"
        points.append(ContactPoint(id=ContactPointId(named(name, "sms")), channel=Channel.SMS, address=number, rank=1))
    person = Person(
        id=PersonId(named(name)),
        name=name,
        unit_id=c.unit_id,
        employer="Vakt AB" if external else None,
        external=external,
        teams=(c.team_id,) if rng.random() < 0.6 else (),
        contact_points=tuple(points),
        trained_on=date(2026, 1, 15),
    )
    habits = Habits(
        answers=rng.choice((0.0, 0.3, 0.6, 0.9)),
        declines=rng.choice((0.0, 0.2, 0.6)),
        vanishes=rng.choice((0.0, 0.3)),
        slow_s=rng.choice((5.0, 40.0, 400.0)),
        forgets=rng.choice((0.0, 0.1, 0.4)),
        sessions_a_day=rng.choice((0.0, 0.4, 1.0)),
        alarms_a_week=rng.choice((0.5, 2.0, 5.0)),
    )
    return Someone(person=person, committee_id=c.id, habits=habits)


def _add_worker(rng: Random, c: Committee, number: int, i: int) -> None:
    bare = _someone(rng, c, f"worker {number}.{i}")
    protocol = rng.choice(("watch", "watch", "app"))
    account = str(bare.id) if protocol == "app" else f"86600{number}{i:04}"
    supervised = rng.random() < 0.4
    c.workers.append(
        Someone(
            person=bare.person,
            committee_id=c.id,
            habits=bare.habits,
            receiver=receiver_of(protocol, c.id),
            account=account,
            hears_every_s=None if protocol == "app" or not supervised else 55.0,
        )
    )
    if protocol == "app":
        return
    options = {"countdown": "server"} if rng.random() < 0.6 else {}
    if rng.random() < 0.5:
        options["cancel"] = "button"
    c.devices.append(
        Device(
            id=named("device", account),
            protocol=protocol,
            account=account,
            options=options,
            supervised=supervised,
            worn_by=bare.id,
            supervision=SupervisionClass.SP2,
        )
    )


def _rota(rng: Random, c: Committee, number: int, i: int, today: date) -> Rota:
    crew = [one.id for one in c.responders]
    layers = tuple(
        Layer(
            name=f"lager {layer}",
            persons=tuple(rng.sample(crew, rng.randint(1, len(crew)))),
            starts_on=today - timedelta(days=rng.randint(0, 20)),
            hand_over=time(rng.choice((0, 2, 8, 16))),
            length_days=rng.choice((1, 7)),
            hours=rng.choice((None, None, (time(18), time(6)))),
            weekdays=rng.choice((frozenset(), frozenset({0, 1, 2, 3, 4}))),
        )
        for layer in range(rng.randint(1, 2))
    )
    midnight = datetime.combine(today, time(), tzinfo=UTC)
    overrides = tuple(
        Override(
            person_id=rng.choice(crew),
            from_at=midnight + timedelta(hours=from_hour),
            until_at=midnight + timedelta(hours=from_hour + rng.randint(1, 30)),
            layer=0,
            ground="byte",
            made_by=c.operators[0].user_id,
        )
        for from_hour in sorted(rng.sample(range(0, 160, 40), rng.randint(0, 3)))
    )
    return Rota(id=RotaId(named("rota", number, i)), name=f"Jour {i}", layers=layers, overrides=overrides)


def _chains(rng: Random, c: Committee, number: int) -> list[ChainChoice]:
    kinds: Sequence[AlarmKind | None] = rng.choice(
        (
            (None,),
            (None, AlarmKind.PANIC),
            (None, AlarmKind.MISSED_CHECK_IN, AlarmKind.GROUP_ALARM),
            (AlarmKind.PANIC, AlarmKind.FALL),
        )
    )
    return [
        ChainChoice(
            id=named("choice", number, i),
            chain=_chain(rng, c, f"chain {number}.{i}", upgrades=kind is AlarmKind.GROUP_ALARM),
            kind=kind,
            unit_id=rng.choice((None, c.unit_id)),
        )
        for i, kind in enumerate(kinds)
    ]


def _chain(rng: Random, c: Committee, name: str, *, upgrades: bool) -> EscalationChain:
    return EscalationChain(
        id=ChainId(named(name)),
        version=1,
        name=name,
        steps=tuple(_step(rng, c, first=i == 0) for i in range(rng.randint(1, 4))),
        acknowledge_lapse=timedelta(seconds=rng.choice((60, 120, 600))),
        attention_lapse=timedelta(seconds=rng.choice((300, 900, 3600))),
        loop_wait=timedelta(seconds=rng.choice((60, 300, 600))),
        restart_on_graver=rng.random() < 0.8,
        idle_after=timedelta(seconds=rng.choice((30, 60, 300))),
        upgrade_to=AlarmKind.PANIC if upgrades else None,
    )


def _step(rng: Random, c: Committee, *, first: bool) -> Step:
    everyone = [*c.responders, *c.workers]
    kinds: list[Target] = [
        PersonTarget(rng.choice(everyone).id),
        PersonTarget(rng.choice(c.responders).id),
        TeamTarget(c.team_id),
        NearestTarget(count=rng.randint(1, 3), within_m=rng.choice((500, 5_000))),
        BuildingTarget(),
        ManagerTarget(),
        DeskTarget(),
        *(OnCallTarget(rota.id) for rota in c.rotas),
    ]
    targets = rng.sample(kinds, rng.randint(1, 3))
    if first and rng.random() < 0.7 and DeskTarget() not in targets:
        targets.append(DeskTarget())
    media = rng.sample((Medium.PUSH, Medium.SMS), rng.randint(1, 2))
    if rng.random() < 0.1:
        media.append(Medium.CONSOLE)
    return Step(
        targets=tuple(targets),
        media=tuple(media),
        wait=timedelta(seconds=rng.choice((30, 60, 180, 600))),
        all_at_once=rng.random() < 0.6,
        medium_wait=timedelta(seconds=rng.choice((10, 20, 60))),
        responders_needed=rng.choice((1, 1, 1, 2)),
        in_turn=rng.random() < 0.35,
        turn_wait=timedelta(seconds=rng.choice((10, 30, 90))),
        repeats=rng.choice((0, 0, 0, 1, 2)),
        when=_condition(rng, c),
    )


def _condition(rng: Random, c: Committee) -> Condition:
    if rng.random() < 0.7:
        return ALWAYS
    return Condition(
        kinds=rng.choice((frozenset(), frozenset({AlarmKind.PANIC, AlarmKind.FALL}))),
        silent=rng.choice((None, None, True, False)),
        hours=rng.choice((None, (time(6), time(22)), (time(20), time(7)))),
        weekdays=rng.choice((frozenset(), frozenset({5, 6}))),
        holiday=rng.choice((None, None, True, False)),
        units=rng.choice((frozenset(), frozenset({c.unit_id}))),
        risk=rng.choice((Risk.NONE, Risk.NONE, Risk.RAISED)),
    )
