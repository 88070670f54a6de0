"""The drills: which attack on which listener, from where, and how many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from load.spite.caller import Order

WEB: Final = "web"
MANY: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One attack. target: the listener, or web. order: its port is filled in when the house stands."""

    name: str
    target: str
    attack: str
    order: Order = field(default_factory=lambda: Order(port=0))


def _drill(target: str, attack: str, *, hosts: int = 1, count: int = 100, same_host: bool = False) -> Drill:
    more = "-same-address" if same_host else "-many-addresses" if hosts > MANY else ""
    name = f"{target}-{attack}".replace("_", "-") + more
    return Drill(
        name=name, target=target, attack=attack, order=Order(port=0, hosts=hosts, count=count, same_host=same_host)
    )


DRILLS: Final[Sequence[Drill]] = (
    _drill("watch", "connects"),
    _drill("watch", "connects", same_host=True),
    _drill("watch", "silence", count=3000),
    _drill("watch", "silence", hosts=200, count=3000),
    _drill("watch", "slow_watch", hosts=50, count=1000),
    _drill("watch", "endless"),
    _drill("watch", "garbage"),
    _drill("watch", "crumbs"),
    _drill("watch", "strange_frames"),
    _drill("watch", "known_frames", count=4),
    _drill("watch", "known_alarms", count=4),
    _drill("watch", "deaf"),
    _drill("watch_tls", "half_hello", hosts=50, count=1000),
    _drill("watch_tls", "hello_only"),
    _drill("watch_tls", "garbage"),
    _drill("http", "connects"),
    _drill("http", "slow_head", hosts=50, count=1000),
    _drill("http", "no_body", hosts=50, count=1000),
    _drill("http", "huge_body"),
    _drill("http", "huge_chunks"),
    _drill("http", "requests"),
    _drill("http", "deaf_http"),
    _drill("http", "garbage"),
    _drill("http_tls", "hello_only"),
    _drill("panels_udp", "datagrams"),
    _drill("panels_udp", "empty_datagrams"),
    _drill("sip_udp", "datagrams"),
    _drill("sip_udp", "sip_datagrams", hosts=100),
    _drill("sip_tcp", "silence", hosts=50, count=3000),
    _drill("sip_tcp", "huge_sip"),
    _drill("sip_tcp", "garbage"),
    _drill(WEB, "connects"),
    _drill(WEB, "silence", hosts=100, count=3000),
    _drill(WEB, "slow_head", hosts=50, count=1000),
    _drill(WEB, "slow_body", hosts=50, count=1000),
    _drill(WEB, "huge_body"),
    _drill(WEB, "huge_chunks"),
    _drill(WEB, "requests"),
    _drill(WEB, "deaf_http"),
    _drill(WEB, "garbage"),
    _drill(WEB, "log_ins", hosts=3, count=60),
    _drill(WEB, "deaf_feeds", count=40),
)
