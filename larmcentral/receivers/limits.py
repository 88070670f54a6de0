"""What one receiver grants its devices and strangers; the settings of [receivers.<name>.limits]."""

from __future__ import annotations

from dataclasses import dataclass, fields

from protocols.http import MAX_BODY_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every figure is a count unless its name says otherwise; all are above zero.

    connections: open at a time. A device costs some 10 kB and one file descriptor.
    connections_per_address: a mobile operator hides thousands of devices behind one address.
    strangers: connections on which no enrolled device has spoken yet. Beyond it the oldest of the address with the
        most of them makes room for whoever comes: time to say a name, and no more.
    strangers_per_address: the same for one address. All its devices may come back at once after an outage, and each
        is a stranger until its first frame is read.
    under_way: arrivals of one connection whose commit is waited for; then its reading pauses.
    datagrams_under_way: the same for a whole UDP receiver; telemetry beyond it is dropped, alarms are not
        until twice as many.
    address_datagrams_per_s: taken from one address from which an enrolled device has spoken; UDP only, like the next
        two. What comes beyond is not looked at.
    stranger_datagrams_per_s: from all other addresses together; they can be made up.
    stranger_address_datagrams_per_s: from each of these.
    stranger_requests: over HTTP, on one connection, until an enrolled device has asked on it.
    devices_per_connection: names that one connection may speak for (a gateway); the oldest is forgotten.
    unknown_alarms_per_minute, unknown_alarms_burst: alarms of unknown devices that are taken in.
    unproven_alarms_per_minute: alarms under a known name whose sender could not prove it.
    stranger_alarms_per_address: of either, a minute and at once, from one address, so that one liar cannot use up
        what all others are granted.
    body_bytes, header_s, body_s, keep_alive_s: one HTTP request's size and times, and the wait for the next.
    """

    connections: int = 25_000
    connections_per_address: int = 10_000
    strangers: int = 5_000
    strangers_per_address: int = 2_000
    under_way: int = 32
    datagrams_under_way: int = 2_000
    address_datagrams_per_s: int = 500
    stranger_datagrams_per_s: int = 500
    stranger_address_datagrams_per_s: int = 50
    stranger_requests: int = 4
    devices_per_connection: int = 64
    unknown_alarms_per_minute: int = 60
    unknown_alarms_burst: int = 60
    unproven_alarms_per_minute: int = 60
    stranger_alarms_per_address: int = 20
    body_bytes: int = MAX_BODY_BYTES
    header_s: float = 10.0
    body_s: float = 30.0
    keep_alive_s: float = 75.0

    def __post_init__(self) -> None:
        for each in fields(self):
            if getattr(self, each.name) <= 0:
                raise ValueError(f"{each.name} must be above zero")
