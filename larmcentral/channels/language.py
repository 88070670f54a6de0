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
    {day}, {cases} (how many) and {words} (an operator's own).
    """

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """How a voice says it. aloud: abbreviations of our own and of places, and what is read for each. clock: a time
    of day, in the form of strftime.

    silent, subject, place, time: whole sentences around what they name; late_time names {age} as well. minutes, hours,
    days: with {count}, 2 or more. months: January first. date: with {day} and {month}. second: with {time} and
    {second}. question: what the keys mean.
    """

    aloud: Mapping[str, str]
    clock: str
    silent: str
    subject: str
    place: str
    time: str
    late_time: str
    late: str
    minutes: str
    hours: str
    days: str
    one_minute: str
    months: tuple[str, ...]
    date: str
    second: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands before each fact in mail and on cards, and how a reader answers. no_place: where none is known."""

    who: str
    where: str
    when: str
    age: str
    no_place: str
    how_to_answer: str
    sent_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Sentences that an operator reads to the emergency services, with {names} of what stands in them.

    decimal: the sign before decimals. compass: north, south, east, west. Where something is not known its sentence
    is left out, but for the place.
    """

    drill: str
    opening: str
    silent: str
    about: str
    about_nobody: str
    since: str
    place: str
    address: str
    floor: str
    door_code: str
    position: str
    accuracy: str
    position_age: str
    nowhere: str
    danger: str
    flagged: str
    on_the_way: str
    on_site: str
    call_back: str
    number: str
    decimal: str
    compass: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """All fixed words of one language. news: everything but the alarm itself and the lost app.

    silent_short: silence and its advice in at most 16 signs, for the smallest display.
    """

    code: str
    kinds: Mapping[AlarmKind, str]
    marks: Mapping[Purpose, str]
    silent: str
    silent_advice: str
    silent_short: str
    at: str
    late: str
    answer: str
    gone_title: str
    gone_advice: str
    news: Mapping[About, News]
    spoken: Spoken
    written: Written
    read: Read
