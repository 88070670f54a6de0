"""A SCAIP request to signals of the house.

The message carries no time of its own, so event_at is never said; a position's time stays with the position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.plausible import digest, iso, storable
from protocols.scaip import codes
from protocols.scaip.codec import TAKEN_SIGNS, Unreadable
from protocols.scaip.codes import Meaning
from protocols.scaip.messages import MessageType, Mrq
from protocols.scaip.place import place
from protocols.signal import AccountId, Signal, SignalKind

REPEAT_WINDOW: Final = timedelta(seconds=120)
"""How long a reference with the same content is one event: a unit that got no answer repeats every 5 to 20 s. One
that counts its references anew at each start would otherwise have its next press taken for the last one's repeat."""

MAX_EVIDENCE: Final = 40

_ATTACK: Final = re.compile(rb"<(?:[A-Za-z0-9]{1,16}:)?dty>\s{0,8}0{0,6}[67]\s{0,8}<", re.IGNORECASE)
"""The device type of an attack button in a document that is otherwise torn."""

_EVIDENCE: Final = (
    ("reference", "ref"), ("type", "mty"), ("version", "ver"), ("grouped", "sco"), ("callback wanted", "cha"),
    ("device", "did"), ("component", "dco"), ("priority", "pri"), ("location code", "lco"), ("location value", "lva"),
    ("geo", "geo"), ("geo time", "tim"), ("gga", "gga"), ("code", "ico"), ("more parts", "ame"),
)  # fmt: skip


def signals_of(
    mrq: Mrq,
    device: AccountId | None,
    options: Mapping[str, str],
    now: datetime,
    *,
    known: bool,
    key: str,
    window: timedelta | None,
) -> tuple[Signal, ...]:
    """Everything that one request says, gravest first. known: this reference's event has been taken in before.
    key, window: what makes repeats of the event one.

    A unit that gives up, or adds to an event that we never heard of, has told us of it now for the first time.
    """
    meaning = codes.meaning(mrq.dty, mrq.stc, options)
    event = _signal(mrq, device, meaning, now, options)
    event = replace(event, repeat_key=key, repeat_window=window)
    match mrq.kind:
        case MessageType.PING:
            return (_own(event, SignalKind.HEARTBEAT, "PI", "Livstecken", now),)
        case MessageType.RESET | MessageType.MORE as kind:
            more = _follow_up(kind, event, now)
            if known:
                return (more,)
            doubt = (
                "heard of only when the unit gave up" if kind is MessageType.RESET else "its beginning was not heard"
            )
            return (replace(event, doubts=(*event.doubts, doubt)), more)
        case MessageType.ALARM:
            return (event,)
        case None:
            return (replace(event, doubts=(*event.doubts, "a message type of no table")),)
        case other:
            assert_never(other)


def unreadable(
    device: AccountId | None, ref: str | None, body: bytes, why: str, *, broken: bool, key: str
) -> tuple[Signal, ...]:
    """What a unit meant by a document that cannot be read. broken: it is torn, so it may have been a call for help, and
    a silent one; otherwise it is whole and something else. key: as in signals_of()."""
    return (
        Signal(
            kind=codes.UNREADABLE.kind if broken else SignalKind.UNKNOWN,
            device=device,
            repeat_key=key,
            repeat_window=REPEAT_WINDOW,
            silent=True if broken and _ATTACK.search(body) else None,
            text=codes.UNREADABLE.words,
            evidence=(("reference", ref),) if ref else (),
            doubts=(storable(why, TAKEN_SIGNS),),
        ),
    )


def registered(device: AccountId, now: datetime) -> Signal:
    """A unit has registered: it is alive."""
    return Signal(
        kind=SignalKind.HEARTBEAT, device=device, repeat_key=digest("scaip", device, "login", iso(now)), code="login"
    )


def _follow_up(kind: MessageType, event: Signal, now: datetime) -> Signal:
    if kind is MessageType.RESET:
        # A fault calls whoever mends the unit, which may be its wearer: not while he is under attack.
        what = SignalKind.UNKNOWN if event.silent else SignalKind.DEVICE_FAULT
        return _own(event, what, "RE", "Enheten slutade vänta på svar", now)
    what = SignalKind.HEARTBEAT if event.position is None else SignalKind.POSITION
    return _own(event, what, "IN", event.text or "", now)


def _own(event: Signal, kind: SignalKind, mty: str, words: str, now: datetime) -> Signal:
    """What stands beside the event under its reference; each is of its own."""
    key = digest(event.repeat_key, mty, event.text or "", repr(event.position))
    return replace(
        event,
        kind=kind,
        code=mty if kind is SignalKind.HEARTBEAT and mty == "PI" else f"{mty} {event.code}",
        repeat_key=digest(key, iso(now)) if mty == "PI" else key,
        repeat_window=None if mty == "PI" else REPEAT_WINDOW,
        silent=None,
        text=words or None,
    )


def words_of(mrq: Mrq | Unreadable, device: AccountId | None, body: bytes) -> str:
    """Return what names the words of a request: equal for each repeat of it."""
    if isinstance(mrq, Unreadable):
        return digest("scaip", device or "", body)
    return digest("scaip", device or "", mrq.ref or "", codes.code(mrq.dty, mrq.stc), mrq.did or "", mrq.dco or "")


def _signal(mrq: Mrq, device: AccountId | None, meaning: Meaning, now: datetime, options: Mapping[str, str]) -> Signal:
    where = place(mrq, now)
    doubts = [*mrq.doubts, *where.doubts]
    doubts += [f"{tag} is missing" for tag in ("ref", "cid", "dty") if getattr(mrq, tag) is None]
    doubts += [f"option {name} names no kind of signal" for name in codes.wrong_options(options)]
    evidence = tuple(_evidence(mrq, where.satellites))[:MAX_EVIDENCE]
    return Signal(
        kind=meaning.kind,
        device=device,
        repeat_key="",
        position=where.position,
        silent=meaning.silent,
        code=codes.code(mrq.dty, mrq.stc),
        text=_text(mrq, meaning),
        evidence=evidence,
        doubts=tuple(storable(doubt, TAKEN_SIGNS) for doubt in doubts),
    )


def _evidence(mrq: Mrq, satellites: str | None) -> Iterator[tuple[str, str]]:
    for name, tag in _EVIDENCE:
        value = getattr(mrq, tag)
        if value is not None:
            yield name, storable(value, TAKEN_SIGNS)
    if satellites is not None:
        yield "satellites", satellites
    for address in mrq.crd:
        yield "speech", storable(address, TAKEN_SIGNS)
    for path, text in mrq.unknown:
        yield f"element {storable(path, 64)}", storable(text, TAKEN_SIGNS)


def _text(mrq: Mrq, meaning: Meaning) -> str:
    """The words for a person: what it means, what sent it, where, then the unit's own words."""
    said = (meaning.words, mrq.dte, codes.location(mrq.lco), mrq.lte, mrq.stt, mrq.ite)
    return "; ".join(storable(words, TAKEN_SIGNS) for words in said if words)
