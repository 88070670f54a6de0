"""Figures about the server for whoever watches it: how fast, how long the queues, what went wrong how often.

One object a process, on a registry of its own. No label ever carries a person, a device or an address, and the
number of values of each is bounded.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from larmcentral.domain.outbox import Condition
from larmcentral.domain.way_health import WayState

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
MAX_LABEL_VALUES: Final = 64
"""Receivers, channels, kinds of error: there are some dozens. What comes beyond is counted as "other"."""

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_HUMAN: Final = (5.0, 10.0, 20.0, 30.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0, 1800.0, 3600.0)


class _Bounded:
    """Passes the first MAX_LABEL_VALUES different values of a label, and says "other" for the rest."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        if value not in self._known:
            if len(self._known) >= MAX_LABEL_VALUES:
                return "other"
            self._known.add(value)
        return value


class Metrics:
    """Every figure, as a sentence about what happened."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        self._label: Final = _Bounded()
        self._provider: Final = _Bounded()
        here = self.registry

        def gauge(name: str, words: str, *labels: str) -> Gauge:
            return Gauge(f"larm_{name}", words, labels, registry=here)

        def counter(name: str, words: str, *labels: str) -> Counter:
            return Counter(f"larm_{name}", words, labels, registry=here)

        def seconds(name: str, words: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"larm_{name}_seconds", words, labels, buckets=buckets, registry=here)

        self._commit = seconds("receipt_to_commit", "Frame received to signals on disk", _FAST, "lane")
        self._first_notice = seconds("receipt_to_first_notice", "Alarm received to its first notice sent", _FAST)
        self._handed_over = seconds(
            "filed_to_handed_over", "Notice filed to accepted by its provider", _FAST, "channel"
        )
        self._deadline_late = seconds("deadline_late", "Deadline due to acted on", _FAST)
        self._open_incidents = gauge("open_incidents", "Incidents not stood down")
        self._acknowledged = seconds("opened_to_acknowledged", "Incident opened to a person in charge", _HUMAN)
        self._lane = gauge("lane_length", "Arrivals waiting for a commit", "lane")
        self._overdue = gauge("overdue_deadlines", "Deadlines past their time")
        self._outbox = gauge("outbox_waiting", "Notices written and not yet handed over")
        self._connections = gauge("open_connections", "Open device connections", "receiver")
        self._devices = gauge("connected_devices", "Connections whose device has said its name", "receiver")
        self._synthetic_s = gauge("synthetic_panic_seconds", "Last synthetic panic, press to notice")
        self._synthetic_age_s = gauge("synthetic_panic_age_seconds", "Since the last one that came through")
        self._ready = gauge("database_ready", "1 if the database takes writes")
        self._deliveries = counter("deliveries", "Tries to hand over a notice", "channel", "result")
        self._way_state = gauge("way_state", "1 for how a way out does, seen from here", "provider", "state")
        self._way_took = seconds("delivery", "A try to hand over, to whatever came of it", _FAST, "provider")
        self._frames = counter("frames", "Frames taken in, after their commit", "receiver", "lane")
        self._not_stored = counter("not_stored", "Frames not stored, and so not acked", "receiver", "reason")
        self._faults = counter("faults", "Broken protocol", "receiver", "reason")
        self._unknown = counter("unknown_devices", "Frames of devices not enrolled or proven", "receiver", "what")
        self._foreign = counter(
            "receiver_wrong_family", "Connections and datagrams in another family's language", "receiver", "family"
        )
        self._repeats = counter("repeats", "Frames that had been taken in before", "protocol")
        self._security = counter("security_events", "Senders who could not prove their name", "receiver")
        self._refused = counter("connections_refused", "Connections not taken", "receiver", "reason")
        self._broker = gauge("broker_connected", "1 if we are subscribed at the receiver's broker", "receiver")
        self._brokers_lost = counter("broker_lost", "Connections to a broker that ended or failed", "receiver")
        self._replaced = counter("connections_replaced", "Closed for a newer one of the device", "receiver")
        self._synthetic_age_s.set(float("nan"))

    def taken_in(self, receiver: str, lane: str, seconds: float) -> None:
        """A frame's signals are on disk. lane: "alarm" or "telemetry". seconds: since its last byte came."""
        self._commit.labels(lane).observe(seconds)
        self._frames.labels(self._label(receiver), lane).inc()

    def first_notice(self, seconds: float) -> None:
        """The first notice of an alarm was handed to its channel, so long after the alarm's last byte came."""
        self._first_notice.observe(seconds)

    def handed_over(self, channel: str, seconds: float) -> None:
        """A notice was accepted by its provider, so long after it was filed."""
        self._handed_over.labels(self._label(channel)).observe(seconds)

    def deadline_fired(self, late_s: float) -> None:
        """A deadline was acted on, so late."""
        self._deadline_late.observe(late_s)

    def condition(self, condition: Condition) -> None:
        """The auditor looked."""
        self.overdue_deadlines(condition.overdue)
        self.outbox_waiting(condition.waiting)
        self._open_incidents.set(condition.open_incidents)

    def acknowledged(self, seconds: float) -> None:
        """A person has taken charge, so long after the incident opened."""
        self._acknowledged.observe(seconds)

    def lane_length(self, lane: str, length: int) -> None:
        """So many arrivals wait in the lane."""
        self._lane.labels(self._label(lane)).set(length)

    def overdue_deadlines(self, number: int) -> None:
        """So many deadlines are past their time."""
        self._overdue.set(number)

    def outbox_waiting(self, number: int) -> None:
        """So many notices wait to be handed over."""
        self._outbox.set(number)

    def connection_opened(self, receiver: str) -> None:
        """A device's connection was taken."""
        self._connections.labels(self._label(receiver)).inc()

    def connection_closed(self, receiver: str) -> None:
        """It is gone."""
        self._connections.labels(self._label(receiver)).dec()

    def connection_refused(self, receiver: str, reason: str) -> None:
        """A connection was not taken."""
        self._refused.labels(self._label(receiver), self._label(reason)).inc()

    def connection_replaced(self, receiver: str) -> None:
        """A connection was closed because its device speaks on a newer one."""
        self._replaced.labels(self._label(receiver)).inc()

    def device_named(self, receiver: str) -> None:
        """A device said its name on a connection that had none."""
        self._devices.labels(self._label(receiver)).inc()

    def device_gone(self, receiver: str) -> None:
        """Such a connection is gone."""
        self._devices.labels(self._label(receiver)).dec()

    def synthetic_panic(self, seconds: float) -> None:
        """The last synthetic panic took so long from press to notice."""
        self._synthetic_s.set(seconds)

    def synthetic_panic_age(self, seconds: float) -> None:
        """The last synthetic panic that came through is so old."""
        self._synthetic_age_s.set(seconds)

    def database_ready(self, ready: bool) -> None:
        """Whether the database takes writes just now."""
        self._ready.set(ready)

    def delivery(self, channel: str, result: str) -> None:
        """A try to hand over a notice ended."""
        self._deliveries.labels(self._label(channel), self._label(result)).inc()

    def way_state(self, provider: str, state: WayState) -> None:
        """A way out is doing so just now."""
        for each in WayState:
            self._way_state.labels(self._provider(provider), each.value).set(each is state)

    def way_took(self, provider: str, seconds: float) -> None:
        """A try by a way out ended after so long."""
        self._way_took.labels(self._provider(provider)).observe(seconds)

    def not_stored(self, receiver: str, reason: str) -> None:
        """A frame was not stored, and so not acked. reason: the error's class."""
        self._not_stored.labels(self._label(receiver), self._label(reason)).inc()

    def fault(self, receiver: str, reason: str) -> None:
        """The other end broke its protocol. reason: the error's class."""
        self._faults.labels(self._label(receiver), self._label(reason)).inc()

    def wrong_family(self, receiver: str, family: str) -> None:
        """Somebody speaks another family's language to a receiver. family: one name, or those that it may be."""
        self._foreign.labels(self._label(receiver), self._label(family)).inc()

    def unknown_device(self, receiver: str, what: str) -> None:
        """A frame of a device that is not enrolled or not proven. what: alarm, alarm_refused or telemetry."""
        self._unknown.labels(self._label(receiver), self._label(what)).inc()

    def repeat(self, protocol: str) -> None:
        """A frame had been taken in before."""
        self._repeats.labels(self._label(protocol)).inc()

    def security_event(self, receiver: str) -> None:
        """A sender could not prove its name."""
        self._security.labels(self._label(receiver)).inc()

    def broker(self, receiver: str, *, connected: bool) -> None:
        """Whether we are subscribed at a receiver's broker just now."""
        self._broker.labels(self._label(receiver)).set(connected)

    def broker_lost(self, receiver: str) -> None:
        """A connection to a broker ended, or could not be made."""
        self._brokers_lost.labels(self._label(receiver)).inc()

    def render(self) -> bytes:
        """Write all figures in Prometheus' text form (CONTENT_TYPE)."""
        return generate_latest(self.registry)
