"""The signals of one gt06 record: its own time and place, one signal for each thing that happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protocols.concox import place
from protocols.gt06.messages import Frame, Report, Status
from protocols.gt06.verdict import CHARGING, Verdict
from protocols.plausible import digest, iso, percent, plausible_time
from protocols.signal import ALARMS, AccountId, Signal, SignalKind

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""A record without a believable time: a device repeats within seconds, and a second press must not be taken for it."""

LOCAL_AHEAD: Final = timedelta(minutes=10)
"""No clock runs so far ahead by itself: its zone is not the one we think."""

MAX_EVIDENCE: Final = 64
"""Seven cells and 32 access points are the most that a frame of this family needs."""

Told = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose frame it is. device: None before the log-in. zone: what its clock is ahead of UTC, None if not said."""

    device: AccountId | None = None
    model: str | None = None
    zone: timedelta | None = None


def signals_of_report(
    frame: Frame,
    raw: bytes,
    report: Report,
    speaker: Speaker,
    now: datetime,
    verdict: Verdict,
    *,
    otherwise: SignalKind = SignalKind.POSITION,
    code: str | None = None,
    told: Told = (),
) -> tuple[Signal, ...]:
    """Return one signal a kind of the verdict, gravest first; otherwise where it has none.

    code: the raw code of what happened, None for a mere position. told: more evidence.
    """
    at, doubts = _time(report, speaker.zone, now)
    where, doubt = place(report.fix, at, report.altitude_m)
    if doubt:
        doubts = (*doubts, doubt)
    if frame.doubts or report.doubts or verdict.doubts:
        doubts = (*frame.doubts, *report.doubts, *verdict.doubts, *doubts)
    kinds = verdict.ordered(otherwise)
    alarm = kinds[0] in ALARMS
    # Not the serial, which grows when a record is sent again, nor the re-upload octet, which changes then.
    # Without a fix a clone's clock stands still, and the next press looks the same: its name holds for a minute only.
    is_lasting = at is not None and not (alarm and report.fix is not None and not report.fix.positioned)
    own = report.identity if at is not None else raw
    apart = "" if at is not None or (alarm and speaker.device is not None) else iso(now)
    name = digest("gt06", speaker.device or "", own, code or "", apart)
    status = report.status
    evidence = _evidence(frame, report, verdict, told)
    signals = [
        Signal(
            kind=kind,
            device=speaker.device,
            repeat_key=f"{name}:{kind.value}",
            repeat_window=None if is_lasting else REPEAT_WINDOW,
            event_at=at,
            buffered=bool(report.reupload) if report.reupload in (0, 1) else None,
            position=where,
            battery_pct=battery_pct(status.battery) if status else None,
            charging=bool(status.info & CHARGING) if status else None,
            code=code,
            evidence=evidence,
            doubts=doubts,
        )
        for kind in kinds
    ]
    return tuple(signals)


def battery_pct(raw: int | None) -> int | None:
    """Return percent of a level in sixths (0 to 6) or in percent (7 to 100); None above."""
    if raw is None:
        return None
    return round(raw * 100 / 6) if raw <= 6 else percent(raw)


def volts_told(volts: float | None) -> Told:
    """Return a voltage as evidence."""
    return () if volts is None else (("volts", f"{volts:g}"),)


def code_of(frame: Frame, status: Status) -> str:
    """Return both raw codes of a status, with the type."""
    return f"{frame.name},{status.info:02X}" + ("" if status.alarm is None else f",{status.alarm:02X}")


def _time(report: Report, zone: timedelta | None, now: datetime) -> tuple[datetime | None, tuple[str, ...]]:
    if report.at is None:
        return None, ("time unreadable",) if report.dated else ()
    claim = report.at if report.utc or zone is None else report.at - zone
    at, doubt = plausible_time(claim, now)
    if doubt:
        return None, (doubt,)
    if zone is None and not report.utc and claim - now > LOCAL_AHEAD:
        return at, ("time may be local",)
    return at, ()


def _evidence(frame: Frame, report: Report, verdict: Verdict, told: Told) -> Told:
    evidence = [("type", frame.name)]
    for words in verdict.words:
        evidence.append(("event", words))
    if report.fix is not None and report.fix.satellites is not None:
        evidence.append(("satellites", str(report.fix.satellites)))
    if (status := report.status) is not None:
        if status.network is not None:
            evidence.append(("network", str(status.network)))
        evidence += volts_told(status.volts)
    for name, value in (("reason", report.reason), ("odometer_m", report.odometer_m), ("fence", report.fence)):
        if value is not None:
            evidence.append((name, str(value)))
    evidence += report.extra
    evidence += told
    for cell in report.cells:
        evidence.append(cell.told())
    for point in report.access_points:
        evidence.append(point.told())
    return tuple(evidence[:MAX_EVIDENCE])
