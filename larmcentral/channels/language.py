"""The shape of one language: every fixed word that a notice may need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose


@dataclass(frozen=True, slots=True)
class News:
    """What is told beside alarms: a title at a glance, and a body.

    Both may name {subject}, {time} (the moment the notice speaks of, to the minute), {second} (to the second),
    {day} and {cases} (how many).
    """

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Language:
    """All fixed words of one language. news: everything but the alarm itself and the lost app."""

    kinds: Mapping[AlarmKind, str]
    marks: Mapping[Purpose, str]
    silent: str
    silent_advice: str
    at: str
    late: str
    answer: str
    gone_title: str
    gone_advice: str
    news: Mapping[About, News]
