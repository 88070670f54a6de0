"""A DC-09 message to signals of the house: one for each event, at least one for each message.

A report that the grammar does not cover is an alarm of unknown code: its frame was sound, so somebody meant it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import Final, assert_never

from protocols.dc09 import codes, extended
from protocols.dc09.meaning import Meaning, Source
from protocols.dc09.messages import ADM_CID, LINK_TESTS, SIA_DCS, CidEvent, CidReport, Message, SiaEvent, SiaReport
from protocols.dc09.payload import parse_cid, parse_sia, words
from protocols.signal import AccountId, Signal

REPEAT_WINDOW: Final = timedelta(seconds=120)
"""How long a sequence number with the same content is the same message. Panels repeat within 1 to 10 s and restart
their numbers at will; a second press of the same button after this long is a new alarm."""

LINK_TEST_WINDOW: Final = timedelta(seconds=10)
"""Link tests all carry 0000 on many panels; the densest supervision sends one every 20 s."""

MAX_EVENTS: Final = 100
"""Events of one frame that become signals of their own; what is behind them is one more alarm of unknown code. A
panel reports one to ten at once, and 4 KB could hold a thousand."""

DIGEST_BYTES: Final = 12
_AUTHENTICATION_BLOCK: Final = "A"
"""Left out of a message's identity: it may cover the time of sending, which is new in a repeat."""


@dataclass(frozen=True, slots=True)
class _Event:
    """One event of a report, whichever grammar it came in."""

    code: str | None
    meaning: Meaning
    area: str | None = None
    zone: str | None = None
    text: str = ""
    from_memory: bool | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()


def account_id(message: Message) -> AccountId | None:
    """The name the transmitter gives itself: the header's account, or the data's where the header has none."""
    name = message.header.account
    if name is None and (report := _report(message)) is not None:
        name = report.account
    return AccountId(name.upper()) if name else None


def digest(message: Message) -> str:
    """What the message says, without when it was sent and how it was sealed: equal for a retransmission."""
    content = sha256(message.name.encode("ascii") + b"\0" + message.data)
    for block in message.blocks:
        if block.letter != _AUTHENTICATION_BLOCK:
            content.update(b"[%s]" % (block.letter.encode("latin-1", "replace") + block.text))
    return content.hexdigest()[: 2 * DIGEST_BYTES]


def identity(message: Message) -> str:
    """The message's identity: the same for a repeat, another for a new press or a restarted panel's new message."""
    header = message.header
    named = (account_id(message) or "", header.receiver or "", header.line or "", f"{header.seq:04d}")
    return ":".join(("dc09", *named, digest(message)))


def signals_of(message: Message, options: Mapping[str, str], doubts: tuple[str, ...] = ()) -> tuple[Signal, ...]:
    """Everything that one message says. options: the enrolled unit's; doubts: what was in doubt before its content.

    A name that is neither report nor link test gives one signal of kind UNKNOWN.
    """
    said = extended.read(message.blocks)
    report = _report(message)
    inner = report.account if report else None
    if inner and message.header.account and inner.upper() != message.header.account.upper():
        doubts += ("another account stands in the data",)
    if message.tail.strip(b"\x00 \x10"):
        doubts += (f"{len(message.tail)} bytes at the end not understood",)
    doubts += said.doubts + tuple(f"option {name} names no kind of signal" for name in codes.wrong_options(options))
    common = _common_evidence(message, inner) + said.evidence
    device, key = account_id(message), identity(message)
    link_test = message.name in LINK_TESTS
    if link_test and message.sent_at is not None:
        key += f":{message.sent_at:%Y%m%dT%H%M%S}"
    events = list(islice(_events(message, report, options), MAX_EVENTS + 1))
    if len(events) > MAX_EVENTS:
        too_many = (f"more than {MAX_EVENTS} events in one frame",)
        events[MAX_EVENTS:] = [_Event(None, codes.sia(None, {}), doubts=too_many)]
    return tuple(
        Signal(
            kind=event.meaning.kind,
            device=device,
            repeat_key=f"{key}:{index}",
            repeat_window=LINK_TEST_WINDOW if link_test else REPEAT_WINDOW,
            event_at=said.event_at,
            sent_at=message.sent_at,
            buffered=event.from_memory,
            position=said.position,
            silent=event.meaning.silent,
            code=event.code,
            text=_text(event, said.texts),
            evidence=event.evidence + common,
            doubts=event.doubts + doubts,
        )
        for index, event in enumerate(events)
    )


