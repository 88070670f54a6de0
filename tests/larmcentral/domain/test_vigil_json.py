"""What the database keeps of a vigil reads back as what it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.awaited import Awaited
from escalation.events import Operator
from escalation.handover import CaseLine, start_handover
from escalation.ids import DeviceId, IncidentId, PlaceId, SignalId, UserId
from escalation.incident import State
from escalation.loan import start_loan
from escalation.plan import SafetyPlan
from escalation.pre_alarm import start_pre_alarm
from escalation.session import Cause, Raised, Session, Welfare
from escalation.supervision import start_supervision
from escalation.vigil import VigilKind
from larmcentral.domain.vigil import VigilCore
from larmcentral.domain.vigil_json import dump_core, load_core
from tests.world import ANNA, BO, T0, an_id

KARIN = Operator(UserId(an_id("karin")), BO)
WATCH = DeviceId(an_id("watch"))
PLAN = SafetyPlan(fall_countdown=timedelta(seconds=7), check_in_reminders=(timedelta(minutes=-1),))
IN_HALF = T0 + timedelta(minutes=30, microseconds=1)

SESSION = Session(
    person_id=ANNA,
    started_at=T0,
    plan=PLAN,
    purpose="hembesök",
    place_id=PlaceId(an_id("cottage")),
    memo="hund på gården",
    recording="audio/ogg",
    companions=(BO,),
    group=an_id("group"),
    check_in_every=timedelta(minutes=15),
    shortened=True,
    check_in=Awaited(IN_HALF, T0),
    end=Awaited(IN_HALF, T0),
    welfare=Welfare(T0, IN_HALF, user_id=KARIN.user_id),
    raised=(Raised(Cause.CHECK_IN, T0), Raised(Cause.OVERDUE, IN_HALF)),
    lost_contact_at=T0,
    words=4,
)
CASE = CaseLine(IncidentId(an_id("i")), AlarmKind.PANIC, State.OPEN, timedelta(minutes=3))


@pytest.mark.parametrize(
    ("kind", "core"),
    [
        (VigilKind.SESSION, SESSION),
        (VigilKind.SESSION, replace(SESSION, ended_at=IN_HALF, ended_how="app", welfare=None)),
        (
            VigilKind.PRE_ALARM,
            start_pre_alarm(ANNA, AlarmKind.FALL, PLAN, T0, signal_id=SignalId(an_id("s")), event_at=T0).core,
        ),
        (VigilKind.SUPERVISION, start_supervision(WATCH, None, timedelta(minutes=5), T0).core),
        (
            VigilKind.SUPERVISION,
            replace(start_supervision(WATCH, ANNA, timedelta(hours=25), T0).core, lost_at=T0, raised=AlarmKind.TAMPER),
        ),
        (VigilKind.LOAN, start_loan(WATCH, ANNA, IN_HALF, PLAN, T0, KARIN).core),
        (VigilKind.HANDOVER, start_handover(KARIN, None, (CASE,), PLAN, T0).core),
    ],
)
def test_a_vigil_reads_back_as_it_was(kind: VigilKind, core: VigilCore) -> None:
    assert load_core(kind, dump_core(core)) == core


def test_a_vigil_of_an_older_version_takes_defaults_for_what_it_did_not_have() -> None:
    old = json.loads(dump_core(SESSION))
    del old["lost_contact_at"], old["words"]
    assert load_core(VigilKind.SESSION, json.dumps(old)) == replace(SESSION, lost_contact_at=None, words=0)
