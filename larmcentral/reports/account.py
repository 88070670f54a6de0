"""The lines of an account in words: what happened, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from escalation.ids import IncidentId
from larmcentral.domain.case_file import CaseFile, CaseLine
from larmcentral.domain.case_number import case_number
from larmcentral.reports.times import Times
from larmcentral.reports.veil import Veil, names_of_staff
from larmcentral.reports.words import Language

_STEPS: Final = frozenset({"step"})
_CASES: Final = frozenset({"incident", "merged_into"})
_TIMES: Final = frozenset({"due"})
_FREE: Final = frozenset({"answer", "plan", "reason", "result", "fault", "path"})
"""Words of devices, of providers, or of whoever named a plan: a person or his address may stand in them."""
_QUOTES: Final = ("text", "note")
_BY_PERSONS: Final = frozenset({"operator", "responder", "wearer"})
_STATED: Final = "made_at"
"""When a person did what reached us later, by the clock of the phone it was done on."""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line as it is printed. device: that clock, "" where it said nothing. quote: free text.

    person: when a person did it, by the clock it was done at where that is known, else as it reached us.
    """

    seq: str
    device: str
    server: str
    person: str
    who: str
    words: str
    quote: str


class Account:
    """Tells the lines of one case."""

    def __init__(self, case: CaseFile, words: Language, veil: Veil, times: Times) -> None:
        self._words, self._veil, self._times = words, veil, times
        self._staff = names_of_staff(case)
        self._names = {str(one.person_id): one.name for one in case.detail.incident.responders}
        person = case.detail.incident.person
        if person is not None:
            self._names[str(person.id)] = person.name
        self._heard = {str(signal.id): signal for signal in case.signals}

    def line(self, line: CaseLine) -> ToldLine:
        """Tell one line."""
        signal = self._heard.get(str(line.detail.get("signal")))
        return ToldLine(
            seq=str(line.seq),
            device="" if signal is None else self._times.moment(signal.event_at or signal.sent_at),
            server=self._times.moment(line.at),
            person=self._persons_clock(line),
            who=self._who(line),
            words="; ".join((self.entry(line.kind), *self._details(line))),
            quote=self._veil.text(" ".join(str(line.detail[name]) for name in _QUOTES if line.detail.get(name))),
        )

    def entry(self, kind: str) -> str:
        """The words of a kind of line; its own name where a later version knows more kinds."""
        return self._words.entries.get(kind, kind.replace("_", " "))

    def name(self, name: str) -> str:
        """A person's name, if he acted as staff or nobody strange reads this."""
        return name if name in self._staff else self._veil.hide(name)

    def value(self, kept: str) -> str:
        """The words of a value."""
        return self._words.values.get(kept, kept.replace("_", " "))

    def closing(self, line: CaseLine) -> Iterator[tuple[str, str]]:
        """What was answered on closing: each question with its answer and its words."""
        for key, question in self._words.closing.items():
            choice = line.detail.get(f"closing_{key}")
            if choice is not None:
                note = str(line.detail.get(f"closing_{key}_note", ""))
                yield question, self._veil.text(": ".join(filter(None, (self.value(str(choice)), note))))

    def _persons_clock(self, line: CaseLine) -> str:
        if _STATED in line.detail:
            return self._times.written(str(line.detail[_STATED]))
        return self._times.moment(line.at) if line.actor.get("kind") in _BY_PERSONS else ""

    def _who(self, line: CaseLine) -> str:
        match line.actor.get("kind"):
            case "system":
                return self._words.system
            case "wearer":
                return self._words.wearer
            case _:
                return self._words.somebody if line.by is None else self.name(line.by)

    def _details(self, line: CaseLine) -> Iterator[str]:
        """What stands beside a line, in the order of the words' table; ids that tell a reader nothing are left out."""
        for key, words in self._words.details.items():
            kept = line.detail.get(key)
            if kept not in (None, ""):
                yield words.format(self._said(key, str(kept), line.detail))

    def _said(self, key: str, kept: str, detail: Mapping[str, Any]) -> str:
        if key in _STEPS:
            return str(int(kept) + 1) if kept.isdecimal() else kept
        if key in _CASES:
            return _number(kept)
        if key in _TIMES:
            return self._times.written(kept)
        if key in _FREE:
            return self._veil.text(kept if key == "answer" else self.value(kept))
        if key == "person":
            return self.name(self._names.get(kept, self._words.somebody))
        if key == "kind":
            return next((words for kind, words in self._words.kinds.items() if kind.value == kept), self.value(kept))
        if key == "outcome" and "plan" not in detail:
            return next((words for one, words in self._words.outcomes.items() if one.value == kept), self.value(kept))
        if key == "channels":
            return ", ".join(map(self.value, kept.split()))
        return self.value(kept)


def _number(kept: str) -> str:
    try:
        return case_number(IncidentId(UUID(kept)))
    except ValueError:
        return kept
