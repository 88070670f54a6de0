"""A case to be taken out: Anna's panic, which Bo answered and Eva stood down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from escalation.ids import IncidentId
from larmcentral.domain import views
from larmcentral.domain.case_file import CaseFile, CaseLine, CaseSignal
from larmcentral.domain.timeline import FIRST_HASH, line_hash
from tests.builders import NOON

INCIDENT: Final = IncidentId(UUID("0198f000-0000-7000-8000-000000000001"))
ANNA, BO, CARIN, EVA, SIGNAL = (UUID(int=number) for number in range(1, 6))
SYSTEM: Final = {"kind": "system"}
OPERATOR: Final = {"kind": "operator", "user_id": str(EVA)}
RESPONDER: Final = {"kind": "responder", "person_id": str(BO)}
NAMES: Final[Mapping[str, str]] = {str(EVA): "Eva Ek", str(BO): "Bo Berg", str(ANNA): "Anna Alm"}

Told = tuple[str, Mapping[str, str], Mapping[str, str]]
STORY: Final[tuple[Told, ...]] = (
    ("opened", SYSTEM, {"signal": str(SIGNAL), "kind": "panic", "silent": "false", "state": "open"}),
    ("step_begun", SYSTEM, {"step": "0", "round": "1", "persons": "2"}),
    ("notice_filed", SYSTEM, {"notice": str(SIGNAL), "channel": "sms", "person": str(CARIN), "step": "0"}),
    ("shown", OPERATOR, {}),
    ("acknowledged", OPERATOR, {"state": "acknowledged"}),
    ("on_the_way", RESPONDER, {"engaged": "1", "needed": "1"}),
    ("note", OPERATOR, {"text": "Annas dörr är låst, ring Carin Dal på 0701-740 606. Koden är 1947."}),
    ("stood_down", OPERATOR, {"outcome": "real", "note": "", "state": "stood_down", "closing_injury": "minor"}),
)


def lines(story: tuple[Told, ...] = STORY) -> tuple[CaseLine, ...]:
    """A story as lines, chained, one a second."""
    made, before = [], FIRST_HASH
    for seq, (kind, actor, detail) in enumerate(story, start=1):
        at = NOON + timedelta(seconds=seq, microseconds=seq)
        before = line_hash(before, INCIDENT, seq, at, kind, dict(actor), dict(detail))
        by = NAMES.get(actor.get("user_id", actor.get("person_id", "")))
        made.append(CaseLine(seq=seq, at=at, kind=kind, actor=actor, detail=detail, hash=before, by=by))
    return tuple(made)


def case_file(story: tuple[Told, ...] = STORY, **incident: Any) -> CaseFile:
    """The case. incident: what is otherwise about its incident."""
    told = lines(story)
    return CaseFile(
        organisation="Älvmårdens kommun",
        zone="Europe/Stockholm",
        taken_out_at=NOON + timedelta(days=1),
        taken_out_by="Karin Chef",
        detail=views.IncidentDetail(
            incident=_incident(**incident),
            timeline=(),
            signals=(),
            notices=(),
            trail=(),
            place=views.PlaceOfIncident(
                id=UUID(int=9),
                name="Solgården",
                address="Ekgatan 3, 442 30 Kungälv",
                floor="3 tr",
                door_code="1947",
                notes="hund",
                lat=57.87,
                lon=11.98,
                risk="none",
                ground=None,
            ),
        ),
        lines=told,
        signals=(_signal(),),
        notices=(_notice(),),
        entries=len(told),
        last_hash=told[-1].hash,
    )


def _incident(**said: Any) -> views.IncidentView:
    kept: dict[str, Any] = {
        "id": INCIDENT,
        "committee_id": UUID(int=8),
        "version": 8,
        "state": "stood_down",
        "purpose": "real",
        "kind": "panic",
        "gravity": 1,
        "silent": False,
        "opened_at": NOON,
        "event_at": NOON - timedelta(seconds=4),
        "lateness_s": 4.0,
        "person": views.PersonView(
            id=ANNA, name="Anna Alm", unit="Nord", team="Dag", phone="+46701740601", employer=None
        ),
        "device": views.DeviceView(
            id=UUID(int=7),
            protocol="watch",
            account="8660000001",
            label="Annas klocka",
            model=None,
            battery_pct=71,
            last_seen_at=NOON,
        ),
        "position": views.PositionView(
            lat=57.87654, lon=11.98765, accuracy_m=8.0, fix_at=NOON, received_at=NOON, valid=True
        ),
        "owner": views.OwnerView(user_id=EVA, name="Eva Ek"),
        "acknowledged_at": NOON + timedelta(seconds=5),
        "shown_at": NOON + timedelta(seconds=4),
        "stood_down_at": NOON + timedelta(seconds=8),
        "outcome": "real",
        "next": None,
        "responders": (
            views.ResponderView(person_id=BO, name="Bo Berg", state="going", since=NOON, step=0),
            views.ResponderView(person_id=CARIN, name="Carin Dal", state="notified", since=NOON, step=0),
        ),
        "step": 0,
        "steps": 3,
        "round": 1,
        "system_faults": (),
        "place": "Solgården",
    }
    return views.IncidentView(**(kept | said))


def _signal() -> CaseSignal:
    return CaseSignal(
        id=SIGNAL,
        received_at=NOON,
        event_at=NOON - timedelta(seconds=4),
        sent_at=None,
        receiver="watch",
        protocol="watch",
        account="8660000001",
        authentic=True,
        kind="panic",
        silent=None,
        buffered=False,
        lat=57.87654,
        lon=11.98765,
        accuracy_m=8.0,
        fix_at=NOON,
        fix_valid=True,
        battery_pct=71,
        charging=False,
        code="AL",
        text=None,
        doubts=("clock_far_off",),
        attempts=1,
        raw=b"[3G*8660000001*0002*AL]",
    )


def _notice() -> views.NoticeView:
    return views.NoticeView(
        id=SIGNAL,
        person="Carin Dal",
        channel="sms",
        receiver=None,
        provider="46elks",
        state="delivered",
        step=0,
        round=1,
        attempt=1,
        filed_at=NOON + timedelta(seconds=1),
        sent_at=NOON + timedelta(seconds=2),
        delivered_at=NOON + timedelta(seconds=3),
        reason=None,
        due_at=None,
        waits_for=None,
    )
