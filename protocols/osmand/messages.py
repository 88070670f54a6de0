"""The one message of osmand, in our units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from protocols.signal import AccountId


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One message of a phone, in our units. at: UTC, as claimed. alarms: words as written. evidence: all the rest."""

    device: AccountId | None
    at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None
    valid: bool = True
    mock: bool = False
    battery_pct: int | None = None
    charging: bool | None = None
    alarms: tuple[str, ...] = ()
    event: str | None = None
    uuid: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
