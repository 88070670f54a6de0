"""Whatever a chain says, whoever stands behind it and whatever happens: no drill and no test ever leaves the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import Channel, Contact, DeskTarget, EscalationChain, Medium, ReceiverTarget, Roster, Step, Target
from escalation.effects import ForwardNotice, OutwardNotice
from escalation.events import (
    Absorbed,
    Acknowledged,
    Arrived,
    Declined,
    DeliveryDelayed,
    DeliveryFailed,
    EscalatedNow,
    Event,
    ForwardFailed,
    ForwardTaken,
    JumpedTo,
    OnTheWay,
    Outcome,
    PeopleAdded,
    Responder,
    StoodDown,
)
from escalation.ids import IncidentId, NoticeId, PersonId
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAY_TEAM,
    FIA,
    INCIDENT,
    MANAGERS,
    NORD,
    SYD,
    Case,
    alarm,
    chain,
    person,
    point,
)

PEOPLE = (ANNA, BO, CIA)
ASKED: tuple[Target, ...] = (*map(person, PEOPLE), DAY_TEAM, MANAGERS)
CENTRES: tuple[ReceiverTarget, ...] = (NORD, SYD)
OTHER = IncidentId(UUID(int=0xA2))
IN_HOUSE = {Channel.APNS, Channel.FCM, Channel.WEB_PUSH, Channel.CONSOLE}

contacts: st.SearchStrategy[Contact] = st.builds(
    point,
    st.sampled_from(PEOPLE),
    st.sampled_from(Channel),
    external=st.booleans(),
    rank=st.integers(0, 3),
    dead=st.booleans(),
)
rosters = st.builds(
    Roster,
    st.dictionaries(st.sampled_from((*ASKED, *CENTRES)), st.lists(contacts, max_size=8).map(tuple), max_size=7),
)
targets = st.sampled_from((*ASKED, *CENTRES, DeskTarget()))
steps = st.builds(
    Step,
    targets=st.tuples(st.sampled_from(CENTRES), targets, targets),
    media=st.permutations(list(Medium)).map(tuple),
    wait=st.sampled_from([timedelta(seconds=1), timedelta(seconds=30)]),
    all_at_once=st.booleans(),
    medium_wait=st.just(timedelta(seconds=5)),
    in_turn=st.booleans(),
    repeats=st.integers(0, 1),
    own_order=st.booleans(),
)
chains: st.SearchStrategy[EscalationChain] = st.lists(steps, min_size=1, max_size=3).map(lambda all_of: chain(*all_of))
WORDS = (
    "time",
    "add",
    "now",
    "jump",
    "graver",
    "take",
    "yes",
    "arrived",
    "no",
    "failed",
    "delayed",
    "forward failed",
    "forward taken",
    "absorb",
)


@given(
    whole=chains,
    behind=rosters,
    purpose=st.sampled_from([Purpose.DRILL, Purpose.TEST]),
    kind=st.sampled_from(AlarmKind),
    happens=st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(PEOPLE)), max_size=12),
)
def test_nothing_that_happens_to_a_drill_or_a_test_builds_a_notice_that_leaves_the_house(
    whole: EscalationChain,
    behind: Roster,
    purpose: Purpose,
    kind: AlarmKind,
    happens: Sequence[tuple[str, PersonId]],
) -> None:
    case = Case(whole, behind, purpose=purpose, kind=kind)
    for word, who in happens:
        if word == "time":
            case.passes(31)
            continue
        try:
            case.happens(made(case, word, Responder(who)))
        except Refused:
            continue
    case.happens(StoodDown(FIA, Outcome.TEST, "", behind))
    for notice in case.notices:
        assert not isinstance(notice, OutwardNotice | ForwardNotice)
        assert notice.channel in IN_HOUSE
    assert case.incident.forwards == ()


def made(case: Case, word: str, by: Responder) -> Event:
    """What is meant by a word, as it could come; events of centres too, though none can have been told."""
    behind, whole = case.roster, case.incident.chain
    newest = next((one.id for one in reversed(case.notices) if one.person_id == by.person_id), NoticeId(INCIDENT))
    events: dict[str, Event] = {
        "add": PeopleAdded(FIA, (*CENTRES, person(by.person_id)), behind),
        "now": EscalatedNow(FIA, behind),
        "jump": JumpedTo(FIA, 0, behind),
        "graver": alarm(whole, behind, AlarmKind.DURESS, signal=2),
        "take": Acknowledged(FIA, behind),
        "yes": OnTheWay(by, behind),
        "arrived": Arrived(by, behind),
        "no": Declined(by, behind),
        "failed": DeliveryFailed(newest, by.person_id, behind),
        "delayed": DeliveryDelayed(newest, by.person_id, behind),
        "forward failed": ForwardFailed(newest, "nord", True, behind),
        "forward taken": ForwardTaken(newest, "nord", "primary", True),
        "absorb": Absorbed(FIA, OTHER, AlarmKind.PANIC, ("nord",)),
    }
    return events[word]
