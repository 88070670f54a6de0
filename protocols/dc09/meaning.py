"""One row of an event code table: what a panel's code means in our words, and where the row comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from types import MappingProxyType
from typing import Final

from protocols.signal import SignalKind

INFORMATION: Final = SignalKind.UNKNOWN
"""Openings, access, programming: known codes that call nobody. Our vocabulary has no kind of theirs; they are kept,
shown and counted as they came, with their words in the signal's text."""


class Source(Enum):
    """Where a row comes from, and how sure it is."""

    SAFETY_TABLE = "DC-03/DC-05, the codes for personal safety, cross-checked (facts/alarm-protocols.md 2.6)"
    DC03_LIST = "SIA DC-03 event code list, general knowledge, not re-read in the standard"
    DC05_LIST = "SIA DC-05 event code list, general knowledge, not re-read in the standard"
    FIELD = "used by panels beside DC-03, from an independent implementation's list"
    OURS = "not in the tables"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means. words: Swedish, for the operator. silent: True where nobody may be called back aloud."""

    kind: SignalKind
    words: str
    source: Source
    silent: bool | None = None


def table(*groups: Iterator[tuple[str, Meaning]]) -> Mapping[str, Meaning]:
    """All rows by their code. A code that is written twice stops the start: one of the two would be lost."""
    rows = list(chain(*groups))
    by_code = dict(rows)
    assert len(by_code) == len(rows), "a code has two rows"
    return MappingProxyType(by_code)
