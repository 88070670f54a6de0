"""Publications of nobody we know: kept under their topic's name, and an alarm where their words call for help."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from protocols.mqtt.buttons import read_fields
from protocols.mqtt.messages import Publication
from protocols.mqtt.uplinks import flat
from protocols.phone import MAX_DEVICE_CHARS, json_text
from protocols.plausible import digest, iso, storable
from protocols.signal import ALARMS, AccountId, Signal, SignalKind

UNDATED_WINDOW: Final = timedelta(seconds=60)
MAX_TOPIC_CHARS: Final = 256
MAX_TEXT_CHARS: Final = 200
MAX_EVIDENCE: Final = 64

# Gravest first, where one frame says several things.
_GRAVITY: Final = tuple(kind for kind in SignalKind if kind in ALARMS)


def rank(kind: SignalKind) -> int:
    """Return a kind's place in a row of which the gravest is the first."""
    return _GRAVITY.index(kind) if kind in _GRAVITY else len(_GRAVITY)


def text_of(publication: Publication) -> str:
    """Return a payload that is no JSON as text, its beginning if it is long."""
    return publication.payload[:MAX_TEXT_CHARS].decode("utf-8", "replace").strip()


def worded(publication: Publication, why: str, now: datetime, value: object) -> Signal:
    """Return what a value's words say: an alarm if any of them calls for help, at whatever depth, or else unknown.

    A value that stands by itself may say what happened ("SOS"), or that what its topic names is so (town/hall/sos: 1).
    """
    if isinstance(value, dict | list):
        fields = flat(value)
        return replace(unknown(publication, why, now, read_fields(fields).kinds), evidence=fields[:MAX_EVIDENCE])
    text = storable(json_text(value, MAX_TEXT_CHARS), MAX_TEXT_CHARS)
    about = storable(publication.topic.rsplit("/", 1)[-1], MAX_TOPIC_CHARS)
    kinds = read_fields((("event", text), (about, text))).kinds
    return replace(unknown(publication, why, now, kinds), text=text or None)


def unknown(publication: Publication, why: str, now: datetime, kinds: tuple[SignalKind, ...] = ()) -> Signal:
    """Return what cannot be read. kinds: what its words speak of; only an alarm among them counts."""
    topic = storable(publication.topic, MAX_TOPIC_CHARS)
    kind = min((kind for kind in kinds if kind in ALARMS), key=rank, default=SignalKind.UNKNOWN)
    alarm = kind in ALARMS
    return Signal(
        kind=kind,
        device=AccountId(topic[:MAX_DEVICE_CHARS]) if topic else None,
        repeat_key=digest("mqtt", topic, publication.payload, kind.value, "" if alarm else iso(now)),
        repeat_window=UNDATED_WINDOW if alarm else None,
        code="publication",
        doubts=(why,),
    )
