"""What is wrong with a device before anybody needs it: silent, low on battery, or not tried for too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from escalation.supervision import SupervisionClass

LOW_BATTERY_PCT: Final = 20
"""Below it a shift may outlast the device."""
TESTED_WITHIN: Final = timedelta(days=30)
"""A test alarm a month, that reached the desk."""


def is_silent(
    supervision: SupervisionClass, *, heard_at: datetime | None, enrolled_at: datetime, now: datetime
) -> bool:
    """Say whether a supervised device is unheard for longer than its class allows; outside a session, that is.

    enrolled_at: from when on a device that was never heard could have been.
    """
    return now - (heard_at or enrolled_at) > supervision.window


def is_low(battery_pct: int | None) -> bool:
    """Say whether a battery is low, as far as its device told."""
    return battery_pct is not None and battery_pct < LOW_BATTERY_PCT


def is_test_due(tested_at: datetime | None, now: datetime) -> bool:
    """Say whether somebody should press the device. tested_at: of the newest test that reached the desk."""
    return tested_at is None or now - tested_at > TESTED_WITHIN
