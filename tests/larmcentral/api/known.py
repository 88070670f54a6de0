"""What is known in care, for the tests of the API: Anna works alone at a flagged place, Bo is on call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from escalation.alarm import AlarmKind
from escalation.chain import Channel, Contact, DeskTarget, EscalationChain, Medium, PersonTarget, Roster, Step
from escalation.ids import ChainId, CommitteeId, ContactPointId, OrganisationId, PersonId, RotaId, UnitId
from escalation.rota import Layer, Rota
from larmcentral.domain.reach import HouseUnit
from larmcentral.domain.templates import KeptTemplate, Template, TemplateKey
from larmcentral.domain.users import PinHashes
from larmcentral.domain.views_house import (
    DeskPicture,
    DeskSeat,
    DryCall,
    HandoverCase,
    HandoverView,
    LedgerRow,
    LoanView,
    PoolRow,
    SeatPressure,
)
from larmcentral.domain.views_persons import Dossier, Kin
from larmcentral.domain.views_places import FlagView, PlaceChoice, PlaceView
from larmcentral.domain.views_points import ChannelView, PointView, ServiceMessageView
from larmcentral.domain.views_work import OwnAlarm, OwnPreAlarm, OwnSession, OwnWork, SessionView
from tests.builders import NOON
from tests.fakes.house_commands import (
    WrittenAnswers,
    WrittenBoards,
    WrittenDesk,
    WrittenDryRuns,
    WrittenPool,
    WrittenWork,
)
from tests.fakes.house_orders import WrittenOrders
from tests.fakes.house_persons import KnownDossiers
from tests.fakes.house_points import KnownPoints, WrittenPoints
from tests.fakes.house_reads import KnownChains, KnownHouse, KnownPins, KnownPlaces, KnownRotas, KnownWork
from tests.fakes.intake import FakeIntake
from tests.fakes.memory_templates import MemoryTemplates
from tests.fakes.written_calls import OneTone, WrittenCalls

PIN, DURESS_PIN = "1234", "9999"


@dataclass
class Known:
    """Reads and commands, one each. ids: of the things that are known."""

    work: KnownWork
    pins: KnownPins
    places: KnownPlaces
    rotas: KnownRotas
    chains: KnownChains
    house: KnownHouse
    intake: FakeIntake
    lone_work: WrittenWork
    desk: WrittenDesk
    pool: WrittenPool
    answers: WrittenAnswers
    calls: WrittenCalls
    speech: OneTone
    dry_runs: WrittenDryRuns
    reach: WrittenBoards
    dossiers: KnownDossiers
    points: KnownPoints
    point_commands: WrittenPoints
    orders: WrittenOrders
    templates: MemoryTemplates
    ids: dict[str, UUID]


def known(care: UUID, anna: UUID, bo: UUID, *, pins: PinHashes, password_hash: str) -> Known:
    """Build it. pins: of PIN and DURESS_PIN, for everybody."""
    ids = {name: uuid5(care, name) for name in ("session", "place", "rota", "chain", "handover", "loan", "incident")}
    ids |= {name: uuid5(care, name) for name in ("point", "message", "template", "alarm", "order", "plan")}
    session = SessionView(
        id=ids["session"],
        committee_id=care,
        person_id=anna,
        person="Anna",
        phone="+46701740601",
        place_id=ids["place"],
        place="Storgatan 1",
        purpose="hembesök",
        memo=None,
        companions=(),
        started_at=NOON,
        check_in_due_at=NOON + timedelta(minutes=20),
        ends_at=None,
        answer_by=None,
        stage="running",
    )
    work = KnownWork(care, session)
    work.own[PersonId(anna)] = OwnWork(
        session=OwnSession(
            place_id=ids["place"],
            place="Storgatan 1",
            purpose="hembesök",
            companions=(),
            started_at=NOON,
            check_in_every_s=1200.0,
            shortened=False,
            check_in_due_at=NOON + timedelta(minutes=20),
            ends_at=None,
            answer_by=None,
            stage="running",
        ),
        pre_alarm=OwnPreAlarm(kind="fall", began_at=NOON, alarm_at=NOON + timedelta(seconds=30)),
        alarms=(OwnAlarm(id=ids["incident"], kind="panic", purpose="real", opened_at=NOON, stage="taken"),),
        shift_until=None,
        pin_set=True,
    )
    choice = PlaceChoice(
        id=ids["place"],
        committee_id=care,
        name="Storgatan 1",
        address="Storgatan 1, 442 30 Kungälv",
        risk="evident",
        no_signal_at=None,
    )
    place = PlaceView(
        id=ids["place"],
        committee_id=care,
        name="Storgatan 1",
        address="Storgatan 1, 442 30 Kungälv",
        floor="3 tr",
        door_code="1947",
        notes="hund",
        lat=57.87,
        lon=11.98,
        building_id=None,
        unit_id=None,
        plan_type="image/svg+xml",
        flag=FlagView(
            risk="evident", owner_id=bo, owner="Bo", ground="hot i maj", review_on=date(2027, 1, 15), set_at=NOON
        ),
        no_signal_at=None,
    )
    rota = Rota(
        id=RotaId(ids["rota"]),
        name="Jour Nord",
        layers=(Layer(name="Först", persons=(PersonId(bo), PersonId(anna)), starts_on=date(2026, 11, 16)),),
    )
    return Known(
        work=work,
        pins=KnownPins(pins, password_hash),
        places=KnownPlaces(care, choice, place),
        rotas=KnownRotas(care, rota, {PersonId(anna): "Anna", PersonId(bo): "Bo"}),
        chains=KnownChains(care, *_chain(ids["chain"], bo)),
        house=_house(care, ids, anna, bo),
        intake=FakeIntake(),
        lone_work=WrittenWork(care, ids["session"]),
        desk=WrittenDesk(care, ids["handover"]),
        pool=WrittenPool(care, ids["loan"]),
        answers=WrittenAnswers(care, ids["incident"]),
        calls=WrittenCalls(),
        speech=OneTone(),
        dry_runs=_dry_runs(care, ids["incident"], bo),
        reach=_boards(care, ids["incident"], bo),
        dossiers=KnownDossiers(care, _dossier(anna)),
        points=_points(care, ids, anna, bo),
        templates=_templates(care, ids["template"]),
        point_commands=WrittenPoints(care, ids["message"], [anna, bo]),
        orders=WrittenOrders(care, ids["order"]),
        ids=ids,
    )


def _points(care: UUID, ids: dict[str, UUID], anna: UUID, bo: UUID) -> KnownPoints:
    message = ServiceMessageView(
        id=ids["message"],
        kind="test",
        channel="sms",
        point_id=ids["point"],
        receiver=None,
        asked_at=NOON,
        state="delivered",
        settled_at=NOON + timedelta(seconds=2),
        tries=1,
        provider="46elks",
        seconds=0.4,
        reason="",
        answer="created",
    )
    point = PointView(
        id=ids["point"],
        committee_id=care,
        person_id=bo,
        person="Bo",
        channel="sms",
        address="+46701740605",
        label=None,
        rank=0,
        made_at=NOON,
        proof="code",
        verified_at=NOON,
        health="reached",
        last_reached_at=NOON,
        last_failed_at=None,
        last_failed_why=None,
        retired_at=None,
        retired_why=None,
    )
    app = replace(
        point, id=uuid5(care, "app"), person_id=anna, person="Anna", channel="fcm", address=None, proof="push"
    )
    known = KnownPoints(care, (point, app), message)
    known.used["sms"] = ChannelView(
        channel="sms", providers=(), proven=1, unproven=2, failing=0, retired=1, last_test=message
    )
    return known


def _templates(care: UUID, template_id: UUID) -> MemoryTemplates:
    """Care says in its own words that somebody fell."""
    shelf = MemoryTemplates()
    key = TemplateKey(Medium.SMS, AlarmKind.FALL, False, "sv")
    words = Template(key=key, title=None, body="Fall! Spring till {subject}, {place}.")
    shelf.kept[template_id] = KeptTemplate(
        organisation_id=OrganisationId(uuid5(care, "organisation")),
        committee_id=CommitteeId(care),
        id=template_id,
        template=words,
        version=1,
        made_at=NOON,
    )
    return shelf


def _chain(chain_id: UUID, bo: UUID) -> tuple[EscalationChain, Roster]:
    target = PersonTarget(PersonId(bo))
    step = Step(targets=(target, DeskTarget()), media=(Medium.PUSH, Medium.CONSOLE), wait=timedelta(seconds=60))
    point = Contact(ContactPointId(uuid5(chain_id, "point")), PersonId(bo), Channel.FCM)
    chain = EscalationChain(id=ChainId(chain_id), version=4, name="Omsorg", steps=(step,))
    return chain, Roster({target: (point,)})


def _house(care: UUID, ids: dict[str, UUID], anna: UUID, bo: UUID) -> KnownHouse:
    house = KnownHouse(care)
    house.pressure = DeskPicture(
        at=NOON,
        seats=(SeatPressure(user_id=uuid5(care, "user"), name="Karin", since=NOON, load=2, alarms_10_min=1),),
        opened_10_min=11,
        untaken=3,
        per_operator=11.0,
        flood=True,
    )
    house.known_units = (
        HouseUnit(
            organisation_id=OrganisationId(uuid5(care, "organisation")),
            committee_id=CommitteeId(care),
            unit_id=UnitId(uuid5(care, "unit")),
            name="Hemtjänst Nord",
        ),
    )
    house.seats = (DeskSeat(user_id=uuid5(care, "user"), name="Karin", since=NOON, seen_at=NOON, load=2),)
    case = HandoverCase(
        incident_id=ids["incident"], kind="panic", gravity=1, state="open", person="Anna", opened_at=NOON
    )
    house.lists = (
        HandoverView(
            id=ids["handover"],
            made_at=NOON,
            from_user_id=uuid5(care, "user"),
            from_user="Karin",
            to_user_id=None,
            to_user=None,
            signed_by=(),
            cases=(case,),
        ),
    )
    house.devices = (
        PoolRow(
            device_id=uuid5(care, "device"),
            committee_id=care,
            tag="14",
            label="Klocka 14",
            battery_pct=80,
            last_seen_at=NOON,
            tested_at=NOON,
            loan=LoanView(person_id=anna, person="Anna", out_at=NOON, due_back_at=NOON + timedelta(hours=8)),
        ),
    )
    house.ledger = (
        LedgerRow(
            incident_id=ids["incident"],
            device_id=uuid5(care, "device"),
            label="Klocka 14",
            person="Anna",
            pressed_at=NOON,
            received_at=NOON,
            reached_desk_at=NOON,
        ),
    )
    return house


def _dossier(anna: UUID) -> Dossier:
    return Dossier(
        person_id=anna,
        name="Anna",
        unit="Hemtjänst Nord",
        teams=("Natt",),
        employer=None,
        phone="+46701740601",
        photo=True,
        notes="Epilepsi.",
        next_of_kin=(Kin(name="Bo", relation="make", phone="+46701740605"),),
        may_see_kin=True,
    )


def _boards(care: UUID, made: UUID, bo: UUID) -> WrittenBoards:
    boards = WrittenBoards(care, made)
    boards.persons = (PersonId(bo),)
    return boards


def _dry_runs(care: UUID, made: UUID, bo: UUID) -> WrittenDryRuns:
    runs = WrittenDryRuns(care, made)
    runs.calls = (
        DryCall(after_s=0.0, what="told", step=0, round=1, person_id=bo, person="Bo", channel="fcm"),
        DryCall(after_s=60.0, what="used_up", step=None, round=1),
    )
    return runs
