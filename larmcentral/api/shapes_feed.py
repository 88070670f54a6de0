"""What the live feed tells."""

from __future__ import annotations

from datetime import datetime

from larmcentral.api.shapes import IncidentView, Shape, SystemAlarmView, TimelineEntry


class FeedIncident(Shape):
    """Event 'incident' of GET /api/feed: the whole row, and the entries that are new since the last such event."""

    incident: IncidentView
    entries: list[TimelineEntry]


class FeedTick(Shape):
    """Event 'tick', every 2 s: the feed lives. ready False: the database is gone, what is shown is old."""

    server_time: datetime
    ready: bool


class FeedSystem(Shape):
    """Event 'system': all system alarms that stand."""

    system_alarms: list[SystemAlarmView]
