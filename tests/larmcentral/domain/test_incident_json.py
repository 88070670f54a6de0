"""What the database keeps reads back as what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.effects import About
from escalation.events import AlarmRaised, ClosingAnswer, Operator, Outcome
from escalation.ids import IncidentId, NoticeId, SignalId, UserId
from escalation.incident import Forward, ForwardState, Incident, IncidentResponder, ResponderState, State
from escalation.opening import open_incident
from escalation.purpose import Purpose
from larmcentral.domain.incident_json import dump_incident, load_incident
from tests.world import BO, CECILIA, T0, an_id, chain


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
        closing=(ClosingAnswer("cause", "misread", "skugga"),),
        acknowledged_at=T0,
        stood_down_at=T0 + timedelta(microseconds=1),
        queue=(BO, CECILIA),
        repeats_left=2,
        held_s=12.5,
        idle_fence=7,
        wearer_told=True,
        silence_only=True,
        merged_into=IncidentId(an_id("other")),
        responders=(
            IncidentResponder(person_id=BO, state=ResponderState.ON_SITE, since=T0, step=1, medium=2, attempts=3),
            IncidentResponder(
                person_id=CECILIA,
                state=ResponderState.NOTIFIED,
                since=T0,
                step=1,
                tried=(2, 0),
                waiting=(NoticeId(an_id("waits")),),
            ),
        ),
        forwards=(
            Forward(
                "nord", NoticeId(an_id("n")), AlarmKind.FALL, ForwardState.UNREACHED, attempt=2, took=True, lost=True
            ),
            Forward("syd", NoticeId(an_id("s")), AlarmKind.FALL, ForwardState.FILED, about=About.OVER),
        ),
        absorbed_receivers=("ost",),
    )
    for incident in (opened, lived):
        assert load_incident(dump_incident(incident), incident.chain) == incident


def test_an_incident_of_an_older_version_takes_defaults_for_what_it_did_not_have() -> None:
    raised = AlarmRaised(
        signal_id=SignalId(an_id("s")), kind=AlarmKind.FALL, silent=True, lateness=None, chain=chain(), roster=Roster()
    )
    incident: Incident = open_incident(IncidentId(an_id("i")), Purpose.REAL, raised, T0).incident
    old = dump_incident(incident).replace(',"subject":null', "")
    for added in (',"forwards":[]', ',"absorbed_receivers":[]', ',"closing":[]'):
        assert added in old
        old = old.replace(added, "")
    assert "subject" not in old
    assert load_incident(old, incident.chain) == incident
