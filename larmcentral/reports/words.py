"""The shape of one language of the printed case: every fixed word it may need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from escalation.alarm import AlarmKind
from escalation.events import Outcome
from escalation.incident import ResponderState, State
from escalation.purpose import Purpose
from larmcentral.domain.outbox import NoticeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """What stands above the parts of the page and the columns of its tables."""

    title: str
    facts: str
    clocks: str
    closing: str
    timeline: str
    signals: str
    notices: str
    proof: str
    timeline_columns: tuple[str, ...]
    signal_columns: tuple[str, ...]
    notice_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What stands before each fact and each clock. clock_by: by which clock, in the order of the four."""

    organisation: str
    kind: str
    state: str
    outcome: str
    person: str
    unit: str
    team: str
    phone: str
    device: str
    place: str
    address: str
    floor: str
    door_code: str
    position: str
    owner: str
    responders: str
    merged_into: str
    clocks: tuple[str, str, str, str]
    clock_by: tuple[str, str, str, str]
    ended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """All fixed words of one language.

    entries: by the kind of line, as it is kept. details: what is said of a line beside its words, by the key it is kept
    under; {} is its value. values: keys that are values, in words; one that is missing is printed as it is kept.
    closing: what was asked on closing.

    printed: with {time} and {by}. zone: with {zone}. proof: with {entries} and {hash}. redacted_note: what was done to
    a redacted copy, and what was not. removed: what stands in place of what was taken out. page: with {page} and
    {pages}, which the press fills in.
    """

    code: str
    headings: Headings
    labels: Labels
    kinds: Mapping[AlarmKind, str]
    purposes: Mapping[Purpose, str]
    states: Mapping[State, str]
    outcomes: Mapping[Outcome, str]
    responders: Mapping[ResponderState, str]
    notices: Mapping[NoticeState, str]
    entries: Mapping[str, str]
    details: Mapping[str, str]
    values: Mapping[str, str]
    closing: Mapping[str, str]
    silent: str
    printed: str
    zone: str
    proof: str
    redacted: str
    redacted_note: str
    removed: str
    page: str
    none: str
    wearer: str
    system: str
    desk: str
    somebody: str
