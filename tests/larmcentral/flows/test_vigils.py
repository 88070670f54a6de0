"""From a decision of the rules to what is saved of it: each core goes to its own rules, and to no other's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About, SystemFault
from escalation.events import Operator, System, Wearer
from escalation.handover import start_handover
from escalation.ids import DeviceId, UserId, VigilId
from escalation.incident import Refused
from escalation.loan import start_loan
from escalation.plan import SafetyPlan
from escalation.pre_alarm import Cancelled, CancelledUnderDuress, start_pre_alarm
from escalation.session_course import start_session
from escalation.session_events import CheckedIn
from escalation.session_rules import Allowed, StartRequest
from escalation.supervision import start_supervision
from escalation.vigil import CallForHelp, RaiseFault, SendWord, VigilDecision, VigilKind
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, VigilCore, VigilRecord, undecided
from larmcentral.flows.vigils import begun, fallen_due, of_pre_alarm, of_session
from tests.stories.world import World
from tests.world import ANNA, CARE, ORGANISATION, T0, an_id

PLAN = SafetyPlan()
KARIN = Operator(UserId(an_id("karin")))
SUBJECT = Subject(organisation_id=ORGANISATION, committee_id=CARE, protocol="session", account="anna", person_id=ANNA)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def session() -> VigilDecision[VigilCore]:
    request = StartRequest(person_id=ANNA, purpose="hembesök", check_in_every=QUARTER)
    return start_session(request, Allowed(check_in_every=QUARTER), PLAN, T0)


def pre_alarm() -> VigilDecision[VigilCore]:
    return start_pre_alarm(ANNA, AlarmKind.FALL, PLAN, T0)


def loan() -> VigilDecision[VigilCore]:
    return start_loan(DeviceId(an_id("device")), ANNA, T0 + HOUR, PLAN, T0, KARIN)


def handover() -> VigilDecision[VigilCore]:
    return start_handover(KARIN, None, (), PLAN, T0)


def supervision() -> VigilDecision[VigilCore]:
    return start_supervision(DeviceId(an_id("device")), ANNA, HOUR, T0, heard_at=T0)


def stored(kind: VigilKind, decision: VigilDecision[VigilCore]) -> VigilChange:
    """A vigil as it was saved and locked again."""
    record = VigilRecord(
        id=VigilId(an_id("vigil")),
        kind=kind,
        subject=SUBJECT,
        core=decision.core,
        version=1,
        entries=len(decision.entries),
    )
    return undecided(record)


def test_a_new_vigil_counts_the_lines_of_its_log_from_one(world: World) -> None:
    decision = session()
    change = begun(SUBJECT, VigilKind.SESSION, decision, world.server.means)
    assert (change.before, change.after.version, change.after.entries) == (None, 1, len(decision.entries))
    assert (change.after.core, change.effects, change.log) == (decision.core, decision.effects, decision.entries)
    other = begun(SUBJECT, VigilKind.SESSION, decision, world.server.means)
    assert other.after.id != change.after.id


@pytest.mark.parametrize(
    ("kind", "begin", "after", "expected"),
    [
        (VigilKind.SESSION, session, QUARTER + PLAN.missed_after, CallForHelp),
        (VigilKind.PRE_ALARM, pre_alarm, HOUR, CallForHelp),
        (VigilKind.LOAN, loan, HOUR, SendWord),
        (VigilKind.HANDOVER, handover, PLAN.handover_within, RaiseFault),
    ],
)
def test_the_clock_moves_each_kind_by_its_own_rules(
    kind: VigilKind, begin: Callable[[], VigilDecision[VigilCore]], after: timedelta, expected: type[object]
) -> None:
    change = fallen_due(stored(kind, begin()), T0 + after)
    assert expected in {type(effect) for effect in change.effects}
    assert change.after.version == 2
    assert change.after.entries == len(begin().entries) + len(change.log)


@pytest.mark.parametrize(
    ("kind", "begin"),
    [
        (VigilKind.SESSION, session),
        (VigilKind.PRE_ALARM, pre_alarm),
        (VigilKind.LOAN, loan),
        (VigilKind.HANDOVER, handover),
    ],
)
def test_a_look_too_early_changes_nothing_and_files_nothing(
    kind: VigilKind, begin: Callable[[], VigilDecision[VigilCore]]
) -> None:
    change = fallen_due(stored(kind, begin()), T0)
    assert change.nothing
    assert change.effects == ()


def test_an_unsigned_list_says_it_to_managers_and_to_the_consoles_in_one_decision() -> None:
    word, fault = fallen_due(stored(VigilKind.HANDOVER, handover()), T0 + HOUR).effects
    assert isinstance(word, SendWord)
    assert (word.about, fault) == (About.HANDOVER_OPEN, RaiseFault(SystemFault.HANDOVER_OPEN))


def test_silence_is_never_judged_by_the_clock_alone() -> None:
    with pytest.raises(AssertionError, match="heard"):
        fallen_due(stored(VigilKind.SUPERVISION, supervision()), T0 + HOUR)


def test_what_is_no_session_is_not_checked_in_to_and_what_is_no_countdown_is_not_cancelled() -> None:
    with pytest.raises(AssertionError, match="loan is no session"):
        of_session(stored(VigilKind.LOAN, loan()), CheckedIn(Wearer(ANNA), "app"), T0)
    with pytest.raises(AssertionError, match="session is no pre-alarm"):
        of_pre_alarm(stored(VigilKind.SESSION, session()), Cancelled(Wearer(ANNA), "pin"), T0)


def test_two_events_in_one_transaction_are_one_change_with_both_lines() -> None:
    change = stored(VigilKind.SESSION, session())
    once, _ = of_session(change, CheckedIn(Wearer(ANNA), "app"), T0 + timedelta(minutes=1))
    twice, refused = of_session(once, CheckedIn(Wearer(ANNA), "app"), T0 + timedelta(minutes=2))
    assert refused is None
    assert twice.after.version == 2
    assert twice.before == change.before
    assert twice.after.entries == change.after.entries + len(twice.log)
    assert [entry.at for entry in twice.log if not isinstance(entry.by, System)] == [
        T0 + timedelta(minutes=1),
        T0 + timedelta(minutes=2),
    ]


def test_a_duress_pin_that_comes_too_late_is_refused_like_the_plain_one_and_calls_for_help() -> None:
    alarm_at = T0 + HOUR
    gone = fallen_due(stored(VigilKind.PRE_ALARM, pre_alarm()), alarm_at)
    with pytest.raises(Refused) as plain:
        of_pre_alarm(gone, Cancelled(Wearer(ANNA), "pin"), alarm_at)
    change, refused = of_pre_alarm(gone, CancelledUnderDuress(Wearer(ANNA)), alarm_at)
    assert refused == str(plain.value)
    assert AlarmKind.DURESS in {effect.kind for effect in change.effects if isinstance(effect, CallForHelp)}
