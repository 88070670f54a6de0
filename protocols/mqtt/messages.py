"""What is said over MQTT: a publication as the broker hands it on, and a LoRaWAN uplink inside one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from protocols.signal import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One message of a topic. retained: the broker kept it and hands it out because we subscribed: it is old."""

    topic: str
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplink:
    """What a LoRaWAN device sent, as its network tells it.

    dev_eui: 16 upper-case hex digits; None where the network names none, as for some that never join. event: the
    network's word for what happened ("up", "join", "status" ...). at: when a gateway heard it, by the network's clock.
    frame: None where there was none. fields: what the network's own decoder made of it, flat, in its order
    ("alarm.sos", "true"). position: where the network found the device. trouble: what the network complains of.
    """

    dev_eui: str | None
    event: str
    at: datetime | None = None
    port: int | None = None
    counter: int | None = None
    frame: bytes | None = None
    fields: tuple[tuple[str, str], ...] = ()
    position: Position | None = None
    battery_pct: int | None = None
    trouble: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