def _report(message: Message) -> SiaReport | CidReport | None:
    if message.name == SIA_DCS:
        return parse_sia(message.data)
    return parse_cid(message.data) if message.name == ADM_CID else None


def _events(message: Message, report: SiaReport | CidReport | None, options: Mapping[str, str]) -> Iterator[_Event]:
    match report:
        case SiaReport():
            for event in report.events or (SiaEvent(code=None),):
                yield _sia_event(event, report, options)
        case CidReport():
            for cid_event in report.events:
                yield _cid_event(cid_event, report, options)
            if not report.events:
                unread, meaning = " ".join(report.opaque), codes.sia(None, options)
                yield _Event(None, meaning, text=unread, evidence=_as_evidence(report.opaque), doubts=_NO_CODE)
        case None if message.name in LINK_TESTS:
            yield _Event(None, codes.LINK_TEST)
        case None:
            yield _Event(message.name, codes.NOT_UNDERSTOOD, evidence=_as_evidence((words(message.data),)))
        case _:
            assert_never(report)


def _sia_event(event: SiaEvent, report: SiaReport, options: Mapping[str, str]) -> _Event:
    evidence = tuple((_MODIFIERS.get(name, f"modifier {name}"), value) for name, value in event.modifiers)
    evidence += (("units", event.units),) if event.units else ()
    evidence += (("zone", event.address),) if event.address else ()
    texts = (event.text, *report.texts, *(() if event.code else report.opaque))
    return _Event(
        code=f"SIA:{event.code}" if event.code else None,
        meaning=codes.sia(event.code, options),
        area=dict(event.modifiers).get("ri"),
        zone=event.address or None,
        text=" ".join(text.strip() for text in texts if text.strip()),
        from_memory=None if event.new else True,
        evidence=evidence + _as_evidence(report.opaque),
        doubts=() if event.code else _NO_CODE,
    )


def _cid_event(event: CidEvent, report: CidReport, options: Mapping[str, str]) -> _Event:
    known = event.qualifier in codes.QUALIFIERS
    return _Event(
        code=f"CID:{event.qualifier}{event.code}",
        meaning=codes.cid(event.code, event.qualifier, options),
        area=event.group,
        zone=event.zone,
        text=" ".join(report.opaque),
        evidence=(("area", event.group), ("zone", event.zone), *_as_evidence(report.opaque)),
        doubts=() if known else (f"qualifier {event.qualifier} read as a new event",),
    )


def _as_evidence(opaque: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(("data", text) for text in opaque if text)


_NO_CODE: Final = ("no event code could be read",)

_MODIFIERS: Final = {
    "ri": "area",
    "pi": "peripheral",
    "id": "user",
    "ti": "panel time",
    "da": "panel date",
    "ai": "automation",
    "ph": "telephone",
    "lv": "level",
    "va": "value",
    "pt": "path",
    "rg": "route group",
    "ss": "subscriber",
}
"""Names for the evidence. Panel time has no zone, so it is kept as words and never becomes a time of ours."""


def _text(event: _Event, texts: tuple[str, ...]) -> str:
    """The words for a person: what the code means, where, then the panel's own words."""
    raw_code = event.code.partition(":")[2] if event.code else ""
    unknown = event.meaning.source is Source.OURS and raw_code
    parts = [f"{event.meaning.words} {raw_code}" if unknown else event.meaning.words]
    parts += [f"område {event.area}"] if event.area else []
    parts += [f"zon {event.zone}"] if event.zone else []
    return "; ".join(parts + [text.strip() for text in (event.text, *texts) if text.strip()])


def _common_evidence(message: Message, inner: str | None) -> tuple[tuple[str, str], ...]:
    header = message.header
    pairs = (
        ("sequence", f"{header.seq:04d}"),
        ("receiver", header.receiver),
        ("line", header.line),
        ("data account", inner),
    )
    shown = tuple((name, value) for name, value in pairs if value)
    return (*shown, ("encrypted", "yes")) if message.encrypted else shown
