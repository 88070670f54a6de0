"""What the web grants those who call it; the settings of [http.limits]."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLimits:
    """Every figure is a count unless its name says otherwise; all are above zero.

    connections: open at a time. A feed is one of its own, and a browser asks on up to six.
    strangers: connections on which no session has asked yet. Beyond it the oldest of the address with the most of
        them makes room for whoever comes.
    strangers_per_address: the same for one address, unless it is a trusted proxy's: behind that stands everybody.
    strangers_at_once: of their requests, so many are answered at a time, one of each address in turn.
    head_s, body_s: for one request's head and body, whatever trickles in. unread_s: for a client to take what we
        have to say. keep_alive_s: for the next request.
    """

    connections: int = 10_000
    strangers: int = 1_000
    strangers_per_address: int = 200
    strangers_at_once: int = 8
    head_s: float = 10.0
    body_s: float = 60.0
    unread_s: float = 60.0
    keep_alive_s: float = 5.0

    def __post_init__(self) -> None:
        for each in fields(self):
            if getattr(self, each.name) <= 0:
                raise ValueError(f"{each.name} must be above zero")
