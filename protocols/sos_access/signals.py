"""Requests of a transmitter to signals: what happened, to whom, where, in words for an operator.

A transmitter's time names no zone, so it is kept as words and never becomes a time of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from protocols.plausible import digest, iso, place_doubt, storable
from protocols.signal import AccountId, Position, Signal, SignalKind
from protocols.sos_access.events import meaning
from protocols.sos_access.messages import AlarmRequest, AlarmType, NewAuthenticationRequest, PingRequest, Request
from protocols.sos_access.places import place_of

REPEAT_WINDOW: Final = timedelta(seconds=60)
"""Three tries at each of two receivers, ten seconds each: that long the same words are the same alarm."""
MAX_EVIDENCE: Final = 24
MAX_VALUE_CHARS: Final = 200
MAX_TEXT_CHARS: Final = 2_200


def account_of(request: Request) -> AccountId:
    """Return the name a transmitter is enrolled by: its code. Its type is held against the account's."""
    return AccountId(request.transmitter_code)


def identity(request: AlarmRequest, turn: int = 0) -> str:
    """Return what is the same for a repeat: all that says what happened, and the reference.

    Where there is none, the sender's own time: some clients stamp every try anew, and give each alarm a reference.
    turn: see Memory.turn().
    """
    return digest(
        "sos_access",
        request.transmitter_code,
        (request.alarm_type or AlarmType.ALARM).value,
        request.event_code,
        *(field or "" for field in (request.transmitter_area, request.section, request.detector)),
        request.reference or "",
        "" if request.reference else request.transmitter_time or "",
        *((f"turn {turn}",) if turn else ()),
    )


def signal_of(request: Request, options: Mapping[str, str], now: datetime, doubts: tuple[str, ...] = ()) -> Signal:
    """Return what a request says, an alarm or a restore by the name of its first turn. options: the enrolled unit's."""
    match request:
        case AlarmRequest():
            return _alarm(request, options, doubts)
        case PingRequest():
            return _sign_of_life(request, SignalKind.LINK_TEST, "pingrequest", now, doubts)
        case NewAuthenticationRequest():
            return _sign_of_life(request, SignalKind.HEARTBEAT, "requestnewauthentication", now, doubts)


def _alarm(request: AlarmRequest, options: Mapping[str, str], doubts: tuple[str, ...]) -> Signal:
    row = meaning(request.event_code, request.alarm_type, options)
    position, said = _position(request.position, options.get("position"))
    return Signal(
        kind=row.kind,
        device=account_of(request),
        repeat_key=identity(request),
        repeat_window=REPEAT_WINDOW,
        position=position,
        silent=row.silent,
        code=request.event_code or None,
        text=_words(request, row.words),
        evidence=_evidence(request),
        doubts=doubts + said,
    )


def _sign_of_life(
    request: PingRequest | NewAuthenticationRequest,
    kind: SignalKind,
    code: str,
    now: datetime,
    doubts: tuple[str, ...],
) -> Signal:
    return Signal(
        kind=kind,
        device=account_of(request),
        repeat_key=digest("sos_access", request.transmitter_code, code, request.reference or "", iso(now)),
        code=code,
        evidence=_kept((("reference", request.reference), *request.unknown)),
        doubts=doubts,
    )


def _position(pos: str | None, form: str | None) -> tuple[Position | None, tuple[str, ...]]:
    if pos is None:
        return None, ()
    place = place_of(pos, form)
    if place is None:
        return None, (f"position {storable(pos, 16)} cannot be told: set the option position",)
    doubt = place_doubt(*place)
    return (None, (doubt,)) if doubt else (Position(lat=place[0], lon=place[1]), ())


def _words(request: AlarmRequest, words: str) -> str:
    """What the code means, where, then the transmitter's own words."""
    parts = [
        words,
        _named("område", request.transmitter_area),
        _named("sektion", request.section, request.section_text),
        _named("detektor", request.detector, request.detector_text),
        *(request.additional_info or "").split("\n"),
    ]
    return storable("; ".join(part.strip() for part in parts if part.strip()), MAX_TEXT_CHARS)


def _named(what: str, code: str | None, text: str | None = None) -> str:
    said = " ".join(part for part in (code, text) if part)
    return f"{what} {said}" if said else ""


def _evidence(request: AlarmRequest) -> tuple[tuple[str, str], ...]:
    return _kept(
        (
            ("type", request.transmitter_type),
            ("receiver", request.receiver),
            ("reference", request.reference),
            ("transmitter time", request.transmitter_time),
            ("area", request.transmitter_area),
            ("section", request.section),
            ("section text", request.section_text),
            ("detector", request.detector),
            ("detector text", request.detector_text),
            ("pos", request.position),
            *request.unknown,
        )
    )


def _kept(pairs: tuple[tuple[str, str | None], ...]) -> tuple[tuple[str, str], ...]:
    said = [(storable(name, 40), storable(value, MAX_VALUE_CHARS)) for name, value in pairs if value]
    return tuple(said[:MAX_EVIDENCE])
