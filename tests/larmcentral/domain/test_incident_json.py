"""What the database keeps reads back as what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import DeskTarget, EscalationChain, Medium, PersonTarget, Roster, Step, TeamTarget
from escalation.events import AlarmRaised, Operator, Outcome
from escalation.ids import ChainId, IncidentId, PersonId, SignalId, TeamId, UserId
from escalation.incident import Incident, IncidentResponder, ResponderState, State
from escalation.opening import open_incident
from escalation.purpose import Purpose
from larmcentral.domain.incident_json import dump_chain, dump_incident, load_chain, load_incident
from tests.world import BO, T0, an_id, chain

_targets = st.one_of(
    st.uuids().map(lambda i: PersonTarget(PersonId(i))),
    st.uuids().map(lambda i: TeamTarget(TeamId(i))),
    st.just(DeskTarget()),
)
_waits = st.integers(1, 10_000).map(lambda ms: timedelta(milliseconds=ms * 10))
_steps = st.builds(
    Step,
    targets=st.lists(_targets, max_size=4).map(tuple),
    media=st.lists(st.sampled_from(Medium), max_size=3).map(tuple),
    wait=_waits,
    all_at_once=st.booleans(),
    medium_wait=_waits,
    responders_needed=st.integers(1, 5),
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
)


@given(_chains)
def test_a_chain_reads_back_as_it_was(made: EscalationChain) -> None:
    assert load_chain(dump_chain(made)) == made


def test_a_target_that_is_none_is_refused_by_name() -> None:
    body = dump_chain(chain())
    body["steps"][0]["targets"] = [{"persons": "x"}]
    with pytest.raises(ValueError, match="persons"):
        load_chain(body)


def test_an_incident_reads_back_as_it_was() -> None:
    raised = AlarmRaised(
        signal_id=SignalId(an_id("s")), kind=AlarmKind.FALL, silent=True, lateness=None, chain=chain(), roster=Roster()
    )
    opened = open_incident(IncidentId(an_id("i")), Purpose.DRILL, raised, T0, BO).incident
    lived = replace(
        opened,
        state=State.STOOD_DOWN,
        owner=Operator(UserId(an_id("karin")), BO),
        outcome=Outcome.DRILL,
        acknowledged_at=T0,
        stood_down_at=T0 + timedelta(microseconds=1),
        responders=(
            IncidentResponder(person_id=BO, state=ResponderState.ON_SITE, since=T0, step=1, medium=2, attempts=3),
        ),
    )
    for incident in (opened, lived):
        assert load_incident(dump_incident(incident), incident.chain) == incident


def test_an_incident_of_an_older_version_takes_defaults_for_what_it_did_not_have() -> None:
    raised = AlarmRaised(
        signal_id=SignalId(an_id("s")), kind=AlarmKind.FALL, silent=True, lateness=None, chain=chain(), roster=Roster()
    )
    incident: Incident = open_incident(IncidentId(an_id("i")), Purpose.REAL, raised, T0).incident
    old = dump_incident(incident).replace(',"subject":null', "")
    assert "subject" not in old
    assert load_incident(old, incident.chain) == incident
