"""What the API counts."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})
"""HTTP lets a client make up others; he shall not make up our series."""
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class ApiMetrics:
    """Requests by route, and the feed's readers. No label ever names a person."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "larm_http_requests", "Answered requests", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "larm_http_request_seconds", "Time to the end of the answer", ["route"], buckets=_SECONDS, registry=registry
        )
        self.readers = Gauge("larm_feed_readers", "Open feeds", registry=registry)
        self.rounds = Counter("larm_feed_rounds", "Readings of the timeline", ["result"], registry=registry)
        self.resyncs = Counter("larm_feed_resyncs", "Readers told to fetch anew", ["why"], registry=registry)
        self.connections = Gauge("larm_web_connections", "Open connections to the web", registry=registry)
        self.connections_cut = Counter(
            "larm_web_connections_cut", "Connections to the web refused or ended by us", ["reason"], registry=registry
        )
        self.log_ins = Counter("larm_log_ins", "Tried log-ins", ["result"], registry=registry)

    def request(self, route: str, method: str, status: int | None, seconds: float) -> None:
        """Count one. The feed's streams are counted, but last as long as their readers stay: they are not timed."""
        self._requests.labels(route, method if method in _METHODS else "other", str(status or "none")).inc()
        if route != "/api/feed":
            self._seconds.labels(route).observe(seconds)
