"""One case as the press sets it: headings, pairs and tables of plain text, in one language. Pure.

Nothing of it is markup: the template prints every text as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from escalation.ids import IncidentId
from larmcentral.domain.case_file import CaseFile, CaseLine, CaseSignal
from larmcentral.domain.case_number import case_number
from larmcentral.domain.views import NoticeView
from larmcentral.reports.account import Account
from larmcentral.reports.times import Times
from larmcentral.reports.veil import NoVeil, Veil, veil_over
from larmcentral.reports.words import Language
from larmcentral.reports.words_english import ENGLISH
from larmcentral.reports.words_swedish import SWEDISH

T = TypeVar("T")
Pairs = list[tuple[str, str]]


def sheet(case: CaseFile, language: str, *, redacted: bool) -> dict[str, Any]:
    """Return what is printed. language: sv or en."""
    words = ENGLISH if language == ENGLISH.code else SWEDISH
    veil = veil_over(case, words.removed) if redacted else NoVeil()
    return _Sheet(case, words, veil).whole(redacted=redacted)


class _Sheet:
    def __init__(self, case: CaseFile, words: Language, veil: Veil) -> None:
        self._case, self._words, self._veil = case, words, veil
        self._times = Times(case.zone, _times_of(case))
        self._account = Account(case, words, veil, self._times)

    def whole(self, *, redacted: bool) -> dict[str, Any]:
        words, headings, incident = self._words, self._words.headings, self._case.detail.incident
        printed = words.printed.format(time=self._times.moment(self._case.taken_out_at), by=self._case.taken_out_by)
        marks = [_word(words.purposes, incident.purpose)] + [words.silent] * incident.silent
        return {
            "language": words.code,
            "title": headings.title.format(number=self._case.number),
            "subtitle": " · ".join((_word(words.kinds, incident.kind), *marks)),
            "printed": printed,
            "zone": words.zone.format(zone=self._case.zone),
            "page": words.page,
            "removed": words.removed if redacted else "",
            "warning": {"title": words.redacted, "text": words.redacted_note} if redacted else None,
            "facts": {"heading": headings.facts, "pairs": _said(self._facts())},
            "clocks": {"heading": headings.clocks, "rows": list(self._clocks())},
            "closing": {"heading": headings.closing, "pairs": self._closing()},
            "timeline": _table(headings.timeline, headings.timeline_columns, map(self._line, self._case.lines)),
            "signals": _table(headings.signals, headings.signal_columns, map(self._signal, self._case.signals)),
            "notices": _table(headings.notices, headings.notice_columns, map(self._notice, self._case.notices)),
            "proof": {
                "heading": headings.proof,
                "text": words.proof.format(entries=self._case.entries, hash=self._case.last_hash.hex()),
            },
        }

    def _facts(self) -> Iterator[tuple[str, str | None]]:
        words, labels, veil = self._words, self._words.labels, self._veil
        incident, place = self._case.detail.incident, self._case.detail.place
        yield labels.organisation, self._case.organisation
        yield labels.kind, _word(words.kinds, incident.kind)
        yield labels.state, _word(words.states, incident.state)
        yield labels.outcome, incident.outcome and _word(words.outcomes, incident.outcome)
        if incident.person is not None:
            yield labels.person, veil.hide(incident.person.name)
            yield labels.unit, incident.person.unit
            yield labels.team, incident.person.team
            yield labels.phone, veil.hide(incident.person.phone or "")
        if incident.device is not None:
            named = filter(None, (incident.device.label, incident.device.model, incident.device.account))
            yield labels.device, veil.hide(" · ".join(named))
        if place is not None:
            yield labels.place, veil.hide(place.name)
            yield labels.address, veil.hide(place.address)
            yield labels.floor, veil.hide(place.floor)
            yield labels.door_code, veil.hide(place.door_code)
        elif incident.place is not None:
            yield labels.place, veil.hide(incident.place)
        if incident.position is not None:
            fix = incident.position
            yield labels.position, veil.hide(_position(fix.lat, fix.lon, fix.accuracy_m))
        yield labels.owner, None if incident.owner is None else self._account.name(incident.owner.name)
        yield (
            labels.responders,
            "; ".join(
                f"{self._account.name(one.name)} ({_word(words.responders, one.state)})" for one in incident.responders
            ),
        )
        if incident.merged_into is not None:
            yield labels.merged_into, case_number(IncidentId(incident.merged_into))

    def _clocks(self) -> Iterator[tuple[str, str, str]]:
        incident, labels = self._case.detail.incident, self._words.labels
        received_at = min((one.received_at for one in self._case.signals), default=incident.opened_at)
        times = (incident.event_at, min(received_at, incident.opened_at), incident.shown_at, incident.acknowledged_at)
        for label, by, at in zip(labels.clocks, labels.clock_by, times, strict=True):
            yield label, by, self._times.moment(at) or self._words.none
        if incident.stood_down_at is not None:
            yield labels.ended, labels.clock_by[1], self._times.moment(incident.stood_down_at)

    def _closing(self) -> Pairs:
        return [pair for line in self._case.lines if line.kind == "stood_down" for pair in self._account.closing(line)]

    def _line(self, line: CaseLine) -> list[str]:
        told = self._account.line(line)
        said = f"{told.words}\n{told.quote}" if told.quote else told.words
        return [told.seq, told.device, told.server, told.person, told.who, said]

    def _signal(self, signal: CaseSignal) -> list[str]:
        kind = _word(self._words.kinds, signal.kind)
        raw = signal.raw.decode("ascii", "backslashreplace")
        code = " ".join(filter(None, (signal.code, signal.text)))
        where = "" if signal.lat is None or signal.lon is None else _position(signal.lat, signal.lon, signal.accuracy_m)
        return [
            self._times.moment(signal.received_at),
            self._times.moment(signal.event_at or signal.sent_at),
            kind if kind != signal.kind else self._account.value(signal.kind),
            "\n".join(filter(None, (self._veil.text(code), self._veil.hide(raw)))),
            self._veil.hide(where),
            ", ".join(signal.doubts),
        ]

    def _notice(self, notice: NoticeView) -> list[str]:
        to = notice.receiver or (self._words.desk if notice.person is None else self._account.name(notice.person))
        return [
            to,
            self._account.value(notice.channel),
            _word(self._words.notices, notice.state),
            self._times.moment(notice.filed_at),
            self._times.moment(notice.sent_at),
            self._times.moment(notice.delivered_at),
            self._veil.text(notice.reason or ""),
        ]


def _word(words: Mapping[T, str], value: str) -> str:
    """The words of what is kept as a value; itself where a later version knows more."""
    return next((said for one, said in words.items() if getattr(one, "value", one) == value), value)


def _table(heading: str, columns: tuple[str, ...], rows: Iterable[list[str]]) -> dict[str, Any]:
    return {"heading": heading, "columns": list(columns), "rows": list(rows)}


def _said(pairs: Iterable[tuple[str, str | None]]) -> Pairs:
    return [(label, value) for label, value in pairs if value]


def _position(lat: float, lon: float, accuracy_m: float | None) -> str:
    return f"{lat:.5f}, {lon:.5f}" + ("" if accuracy_m is None else f" ± {accuracy_m:.0f} m")


def _times_of(case: CaseFile) -> Iterator[Any]:
    yield from (line.at for line in case.lines)
    yield case.taken_out_at
    for signal in case.signals:
        yield from (signal.event_at, signal.received_at)
