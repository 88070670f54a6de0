"""What every kind of vigil keeps: it can say when it is due, and the database gives it back as it was."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from escalation.alarm import AlarmKind
from escalation.events import Responder, Wearer
from escalation.handover import CaseLine, Signed, decide_handover, start_handover
from escalation.ids import DeviceId, IncidentId, PlaceId, SignalId
from escalation.incident import State
from escalation.loan import decide_loan, start_loan
from escalation.plan import SafetyPlan
from escalation.pre_alarm import start_pre_alarm
from escalation.session_course import decide_session, start_session
from escalation.session_events import ContactLost, WelfareAsked
from escalation.session_rules import Allowed, PlaceFacts, StartRequest, judge
from escalation.supervision import Looked, SupervisionClass, decide_supervision, start_supervision
from escalation.vigil import DURESS_CALL, CallForHelp, Core, Due, VigilDecision, VigilKind
from tests.escalation.cast import ANNA, BO, FIA, GUN

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAN = SafetyPlan()
DEVICE = DeviceId(UUID(int=14))


def session() -> Core:
    request = StartRequest(
        person_id=ANNA,
        purpose="home visit",
        place_id=PlaceId(UUID(int=7)),
        ends_at=NOON + HOUR,
        companions=(BO,),
        group=UUID(int=6),
        memo="cellar",
        recording="memo/17",
    )
    allowed = judge(request, PlaceFacts(no_coverage=True), PLAN, NOON, date(2026, 3, 2))
    assert isinstance(allowed, Allowed)
    core = start_session(request, allowed, PLAN, NOON).core
    core = decide_session(core, WelfareAsked(Responder(BO)), NOON + HOUR).core
    return decide_session(core, ContactLost(NOON), NOON + HOUR).core


def pre_alarm() -> Core:
    signal_id = SignalId(UUID(int=5))
    return start_pre_alarm(ANNA, AlarmKind.FALL, PLAN, NOON, signal_id=signal_id, event_at=NOON, silent=True).core


def supervision() -> Core:
    core = start_supervision(DEVICE, ANNA, SupervisionClass.SP6.window, NOON).core
    return decide_supervision(core, Looked(NOON, in_session=True), NOON + HOUR).core


def loan() -> Core:
    core = start_loan(DEVICE, ANNA, NOON + HOUR, PLAN, NOON, Wearer(ANNA)).core
    return decide_loan(core, Due(), NOON + 2 * HOUR).core


def handover() -> Core:
    case = CaseLine(IncidentId(UUID(int=1)), AlarmKind.PANIC, State.ACKNOWLEDGED, HOUR)
    core = start_handover(FIA, None, (case,), PLAN, NOON).core
    return decide_handover(core, Signed(GUN), NOON).core


KINDS = {
    VigilKind.SESSION: session,
    VigilKind.PRE_ALARM: pre_alarm,
    VigilKind.SUPERVISION: supervision,
    VigilKind.LOAN: loan,
    VigilKind.HANDOVER: handover,
}


@pytest.mark.parametrize("kind", VigilKind)
def test_every_kind_is_kept_as_json_and_read_back_as_it_was(kind: VigilKind) -> None:
    core = KINDS[kind]()
    assert is_dataclass(core)
    assert msgspec.json.decode(msgspec.json.encode(core), type=type(core)) == core


@pytest.mark.parametrize("kind", VigilKind)
def test_every_kind_says_when_it_is_due_and_that_it_has_not_ended(kind: VigilKind) -> None:
    core = KINDS[kind]()
    assert core.due_at is not None
    assert core.due_at.utcoffset() == timedelta(0)
    assert core.ended_at is None


def test_the_call_under_duress_is_covert() -> None:
    assert CallForHelp(AlarmKind.DURESS, "duress_pin", silent=True) == DURESS_CALL


def test_a_decision_that_is_not_told_otherwise_was_not_refused() -> None:
    assert VigilDecision(pre_alarm()).refused is None
