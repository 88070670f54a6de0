"""A chain reads back as what it was, and what is no chain is refused by name."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import (
    ALWAYS,
    BuildingTarget,
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
    TeamTarget,
)
from escalation.ids import ChainId, PersonId, RotaId, TeamId, UnitId
from larmcentral.domain.chain_json import dump_chain, load_chain
from tests.world import UNIT, chain

_targets = st.one_of(
    st.uuids().map(lambda i: PersonTarget(PersonId(i))),
    st.uuids().map(lambda i: TeamTarget(TeamId(i))),
    st.uuids().map(lambda i: OnCallTarget(RotaId(i))),
    st.builds(NearestTarget, st.integers(1, 9), st.integers(1, 99_999)),
    st.text(min_size=1, max_size=9).map(ReceiverTarget),
    st.sampled_from([BuildingTarget(), ManagerTarget(), DeskTarget()]),
)
_waits = st.integers(1, 10_000).map(lambda ms: timedelta(milliseconds=ms * 10))
_conditions = st.builds(
    Condition,
    kinds=st.frozensets(st.sampled_from(AlarmKind), max_size=3),
    silent=st.none() | st.booleans(),
    hours=st.none() | st.tuples(st.times(), st.times()),
    weekdays=st.frozensets(st.integers(0, 6)),
    holiday=st.none() | st.booleans(),
    units=st.frozensets(st.uuids().map(UnitId), max_size=2),
    risk=st.sampled_from(Risk),
)
_steps = st.builds(
    Step,
    targets=st.lists(_targets, max_size=4).map(tuple),
    media=st.lists(st.sampled_from(Medium), max_size=3).map(tuple),
    wait=_waits,
    all_at_once=st.booleans(),
    medium_wait=_waits,
    responders_needed=st.integers(1, 5),
    in_turn=st.booleans(),
    turn_wait=_waits,
    repeats=st.integers(0, 3),
    when=st.just(ALWAYS) | _conditions,
    own_order=st.booleans(),
)
_chains = st.builds(
    EscalationChain,
    id=st.uuids().map(ChainId),
    version=st.integers(1, 99),
    name=st.text(max_size=20),
    steps=st.lists(_steps, max_size=4).map(tuple),
    acknowledge_lapse=_waits,
    attention_lapse=_waits,
    loop_wait=_waits,
    restart_on_graver=st.booleans(),
    idle_after=_waits,
    upgrade_to=st.none() | st.sampled_from(AlarmKind),
)


@given(_chains)
def test_a_chain_reads_back_as_it_was(made: EscalationChain) -> None:
    assert load_chain(dump_chain(made)) == made


def test_an_author_writes_what_is_not_as_usual() -> None:
    body = {
        "id": "0198f000-0000-7000-8000-000000000001",
        "version": 3,
        "name": "Bråk",
        "upgrade_to": "hold_up",
        "idle_after_s": 90,
        "steps": [
            {
                "targets": [{"building": True}, {"nearest": {"count": 3, "within_m": 2000}}, {"receiver": "sos"}],
                "media": ["push"],
                "wait_s": 45,
                "in_turn": True,
                "turn_wait_s": 20,
                "repeats": 1,
                "when": {"hours": ["22:00", "06:00"], "risk": "evident", "units": [str(UNIT)], "holiday": False},
            }
        ],
    }
    assert load_chain(body) == EscalationChain(
        id=ChainId(UUID("0198f000-0000-7000-8000-000000000001")),
        version=3,
        name="Bråk",
        upgrade_to=AlarmKind.HOLD_UP,
        idle_after=timedelta(seconds=90),
        steps=(
            Step(
                targets=(BuildingTarget(), NearestTarget(3, 2000), ReceiverTarget("sos")),
                media=(Medium.PUSH,),
                wait=timedelta(seconds=45),
                in_turn=True,
                turn_wait=timedelta(seconds=20),
                repeats=1,
                when=Condition(
                    hours=(time(22), time(6)), risk=Risk.EVIDENT, units=frozenset({UnitId(UNIT)}), holiday=False
                ),
            ),
        ),
    )


def test_a_chain_from_before_people_had_an_order_of_their_own_leaves_it_to_them() -> None:
    body = dump_chain(chain())
    for one in body["steps"]:
        del one["own_order"]
    assert load_chain(body) == chain()
    assert all(one.own_order for one in load_chain(body).steps)
    body["steps"][0]["own_order"] = False
    assert not load_chain(body).steps[0].own_order


def test_every_medium_and_a_centre_may_be_written() -> None:
    body = dump_chain(chain())
    media = ["push", "sms", "voice", "mail", "teams", "webhook", "pager", "console"]
    body["steps"][0] |= {"media": media, "targets": [{"receiver": "nord"}]}
    first = load_chain(body).steps[0]
    assert (first.media, first.targets) == (tuple(Medium), (ReceiverTarget("nord"),))


@pytest.mark.parametrize(
    ("where", "wrong", "named"),
    [
        ("chain", {"loop_waits_s": 1}, "loop_waits_s"),
        ("step", {"turn_s": 5}, "turn_s"),
        ("step", {"when": {"hour": ["22:00", "06:00"]}}, "hour"),
        ("step", {"when": {"hours": ["22:00"]}}, "hours"),
        ("step", {"when": {"risk": "high"}}, "risk"),
        ("step", {"when": {"kinds": ["panick"]}}, "panick"),
        ("step", {"targets": [{"persons": "x"}]}, "persons"),
        ("step", {"targets": [{"nearest": {"count": 3}}]}, "nearest"),
        ("step", {"targets": [{"nearest": {"count": 3, "within_m": 5, "fresh_s": 1}}]}, "nearest"),
        ("step", {"targets": [{"desk": True, "manager": True}]}, "manager"),
        ("step", {"targets": [{"building": False}]}, "building"),
        ("step", {"media": ["pigeon"]}, "pigeon"),
    ],
)
def test_what_nobody_would_read_is_refused_by_name(where: str, wrong: dict[str, Any], named: str) -> None:
    body = dump_chain(chain())
    (body if where == "chain" else body["steps"][0]).update(wrong)
    with pytest.raises(ValueError, match=named):
        load_chain(body)
