"""Chains and rosters of every kind, for tests of what must hold of any of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import (
    ALWAYS,
    Channel,
    Circumstances,
    Condition,
    Medium,
    NearestTarget,
    OnCallTarget,
    Risk,
    Roster,
    Step,
    Target,
)
from escalation.ids import RotaId
from tests.escalation.cast import ANNA, BO, CIA, DAG, DAY_TEAM, DESK, EVA, MANAGERS, NORD, SYD, chain, person, point

PEOPLE = (ANNA, BO, CIA, DAG, EVA)
WEARER = DAG
POINTS = tuple(
    point(one, channel, external=one == EVA, rank=(3 * place + one.int) % 5, dead=dead)
    for one in PEOPLE
    for place, channel in enumerate(Channel)
    for dead in (False, True)
)  # EVA works for a guard company
NEAREST, NIGHT_ROTA = NearestTarget(2, 500), OnCallTarget(RotaId(UUID(int=41)))
ASKED: tuple[Target, ...] = (*(person(one) for one in PEOPLE), DAY_TEAM, NEAREST, NIGHT_ROTA, MANAGERS)
TARGETS: tuple[Target, ...] = (*ASKED, NORD, SYD, DESK)
CIRCUMSTANCES = (
    Circumstances(local=datetime.combine(date(2026, 3, 1), time(3)), holiday=True),
    Circumstances(local=datetime.combine(date(2026, 3, 2), time(12)), holiday=False, risk=Risk.EVIDENT),
)
conditions = st.sampled_from(
    [
        ALWAYS,
        ALWAYS,
        Condition(silent=False),
        Condition(kinds=frozenset({AlarmKind.PANIC, AlarmKind.FALL})),
        Condition(hours=(time(22), time(6)), risk=Risk.NONE),
        Condition(weekdays=frozenset(range(5)), holiday=False, risk=Risk.RAISED),
    ]
)
steps = st.builds(
    Step,
    targets=st.lists(st.sampled_from(TARGETS), max_size=4).map(tuple),
    media=st.lists(st.sampled_from(Medium), max_size=3).map(tuple),
    wait=st.sampled_from([timedelta(0), timedelta(seconds=1), timedelta(seconds=30), timedelta(seconds=90)]),
    all_at_once=st.booleans(),
    medium_wait=st.sampled_from([timedelta(seconds=1), timedelta(seconds=20), timedelta(seconds=50)]),
    responders_needed=st.integers(0, 3),
    in_turn=st.booleans(),
    turn_wait=st.sampled_from([timedelta(seconds=1), timedelta(seconds=15), timedelta(seconds=40)]),
    repeats=st.integers(0, 2),
    when=conditions,
    own_order=st.booleans(),
)
chains = st.builds(
    lambda steps, number, restart, kind: chain(*steps, number=number, restart=restart, upgrade_to=kind),
    st.lists(steps, max_size=4),
    st.integers(1, 9),
    st.booleans(),
    st.sampled_from([None, AlarmKind.PANIC, AlarmKind.FALL, AlarmKind.DURESS]),
)
rosters = st.builds(
    Roster,
    st.dictionaries(st.sampled_from(ASKED), st.lists(st.sampled_from(POINTS), max_size=6).map(tuple), max_size=6),
    st.sampled_from([None, *CIRCUMSTANCES]),
)
