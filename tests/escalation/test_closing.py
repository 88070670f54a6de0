from collections.abc import Mapping

import pytest

from escalation.alarm import AlarmKind
from escalation.closing import FORMS, asked, faults
from escalation.events import ClosingAnswer, Outcome
from escalation.purpose import Purpose

WHOLE: Mapping[str, str] = {
    "injury": "minor",
    "violence": "threat",
    "police_report": "later",
    "support": "accepted",
    "sent": "colleagues",
    "cause": "by_mistake",
}


def keys(kind: AlarmKind, outcome: Outcome, purpose: Purpose = Purpose.REAL) -> list[str]:
    return [field.key for field in asked(purpose, kind, outcome)]


@pytest.mark.parametrize("kind", AlarmKind)
def test_what_was_real_is_asked_about_violence_where_that_is_likely_and_a_device_about_nothing(kind: AlarmKind) -> None:
    violent = {"panic", "duress", "hold_up", "group_alarm", "unspecified_alarm"}
    if kind.value in violent:
        assert keys(kind, Outcome.REAL) == ["injury", "violence", "police_report", "support", "sent"]
    else:
        assert keys(kind, Outcome.REAL) == ([] if kind.technical else ["injury", "sent", "support"])


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_false_alarm_has_a_cause_and_what_is_neither_has_one_in_words(kind: AlarmKind) -> None:
    assert keys(kind, Outcome.FALSE) == keys(kind, Outcome.OTHER) == keys(kind, Outcome.TEST) == ["cause"]
    for outcome in (Outcome.OTHER, Outcome.TEST):
        [field] = asked(Purpose.REAL, kind, outcome)
        assert field.note_for == field.choices


@pytest.mark.parametrize("outcome", Outcome)
def test_a_test_and_a_drill_ask_nothing(outcome: Outcome) -> None:
    assert keys(AlarmKind.PANIC, outcome, Purpose.DRILL) == keys(AlarmKind.PANIC, outcome, Purpose.TEST) == []
    assert keys(AlarmKind.PANIC, Outcome.DRILL) == []


def test_no_two_forms_ask_about_the_same_end() -> None:
    pairs = [(kind, form.outcome) for form in FORMS for kind in form.kinds]
    assert len(set(pairs)) == len(pairs)


def answers(kind: AlarmKind, outcome: Outcome) -> list[ClosingAnswer]:
    return [ClosingAnswer(key, WHOLE[key]) for key in keys(kind, outcome)]


def test_whoever_answers_all_is_let_through_in_any_order() -> None:
    given = answers(AlarmKind.PANIC, Outcome.REAL)
    fields = asked(Purpose.REAL, AlarmKind.PANIC, Outcome.REAL)
    assert faults(fields, given) == faults(fields, given[::-1]) == {}


def test_each_fault_is_named_by_its_question() -> None:
    fields = asked(Purpose.REAL, AlarmKind.PANIC, Outcome.REAL)
    given = [
        ClosingAnswer("violence", "perhaps"),
        ClosingAnswer("police_report", "not_made", "  "),
        ClosingAnswer("support", "declined"),
        ClosingAnswer("sent", "nobody", "Hon ringde själv"),
        ClosingAnswer("cause", "misread"),
    ]
    assert faults(fields, given) == {
        "injury": "missing",
        "violence": "choice",
        "police_report": "note",
        "cause": "choice",
    }


def test_a_question_that_is_answered_twice_is_not_answered() -> None:
    fields = asked(Purpose.REAL, AlarmKind.FALL, Outcome.FALSE)
    twice = [ClosingAnswer("cause", "misread"), ClosingAnswer("cause", "training")]
    assert faults(fields, twice) == {"cause": "choice"}


def test_where_nothing_is_asked_nothing_may_be_said() -> None:
    assert faults((), []) == {}
    assert faults((), [ClosingAnswer("injury", "none")]) == {"injury": "choice"}
