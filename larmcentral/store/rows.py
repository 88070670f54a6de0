"""Rows of the database as views; nothing here decides or asks."""

from __future__ import annotations

from typing import Final

import asyncpg
import msgspec

from escalation.chain import Risk
from escalation.closing import ORDER
from larmcentral.domain import views

_RESPONDERS: Final = msgspec.json.Decoder(tuple[views.ResponderView, ...])
_SAME_STEP: Final = frozenset({"next_turn", "repeat"})
_CLOSING: Final = msgspec.json.Decoder(dict[str, dict[str, str]])
_DETAIL: Final = msgspec.json.Decoder(dict[str, str | int | float | bool | None])


def incident_of(row: asyncpg.Record) -> views.IncidentView:
    """One row of the block `rows`."""
    next_step, steps = row["next_step"], row["steps"]
    return views.IncidentView(
        id=row["id"],
        committee_id=row["committee_id"],
        version=row["version"],
        state=row["state"],
        purpose=row["purpose"],
        kind=row["kind"],
        gravity=row["gravity"],
        silent=row["silent"],
        opened_at=row["opened_at"],
        event_at=row["event_at"],
        lateness_s=row["lateness_s"],
        person=person_of(row),
        device=device_of(row),
        position=None if row["lat"] is None else position_of(row),
        owner=None if row["owner_id"] is None else views.OwnerView(user_id=row["owner_id"], name=row["owner_name"]),
        acknowledged_at=row["acknowledged_at"],
        shown_at=row["shown_at"],
        stood_down_at=row["stood_down_at"],
        outcome=row["outcome"],
        next=None
        if row["what"] is None
        else views.NextStepView(
            what=row["what"],
            due_at=row["due_at"],
            step=_step_of(row),
            targets=tuple(row["targets"] or ()),
        ),
        responders=() if row["responders"] is None else _RESPONDERS.decode(row["responders"]),
        step=max(next_step - 1, 0),
        steps=steps,
        round=row["round"],
        system_faults=tuple(row["faults"]),
        merged_into=row["merged_into"],
        held_s=row["held_s"],
        place=row["place"],
    )


def _step_of(row: asyncpg.Record) -> int | None:
    """The step that goes on with its next turn or once more; else the one that begins, or None after the last."""
    following: int = row["next_step"]
    if row["what"] in _SAME_STEP:
        return max(following - 1, 0)
    return following if following < row["steps"] else None


def person_of(row: asyncpg.Record) -> views.PersonView | None:
    """The person of a row that joins one, or None."""
    if row["person_id"] is None:
        return None
    return views.PersonView(
        id=row["person_id"],
        name=row["person_name"],
        unit=row["unit"],
        team=row["team"],
        phone=row["phone"],
        employer=row["employer"],
    )


def device_of(row: asyncpg.Record) -> views.DeviceView:
    """The device of a row: what the register knows of it, or the name it gave itself."""
    return views.DeviceView(
        id=row["device_id"],
        protocol=row["protocol"],
        account=row["account"],
        label=row["label"],
        model=row["model"],
        battery_pct=row["battery_pct"],
        last_seen_at=row["last_seen_at"],
    )


def position_of(row: asyncpg.Record) -> views.PositionView:
    """A position; one whose device said nothing of its worth counts as a fix."""
    return views.PositionView(
        lat=row["lat"],
        lon=row["lon"],
        accuracy_m=row["accuracy_m"],
        fix_at=row["fix_at"],
        received_at=row["received_at"],
        valid=row["fix_valid"] is not False,
    )


def closing_of(body: str | None) -> tuple[views.ClosingGiven, ...]:
    """What an incident was stood down with, in the order in which it is asked."""
    said = {} if body is None else _CLOSING.decode(body)
    asked = [key for key in ORDER if key in said]
    return tuple(views.ClosingGiven(key=key, **said[key]) for key in dict.fromkeys((*asked, *said)))


def place_of(row: asyncpg.Record, *, to_wearer: bool) -> views.PlaceOfIncident:
    """The place of an incident; what stands about the danger there is not for the wearer's screen."""
    said = {**row, "risk": Risk(row["risk"]).name.lower()}
    edges = {edge: said.pop(edge) for edge in ("south", "west", "north", "east")}
    said["plan_bounds"] = None if edges["south"] is None else views.PlanBounds(**edges)
    if to_wearer:
        said |= {"notes": None, "risk": None, "ground": None}
    return views.PlaceOfIncident(**said)


def entry_of(row: asyncpg.Record) -> views.TimelineEntry:
    """One line of the account."""
    return views.TimelineEntry(
        seq=row["seq"],
        at=row["at"],
        kind=row["kind"],
        by=views.ActorView(kind=row["by_kind"], name=row["by_name"]),
        detail={key: str(value) for key, value in _DETAIL.decode(row["detail"]).items()},
        hash=row["hash"],
    )


def signal_of(row: asyncpg.Record) -> views.SignalView:
    """One signal."""
    return views.SignalView(**{**row, "doubts": tuple(row["doubts"])})


def notice_of(row: asyncpg.Record) -> views.NoticeView:
    """One notice."""
    return views.NoticeView(**dict(row))


def system_alarm_of(row: asyncpg.Record) -> views.SystemAlarmView:
    """One system alarm."""
    return views.SystemAlarmView(**dict(row))
