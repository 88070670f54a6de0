"""What must be answered when an alarm is stood down: injuries, violence, the police report, support, the cause.

Source: AFS 2023:2 on violence and threats (every event documented, help and support after it), and the union survey
and Alarm Act rows of our requirements: support and the police report asked each time, false alarms with their cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from escalation.alarm import AlarmKind
from escalation.events import ClosingAnswer, Outcome
from escalation.purpose import Purpose

MISSING: Final = "missing"
CHOICE: Final = "choice"
NOTE: Final = "note"


@dataclass(frozen=True, slots=True)
class ClosingField:
    """One question. choices: keys that the screens have words for. note_for: those that need words beside them."""

    key: str
    choices: tuple[str, ...]
    note_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosingForm:
    """What is asked when a real alarm of one of these kinds ends with this outcome."""

    kinds: tuple[AlarmKind, ...]
    outcome: Outcome
    fields: tuple[ClosingField, ...]


INJURY: Final = ClosingField("injury", ("none", "minor", "serious", "unknown"))
VIOLENCE: Final = ClosingField("violence", ("none", "threat", "violence", "unknown"))
POLICE_REPORT: Final = ClosingField("police_report", ("made", "later", "not_made"), note_for=("not_made",))
SUPPORT: Final = ClosingField("support", ("accepted", "declined", "not_reached"))
SENT: Final = ClosingField("sent", ("colleagues", "guard", "sos", "nobody"), note_for=("nobody",))
"""Nobody went although the alarm was real: whoever reads it next year asks why."""

_CAUSES: Final = ("by_mistake", "device_fault", "misread", "training", "unknown")
_OTHER_CAUSES: Final = ("another_matter", *_CAUSES)
CAUSE: Final = ClosingField("cause", _CAUSES)
CAUSE_IN_WORDS: Final = ClosingField("cause", _OTHER_CAUSES, note_for=_OTHER_CAUSES)
"""An outcome that is neither real nor false says nothing by itself."""

VIOLENT: Final = (
    AlarmKind.PANIC,
    AlarmKind.DURESS,
    AlarmKind.HOLD_UP,
    AlarmKind.GROUP_ALARM,
    AlarmKind.UNSPECIFIED_ALARM,
)
_EVERY: Final = tuple(AlarmKind)
_OF_PERSONS: Final = tuple(kind for kind in AlarmKind if not kind.technical)

FORMS: Final = (
    ClosingForm(VIOLENT, Outcome.REAL, (INJURY, VIOLENCE, POLICE_REPORT, SUPPORT, SENT)),
    ClosingForm(tuple(kind for kind in _OF_PERSONS if kind not in VIOLENT), Outcome.REAL, (INJURY, SENT, SUPPORT)),
    ClosingForm(_EVERY, Outcome.FALSE, (CAUSE,)),
    ClosingForm(_EVERY, Outcome.OTHER, (CAUSE_IN_WORDS,)),
    ClosingForm(_EVERY, Outcome.TEST, (CAUSE_IN_WORDS,)),  # of what came as real: else it were the short way out
)
"""Absent pairs ask nothing: a device that was really low on battery. Nor does what was born a test or a drill."""


ORDER: Final = tuple(dict.fromkeys(field.key for form in FORMS for field in form.fields))
"""The keys of all questions, in the order in which they are asked."""


def asked(purpose: Purpose, kind: AlarmKind, outcome: Outcome) -> tuple[ClosingField, ...]:
    """Return what must be answered; nothing for drills and tests."""
    if purpose is not Purpose.REAL:
        return ()
    return next((form.fields for form in FORMS if form.outcome is outcome and kind in form.kinds), ())


def faults(fields: Sequence[ClosingField], answers: Sequence[ClosingAnswer]) -> Mapping[str, str]:
    """Return what is wrong, by the key of the question; empty if all is answered.

    MISSING: no answer. CHOICE: none of its choices, answered twice, or never asked. NOTE: it needs words.
    """
    return dict(_faults(fields, answers))


def _faults(fields: Sequence[ClosingField], answers: Sequence[ClosingAnswer]) -> Iterator[tuple[str, str]]:
    given = {answer.key: answer for answer in answers}
    for field in fields:
        answer = given.get(field.key)
        if answer is None:
            yield field.key, MISSING
        elif answer.choice not in field.choices:
            yield field.key, CHOICE
        elif answer.choice in field.note_for and not answer.note.strip():
            yield field.key, NOTE
    wanted = {field.key for field in fields}
    for key, times in Counter(answer.key for answer in answers).items():
        if times > 1 or key not in wanted:
            yield key, CHOICE
