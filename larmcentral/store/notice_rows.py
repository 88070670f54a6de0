"""Rows of the outbox to notices and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, assert_never

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About, ForwardNotice, InHouseNotice, Notify, OutwardNotice
from escalation.ids import CommitteeId, ContactPointId, IncidentId, NoticeId, OrganisationId, PersonId
from escalation.purpose import Purpose
from larmcentral.domain.case_number import case_number
from larmcentral.domain.notice import Case, Forward, InHouse, NoticeText, OutgoingNotice, Outward, pairs_of
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.domain.own_points import withheld
from larmcentral.domain.record import Record, Subject
from larmcentral.domain.vigil import VigilRecord, Word

_WORDS_OF_CASE: Final = ("person", "phone", "unit", "place", "address", "floor", "door_code", "danger")
"""Columns that are empty where nothing is known."""


def settled_from(row: Any, at: datetime) -> Settled:
    """Read a sent notice back, for a receipt that came later."""
    return Settled(
        notice_id=NoticeId(row["id"]),
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        incident_id=row["incident_id"],
        channel=Channel(row["channel"]),
        person_id=row["person_id"],
        point_id=row["point_id"],
        state=NoticeState(row["state"]),
        at=at,
        tries=row["tries"],
        provider_id=row["provider_id"],
        provider=row["provider"],
        receiver=row["receiver"],
    )


def notice_row(record: Record, notice: Notify) -> tuple[Any, ...]:
    """Return a notice of an incident as the statement "insert" takes it."""
    pairs = pairs_of(notice, record.subject.person_id)
    return (
        record.subject.organisation_id,
        record.subject.committee_id,
        notice.id,
        record.incident.id,
        notice.purpose.value,
        notice.channel.value,
        notice.person_id,
        notice.point_id,
        notice.round,
        notice.step,
        notice.attempt,
        notice.about.value,
        None,
        None,
        json.dumps(pairs) if pairs else None,
        notice.receiver if isinstance(notice, ForwardNotice) else None,
    )


def word_row(record: VigilRecord, word: Word) -> tuple[Any, ...]:
    """The same for a notice of a vigil."""
    notice, due_at, detail = word
    return (
        record.subject.organisation_id,
        record.subject.committee_id,
        notice.id,
        None,
        notice.purpose.value,
        notice.channel.value,
        notice.person_id,
        notice.point_id,
        notice.round,
        notice.step,
        notice.attempt,
        notice.about.value,
        record.id,
        due_at,
        json.dumps(detail),
        None,
    )


def settled_row(result: Settled) -> tuple[Any, ...]:
    """Return a result as the statement "settle" takes it."""
    return (
        result.organisation_id,
        result.notice_id,
        result.state.value,
        result.tries,
        result.due_at,
        result.at if result.state in {NoticeState.SENT, NoticeState.DELIVERED} else None,
        result.at if result.state is NoticeState.DELIVERED else None,
        result.provider_id,
        result.reason or None,
        result.provider,
    )


def outgoing(
    record: Record, notice: Notify, row: Any, cases: Mapping[IncidentId, Case], now: datetime
) -> OutgoingNotice:
    """Return a notice of an incident that was filed just now. row: of the statement "insert"."""
    incident = record.incident
    text = NoticeText(
        kind=incident.kind,
        silent=incident.silent,
        subject=record.subject.label,
        opened_at=incident.opened_at,
        place=row["place"],
        lateness_s=None if record.lateness is None else record.lateness.total_seconds(),
        language=row["language"],
        about=notice.about,
        detail=pairs_of(notice, record.subject.person_id),
        committee_id=record.subject.committee_id,
    )
    address = row["address"] or ""
    why_not = withheld(notice.about, address, row["wearers"])
    common = _common(notice, record.subject, now, text)
    match notice:
        case ForwardNotice():
            return Forward(
                incident_id=incident.id,
                purpose=notice.purpose,
                receiver=notice.receiver,
                case=cases[incident.id],
                by_telephone=incident.told_by_telephone(notice.receiver),
                **common,
            )
        case InHouseNotice() | OutwardNotice():
            return _to_somebody(notice, incident.id, "" if why_not else address, common, why_not)
        case _:
            assert_never(notice)


def said(record: VigilRecord, word: Word, address: str, language: str, now: datetime) -> OutgoingNotice:
    """Return a notice of a vigil that was filed just now."""
    notice, due_at, detail = word
    text = NoticeText(
        kind=None,
        silent=False,
        subject=record.subject.label,
        opened_at=now,
        language=language,
        about=notice.about,
        due_at=due_at,
        detail=detail,
        committee_id=record.subject.committee_id,
    )
    if isinstance(notice, ForwardNotice):
        raise AssertionError("a centre is told of alarms only")
    return _to_somebody(notice, None, address, _common(notice, record.subject, now, text))


def claimed_notice(row: Any, cases: Mapping[IncidentId, Case]) -> OutgoingNotice:
    """Read a claimed notice. Raises ValueError or AssertionError for what this version does not understand."""
    about = About(row["about"])
    # a retired address is not sent to: the outbox settles an empty one as gone
    address = (row["address"] or "") if row["retired_at"] is None else ""
    why_not = withheld(about, address, row["wearers"])
    common: dict[str, Any] = {
        "id": NoticeId(row["id"]),
        "organisation_id": OrganisationId(row["organisation_id"]),
        "committee_id": CommitteeId(row["committee_id"]),
        "incident_id": row["incident_id"],
        "attempt": row["attempt"],
        "tries": row["tries"],
        "filed_at": row["filed_at"],
        "text": NoticeText(
            kind=None if row["kind"] is None else AlarmKind(row["kind"]),
            silent=row["silent"],
            subject=row["label"],
            opened_at=row["opened_at"],
            place=row["place"],
            lateness_s=row["lateness_s"],
            language=row["language"],
            about=about,
            due_at=row["speaks_of"],
            detail=() if row["detail"] is None else tuple((name, value) for name, value in json.loads(row["detail"])),
            committee_id=CommitteeId(row["committee_id"]),
        ),
    }
    if row["outward"] and row["purpose"] != Purpose.REAL.value:
        raise AssertionError("the database holds an outward notice of a drill")
    if row["receiver"] is not None:
        return Forward(
            purpose=Purpose.REAL,
            receiver=row["receiver"],
            case=cases[row["incident_id"]],
            by_telephone=row["by_telephone"],
            **common,
        )
    common |= {
        "channel": Channel(row["channel"]),
        "person_id": None if row["person_id"] is None else PersonId(row["person_id"]),
        "point_id": None if row["point_id"] is None else ContactPointId(row["point_id"]),
        "address": "" if why_not else address,
        "withheld": why_not,
    }
    if row["outward"]:
        return Outward(purpose=Purpose.REAL, **common)
    return InHouse(purpose=Purpose(row["purpose"]), **common)


def case_from(row: Any) -> Case:
    """Read what a centre is told of an incident."""
    return Case(
        number=case_number(IncidentId(row["id"])),
        device=row["account"],
        **{name: row[name] or None for name in _WORDS_OF_CASE},
        **{name: row[name] for name in ("lat", "lon", "accuracy_m", "fix_at")},
    )


def _common(notice: Notify, subject: Subject, now: datetime, text: NoticeText) -> dict[str, Any]:
    return {
        "id": notice.id,
        "organisation_id": subject.organisation_id,
        "committee_id": subject.committee_id,
        "attempt": notice.attempt,
        "tries": 0,
        "filed_at": now,
        "text": text,
    }


def _to_somebody(
    notice: InHouseNotice | OutwardNotice,
    incident_id: IncidentId | None,
    address: str,
    common: dict[str, Any],
    why_not: str = "",
) -> OutgoingNotice:
    common |= {
        "incident_id": incident_id,
        "channel": notice.channel,
        "person_id": notice.person_id,
        "point_id": notice.point_id,
        "address": address,
        "withheld": why_not,
    }
    match notice:
        case OutwardNotice():
            return Outward(purpose=notice.purpose, **common)
        case InHouseNotice():
            return InHouse(purpose=notice.purpose, **common)
        case _:
            assert_never(notice)
